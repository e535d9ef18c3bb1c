"""The list of open money: order, evidence, another try, and the count beside other screens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.refunds import RefundState
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.fakes.actors import SESSION
from tests.ui.cancel.shop_records import (
    ITEMS,
    MISMATCH,
    NEEDS_REVIEW,
    NOW,
    PAYMENT,
    FakeOpenMoney,
    open_refunds,
    refund,
)

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def texts(qapp) -> Translator:
    return Translator("ko", now=lambda: NOW)


@pytest.fixture
def service() -> FakeOpenMoney:
    return FakeOpenMoney(open=open_refunds(), strange=(MISMATCH,))


@pytest.fixture
def screen(qtbot: QtBot, texts, theme, instant, service) -> UnresolvedScreen:
    made = UnresolvedScreen(texts, theme, instant, service, SESSION)
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    return made


def choose(screen: UnresolvedScreen, row: int) -> None:
    screen.view.view.setCurrentIndex(screen.model.index(row))


def test_reviews_are_listed_first_then_the_oldest(screen):
    said = [screen.model.index(row).data() for row in range(screen.model.rowCount())]
    assert said == [
        "확인 필요, 18,000원, 주문 1024 · 에티오피아 예가체프 200g, 오늘 14:10",
        "번호가 다른 결제, 33,000원, 결제 imp_999999999999, 오늘 11:30",
        "확인 중, 51,000원, 주문 1024 · 결제 전액, 오늘 14:10",
        "환불 대기, 24,000원, 주문 1024 · 핸드드립 서버 600ml, 오늘 14:10",
    ]
    assert screen.view.subtitle.text() == "4건 · 확인 필요 2건"


def test_all_evidence_is_on_screen(screen):
    rows = dict(screen.view.detail.facts.rows)
    assert rows == {
        "주문번호": "1024",
        "상품": "에티오피아 예가체프 200g (2048)",
        "취소 이유": "단순 변심",
        "PortOne의 응답": "취소 처리 중 알 수 없는 오류가 발생했습니다. [PG:9999]",
        "PortOne 코드": "-1",
        "요청한 사람": "구매자 12",
        "승인한 사람": "구매자 12",
        "요청 시각": "2026년 11월 23일 (월) 14:10:00",
        "전송 횟수": "12회",
        "마지막 전송 시각": "2026년 11월 23일 (월) 14:11:00",
        "응답이 불분명했던 시각": "2026년 11월 23일 (월) 14:13:00",
        "전송할 때 확인한 잔액": "51,000원",
        "환불번호": "[RF-9K2M0009]",
        "결제번호": "imp_448280090638",
        "주문 결제 번호": "pos-7f3a9c4e8b1d2056-1024",
        "결제": "51,000원 · 2026년 11월 23일 (월) 13:50:00",
    }
    assert "PortOne 관리자 화면" in screen.view.detail.advice.text()


def test_a_mismatch_shows_its_evidence_and_cannot_be_tried_again(screen):
    choose(screen, 1)
    assert dict(screen.view.detail.facts.rows)["근거"] == MISMATCH.evidence
    assert screen.view.detail.again.isHidden() and screen.view.detail.order.isHidden()


def test_the_evidence_can_be_copied_whole(screen):
    said = []
    screen.notified.connect(said.append)
    screen.view.detail.copy.click()
    text = QGuiApplication.clipboard().text()
    for part in ("확인 필요", "18,000원", "[RF-9K2M0009]", "imp_448280090638", "[PG:9999]", "12회"):
        assert part in text
    assert said == ["근거를 복사했습니다."]


def question_of(qtbot, screen) -> ConfirmDialog:
    """The open question, once its action button is enabled."""
    (question,) = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    qtbot.waitUntil(question.can_agree)
    return question


def test_repeated_presses_make_one_retry(qtbot, texts, theme, held, service):
    screen = UnresolvedScreen(texts, theme, held, service, SESSION)
    qtbot.addWidget(screen)
    screen.refresh()
    held.held.pop()()
    for _ in range(3):
        screen.view.detail.again.click()
        screen.try_again()
    question_of(qtbot, screen).yes.click()
    assert len(held.held) == 1 and not screen.view.detail.again.isEnabled()
    screen.try_again()
    said = []
    screen.notified.connect(said.append)
    held.held.pop()()
    assert service.tried == [9]
    assert said == ["PortOne에서 조회하고 있습니다. 결과가 나오면 알려 드립니다."]


def test_money_is_sent_only_after_the_amount_was_seen(qtbot, screen, service):
    """F8 다시 확인 sent 15,600 won without a question."""
    followed = []
    screen.sent.connect(followed.append)
    assert screen.view.detail.again.text() == "조회 후 환불 보내기"
    screen.view.detail.again.click()
    assert service.tried == [] and followed == []
    question = question_of(qtbot, screen)
    assert "18,000원" in question.windowTitle() and "18,000원" in question.yes.text()
    assert question.focusWidget() is question.no
    question.no.click()
    assert service.tried == [] and followed == []
    screen.view.detail.again.click()
    question_of(qtbot, screen).yes.click()
    assert service.tried == [9] and followed == [(9,)]


def test_a_try_that_is_refused_is_reported(qtbot, screen, service):
    service.refusal = EnvironmentProblem(EnvironmentCode.DISK_FULL)
    screen.view.detail.again.click()
    question = question_of(qtbot, screen)
    question.yes.click()
    assert question.isVisible() and "저장 공간" in question.notice.text()
    service.refusal = UserError(ErrorCode.REFUND_UNKNOWN)
    question.yes.click()
    assert question.notice.text().startswith("환불 내역을 찾지 못했습니다.")
    question.no.click()
    assert screen.view.detail.again.isEnabled()


def test_the_chosen_entry_stays_chosen_while_the_list_changes(qtbot, screen, service):
    choose(screen, 2)
    assert screen.view.current().refund.refund.id == 8
    service.open = service.open[:2]
    service.strange = ()
    screen.refresh()
    assert screen.view.current().refund.refund.id == 8
    service.open = (UnresolvedRefund(NEEDS_REVIEW, PAYMENT, ITEMS[0]),)
    screen.refund_changed(8)
    qtbot.waitUntil(lambda: screen.view.current().refund.refund.id == 9)


def test_empty_list_shows_a_text_and_leads_home(screen, service):
    homes = []
    screen.home_requested.connect(lambda: homes.append(1))
    service.open, service.strange = (), ()
    screen.refresh()
    assert screen.view.empty_text.text() == "미처리 금액이 없습니다."
    assert screen.view.empty_text.isVisible() and not screen.view.detail.isVisible()
    screen.view.home.click()
    assert homes == [1]
    assert screen.focusWidget() is screen.view.home


def test_it_reads_again_after_a_change_only_while_it_is_shown(qtbot, screen, service):
    service.open = service.open[:1]
    service.strange = ()
    for changed in (screen.refund_changed, screen.attempt_changed):
        changed(9)
    qtbot.waitUntil(lambda: screen.model.rowCount() == 1)
    screen.hide()
    service.open = ()
    screen.status_changed()
    assert not screen._reader._soon.isActive() and screen.model.rowCount() == 1
    screen.show()
    assert screen.model.rowCount() == 0


def test_unreadable_list_is_reported_and_the_last_rows_stay(screen, service):
    service.strange = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen.refresh()
    assert screen.view.banner.tone == "error" and screen.model.rowCount() == 4


def test_by_keys_alone(screen, qtbot):
    orders = []
    screen.go_requested.connect(lambda page, given: orders.append(given["order_id"]))
    view = screen.view.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert screen.view.current().mismatch == MISMATCH
    qtbot.keyClick(view, Qt.Key.Key_Up)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert screen.focusWidget() is screen.view.detail.again
    screen.view.detail.order.click()
    assert orders == [1024]


def test_waiting_rows_show_that_the_till_is_offline(screen):
    screen.set_online(False)
    choose(screen, 3)
    assert screen.view.detail.badge.label == "환불 접수 (아직 환불되지 않음)"
    assert screen.model.index(3).data().startswith("환불 접수 (아직 환불되지 않음)")


def test_portone_text_of_any_length_stays_plain(screen, service):
    nasty = replace(
        refund(RefundState.NEEDS_REVIEW, 9),
        gateway_message="<b>\x00\u202e" + "Q" * 9_000,
        send_count=1,
    )
    service.open = (UnresolvedRefund(nasty, None, None),)
    screen.refresh()
    said = dict(screen.view.detail.facts.rows)["PortOne의 응답"]
    assert said.startswith("<b>") and "\x00" not in said and "\u202e" not in said
    assert len(said) < 600
    assert screen.minimumSizeHint().width() <= 1366


def test_it_changes_language_while_it_is_up(screen, texts):
    texts.set_language("en")
    assert screen.view.detail.badge.label == "Needs checking"
    assert screen.view.detail.again.text() == "Check, then send"


def test_the_model_keeps_qts_rules(screen, service, qtmodeltester: ModelTester):
    qtmodeltester.check(screen.model)
    service.open = service.open[:1]
    screen.refresh()
    qtmodeltester.check(screen.model)


def test_the_list_is_painted_in_every_theme(screen, theme):
    seen = set()
    for name in ("light", "dark", "contrast"):
        theme.set_name(name)
        seen.add(screen.view.view.grab().toImage().pixelColor(300, 60).name())
    assert len(seen) == 3
