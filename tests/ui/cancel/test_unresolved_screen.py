"""Unresolved money: order, details in words, evidence by F3, a reading at PortOne, another try."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.money import Won
from posapp.domain.payments import (
    CancellationState,
    ReportedCancellation,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refunds import RefundState
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import unbroken
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import OPEN_MONEY, ROUTE
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.widgets.buttons import Button
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


@pytest.fixture
def service() -> FakeOpenMoney:
    return FakeOpenMoney(open=open_refunds(), strange=(MISMATCH,))


def window_of(qtbot, theme, runner, service) -> MainWindow:
    """A window that shows the page."""
    texts = Translator("ko", now=lambda: NOW)
    window = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(window)
    window.add_screen("home", QWidget())
    window.add_screen(OPEN_MONEY, UnresolvedScreen(texts, theme, runner, service, SESSION))
    window.resize(1366, 768)
    window.show()
    window.show_screen(OPEN_MONEY)
    with qtbot.waitActive(window):
        window.activateWindow()
    return window


@pytest.fixture
def screen(qtbot: QtBot, theme, instant, service) -> UnresolvedScreen:
    return window_of(qtbot, theme, instant, service).screen_named(OPEN_MONEY)


def choose(screen: UnresolvedScreen, row: int) -> None:
    screen.view.list.setCurrentIndex(screen.view.model.index(row))


def facts_of(screen: UnresolvedScreen) -> dict[str, str]:
    return dict(screen.view.detail.facts.rows)


def press(qtbot: QtBot, screen: UnresolvedScreen, key: Qt.Key, *modifiers) -> None:
    with qtbot.waitActive(screen.window()):
        screen.window().activateWindow()
    qtbot.keyClick(QApplication.focusWidget() or screen.window(), key, *modifiers)


def question_of(qtbot, screen) -> ConfirmDialog:
    """The open question, once its action is taken."""
    (question,) = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    qtbot.waitUntil(question.can_agree)
    return question


def test_reviews_are_listed_first_then_the_oldest(screen):
    model = screen.view.model
    said = [model.index(row).data() for row in range(model.rowCount())]
    assert said == [
        "확인 필요, 18,000원, 주문 1024 · 에티오피아 예가체프 200g, 오늘 14:10",
        "번호가 다른 결제, 33,000원, 결제 imp_999999999999, 오늘 11:30",
        "확인 중, 51,000원, 주문 1024 · 결제 전액, 오늘 14:10",
        "환불 대기, 24,000원, 주문 1024 · 핸드드립 서버 600ml, 오늘 14:10",
    ]
    assert screen.subtitle == "4건 · 확인 필요 2건"


def test_the_details_are_in_words_with_the_numbers_that_staff_search_for(screen):
    assert facts_of(screen) == {
        "상품": "에티오피아 예가체프 200g (2048)",
        "취소 이유": "단순 변심",
        "요청한 사람": "구매자 12",
        "승인한 사람": "구매자 12",
        "요청 시각": "오늘 14:10",
        "결제": "51,000원 · 오늘 13:50",
        "전송 횟수": "12회",
        "마지막 전송 시각": "오늘 14:11",
        "환불번호": "[RF-9K2M0009]",
        "결제번호": "imp_448280090638",
    }
    assert "PortOne 관리자 화면" in screen.view.detail.advice.text()


def test_codes_and_portones_text_are_shown_by_f3_only(qtbot, screen):
    """Raw codes stood among the facts."""
    for row in range(4):
        choose(screen, row)
        shown = " ".join(one.text() for one in screen.findChildren(QLabel) if one.isVisible())
        shown = unbroken(shown)
        for raw in ("PG:9999", "-1", MISMATCH.evidence, "pos-7f3a9c4e8b1d2056"):
            assert raw not in shown.replace(MISMATCH.merchant_uid, ""), (row, raw)
    choose(screen, 0)
    press(qtbot, screen, Qt.Key.Key_F3)
    assert list(facts_of(screen).items())[10:] == [
        ("주문 결제 번호", "pos-7f3a9c4e8b1d2056-1024"),
        ("PortOne의 응답", "취소 처리 중 알 수 없는 오류가 발생했습니다. [PG:9999]"),
        ("PortOne 코드", "-1"),
        ("응답이 불분명했던 시각", "2026년 11월 23일 (월) 14:13:00"),
        ("전송할 때 확인한 잔액", "51,000원"),
    ]
    choose(screen, 1)
    assert facts_of(screen)["근거"] == MISMATCH.evidence
    press(qtbot, screen, Qt.Key.Key_F3)
    assert "근거" not in facts_of(screen)


def test_a_refund_on_its_way_keeps_its_numbers_for_f3(qtbot, screen):
    choose(screen, 3)
    assert not {"환불번호", "결제번호"} & set(facts_of(screen))
    press(qtbot, screen, Qt.Key.Key_F3)
    assert {"환불번호", "결제번호"} <= set(facts_of(screen))


def test_a_mismatch_cannot_be_tried_again_and_has_no_order(qtbot, screen):
    choose(screen, 1)
    for part in (screen.send, screen.ours, screen.not_ours, screen.view.detail.order):
        assert not part.isVisible()
    assert screen.explain.isVisible() and screen.explain.key == ""
    asked = []
    screen.go_requested.connect(lambda *where: asked.append(where))
    press(qtbot, screen, Qt.Key.Key_Return)
    assert asked == [] and QApplication.focusWidget() is screen.explain
    for key in (Qt.Key.Key_F7, Qt.Key.Key_F8):
        press(qtbot, screen, key)
    assert screen.findChildren(ConfirmDialog) == []


def test_ctrl_c_copies_everything(qtbot, screen):
    said = []
    screen.notified.connect(said.append)
    press(qtbot, screen, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    for part in ("확인 필요", "18,000원", "[RF-9K2M0009]", "imp_448280090638", "[PG:9999]", "12회"):
        assert part in text
    assert said == ["근거를 복사했습니다."]


# What PortOne says

READ = ReportedPayment(
    "imp_448280090638",
    "pos-7f3a9c4e8b1d2056-1024",
    ReportedStatus.PAID,
    Won(51_000),
    cancelled=Won(18_000),
    history=(
        ReportedCancellation(Won(18_000), "", "c1", NOW),
        ReportedCancellation(
            Won(5_000), "단순 변심 [RF-1]", "c2", state=CancellationState.REQUESTED
        ),
    ),
)


def test_f5_shows_what_portone_has_and_sends_nothing(qtbot, screen, service):
    service.reported = READ
    press(qtbot, screen, Qt.Key.Key_F5)
    assert service.read == [("imp_448280090638", "pos-7f3a9c4e8b1d2056-1024")]
    assert list(facts_of(screen).items())[:4] == [
        ("PortOne 조회", "결제 완료"),
        ("결제 금액", "51,000원"),
        ("남은 금액", "33,000원"),
        (
            "취소 내역",
            "18,000원 · 오늘 14:30 · 사유 없음\n5,000원 · 단순 변심 [RF-1] · 취소 접수됨",
        ),
    ]
    assert (service.tried, service.said, service.closed) == ([], [], [])
    choose(screen, 2)
    assert "PortOne 조회" not in facts_of(screen), "another refund's reading"
    choose(screen, 0)
    assert "PortOne 조회" in facts_of(screen)
    screen.hide()
    screen.show()
    assert "PortOne 조회" not in facts_of(screen), "an old reading is not shown again"


def test_f5_reads_a_mismatch_by_the_number_that_portone_gave(qtbot, screen, service):
    choose(screen, 1)
    press(qtbot, screen, Qt.Key.Key_F5)
    assert service.read == [(MISMATCH.imp_uid, MISMATCH.merchant_uid)]
    assert facts_of(screen)["PortOne 조회"] == "PortOne에 이 결제가 없습니다."


def test_a_reading_says_that_it_runs_and_why_it_failed(qtbot, theme, held, service):
    screen = window_of(qtbot, theme, held, service).screen_named(OPEN_MONEY)
    while held.held:
        held.held.pop()()
    service.reported = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)
    screen.read.click()
    assert facts_of(screen)["PortOne 조회"] == "조회하고 있습니다…"
    held.held.pop()()
    assert "PortOne 조회" not in facts_of(screen)
    assert "인터넷 연결이 끊겼습니다." in screen.view.banner.message


@pytest.mark.parametrize("status", list(ReportedStatus))
def test_every_status_of_a_payment_has_words(screen, service, status):
    service.reported = replace(READ, status=status)
    screen.read.click()
    said = facts_of(screen)["PortOne 조회"]
    assert said and not said.startswith("open_money.")


# Another try


def test_repeated_presses_make_one_retry(qtbot, theme, held, service):
    screen = window_of(qtbot, theme, held, service).screen_named(OPEN_MONEY)
    while held.held:
        held.held.pop()()
    for _ in range(3):
        screen.send.click()
    question_of(qtbot, screen).yes.click()
    assert len(held.held) == 1 and not screen.send.isEnabled()
    screen.send.click()
    said = []
    screen.notified.connect(said.append)
    held.held.pop()()
    assert service.tried == [9]
    assert said == ["PortOne에서 조회하고 있습니다. 결과가 나오면 알려 드립니다."]


def test_money_is_sent_only_after_the_amount_was_seen(qtbot, screen, service):
    """F8 다시 확인 sent 15,600 won without a question."""
    followed = []
    screen.sent.connect(followed.append)
    assert screen.send.text() == "조회 후 환불 보내기"
    press(qtbot, screen, Qt.Key.Key_F8)
    assert service.tried == [] and followed == []
    question = question_of(qtbot, screen)
    assert "18,000원" in question.windowTitle() and "18,000원" in question.yes.text()
    assert question.focusWidget() is question.no
    question.no.click()
    assert service.tried == [] and followed == []
    press(qtbot, screen, Qt.Key.Key_F8)
    question_of(qtbot, screen).yes.click()
    assert service.tried == [9] and followed == [(9,)]


def test_a_try_that_is_refused_is_reported(qtbot, screen, service):
    service.refusal = EnvironmentProblem(EnvironmentCode.DISK_FULL)
    screen.send.click()
    question = question_of(qtbot, screen)
    question.yes.click()
    assert question.isVisible() and "저장 공간" in question.notice.text()
    service.refusal = UserError(ErrorCode.REFUND_UNKNOWN)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()
    assert "환불 내역을 찾지 못했습니다." in question.notice.text()
    question.no.click()
    assert screen.send.isEnabled()


# The list


def test_the_chosen_entry_stays_chosen_while_the_list_changes(screen, service):
    choose(screen, 2)
    assert screen.view.current.refund.refund.id == 8
    service.open = service.open[:2]
    service.strange = ()
    screen.refresh()
    assert screen.view.current.refund.refund.id == 8
    service.open = (UnresolvedRefund(NEEDS_REVIEW, PAYMENT, ITEMS[0]),)
    screen.refresh()
    assert screen.view.current.refund.refund.id == 9


def test_it_opens_with_the_refund_that_was_named(screen, service):
    screen.open(refund_id=8)
    assert screen.view.current.refund.refund.id == 8
    service.open = service.open[:1]
    screen.refresh()
    screen.open(refund_id=10)
    assert screen.view.current.refund.refund.id == 8, "it is not listed yet"
    service.open = open_refunds()
    screen.refresh()
    assert screen.view.current.refund.refund.id == 10


def test_empty_list_shows_a_text_and_leads_home(qtbot, screen, service):
    homes = []
    screen.home_requested.connect(lambda: homes.append(1))
    service.open, service.strange = (), ()
    screen.refresh()
    assert screen.view.empty.message == "미처리 금액이 없습니다."
    assert screen.view.empty.isVisible() and screen.subtitle == ""
    for part in (screen.view.detail, screen.send, screen.read, screen.view.copy):
        assert not part.isVisible()
    assert QApplication.focusWidget() is screen.home
    press(qtbot, screen, Qt.Key.Key_Return)
    assert homes == [1]


def test_it_reads_again_after_a_change_only_while_it_is_shown(qtbot, screen, service):
    service.open = service.open[:1]
    service.strange = ()
    for changed in (screen.refund_changed, screen.attempt_changed):
        changed(9)
    qtbot.waitUntil(lambda: screen.view.model.rowCount() == 1)
    screen.hide()
    service.open = ()
    screen.status_changed()
    assert not screen._reader._soon.isActive() and screen.view.model.rowCount() == 1
    screen.show()
    assert screen.view.model.rowCount() == 0


def test_unreadable_list_is_reported_and_the_last_rows_stay(screen, service):
    service.strange = EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)
    screen.refresh()
    assert screen.view.banner.tone == "error" and screen.view.model.rowCount() == 4


def test_by_keys_alone(screen, qtbot):
    orders = []
    screen.go_requested.connect(lambda page, given: orders.append((page, given)))
    screen.view.list.setFocus()
    press(qtbot, screen, Qt.Key.Key_Down)
    assert screen.view.current.mismatch == MISMATCH
    press(qtbot, screen, Qt.Key.Key_Up)
    press(qtbot, screen, Qt.Key.Key_Return)
    screen.view.detail.order.click()
    assert orders == [("order", {"order_id": 1024})] * 2


def test_the_keys_of_its_buttons_are_those_of_its_route(screen):
    buttons = [*screen.findChildren(Button), *screen.view.head.findChildren(Button)]
    keys = {one.key for one in buttons}
    assert keys - {"", "Enter"} == {use.key for use in ROUTE[OPEN_MONEY].keys}


def test_waiting_rows_show_that_the_till_is_offline(screen):
    screen.set_online(False)
    choose(screen, 3)
    assert screen.view.detail.badge.label == "환불 접수 (아직 환불되지 않음)"
    assert screen.view.model.index(3).data().startswith("환불 접수 (아직 환불되지 않음)")


def test_portone_text_of_any_length_stays_plain(screen, service):
    nasty = replace(
        refund(RefundState.NEEDS_REVIEW, 9),
        gateway_message="<b>\x00\u202e" + "Q" * 9_000,
        send_count=1,
    )
    service.open = (UnresolvedRefund(nasty, None, None),)
    screen.refresh()
    screen.view.more.click()
    said = facts_of(screen)["PortOne의 응답"]
    assert said.startswith("<b>") and "\x00" not in said and "\u202e" not in said
    assert len(said) < 600
    assert screen.minimumSizeHint().width() <= 1024


def test_it_changes_language_while_it_is_up(screen):
    screen._texts.set_language("en")
    assert screen.view.detail.badge.label == "Needs checking"
    assert screen.send.text() == "Check, then send"
    assert screen.view.detail.facts.rows[0][0] == "Item"
    assert screen.subtitle == "4 · 2 to check"
