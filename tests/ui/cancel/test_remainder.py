"""KakaoPay refused a further partial cancel: a seller is offered the refund of the remainder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.refunds.cancel_item import RefundWithItem
from posapp.services.refunds.cancel_remainder import RemainderOffer
from posapp.ui.cancellation.cancel_screen import CancelScreen
from posapp.ui.cancellation.cancel_target import CancelStep
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.orders.item_row import ItemRow
from posapp.ui.orders.order_report import papers_of
from posapp.ui.orders.timeline_events import events_of
from posapp.ui.printing.refund_slip import slip_of
from posapp.ui.widgets import action_guard
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.cancel.shop_records import (
    ITEMS,
    PAYMENT,
    FakeCancelling,
    FakeRest,
    history,
    refund,
    summary,
)
from tests.ui.conftest import HeldRunner

R = RefundState
PART = refund(
    R.REFUSED,
    gateway_code=-1,
    gateway_message="requested cancel amount is bigger than cancelable amount",
    refused_as="partial",
)
OFFER = RemainderOffer(PART, PAYMENT, ITEMS[:2], Won(42_000))
REST = replace(
    refund(R.APPROVED, 8, of=None, origin=PART.origin, follows=PART.id, covers="2048 2049"),
    amount=Won(42_000),
)
CANCELLED = tuple(replace(item, status=ItemStatus.CANCEL) for item in ITEMS[:2])
CALL = (Actor.seller(3), 7, "단순 변심", Won(42_000))


@pytest.fixture
def rest() -> FakeRest:
    return FakeRest(OFFER, REST)


@pytest.fixture
def service() -> FakeCancelling:
    return FakeCancelling(
        found=summary(actor=Actor.seller(3), last=PART),
        kept=refund(R.APPROVED),
        views={
            7: RefundWithItem(PART, ITEMS[0], ITEMS[:1]),
            8: RefundWithItem(REST, None, ITEMS[:2]),
        },
    )


@pytest.fixture
def screen(qtbot: QtBot, texts: Translator, theme: Theme, instant, service, rest) -> CancelScreen:
    return _screen(qtbot, texts, theme, instant, service, rest)


@pytest.fixture
def slow_screen(
    qtbot: QtBot, texts: Translator, theme: Theme, held: HeldRunner, service, rest
) -> CancelScreen:
    """A screen whose services answer when the test releases them."""
    return _screen(qtbot, texts, theme, held, service, rest)


def _screen(qtbot: QtBot, texts: Translator, theme: Theme, runner, service, rest) -> CancelScreen:
    made = CancelScreen(texts, theme, runner, service, rest)
    qtbot.addWidget(made)
    made.resize(1024, 670)
    made.show()
    qtbot.waitExposed(made)
    return made


def ask(screen: CancelScreen, qtbot: QtBot) -> ConfirmDialog:
    """Press the button and wait until the answer can be pressed."""
    qtbot.mouseClick(screen.view.outcome.rest, Qt.MouseButton.LeftButton)
    question = screen.findChild(ConfirmDialog)
    assert question is not None
    qtbot.waitUntil(question.can_agree)
    return question


def agree(screen: CancelScreen, qtbot: QtBot) -> None:
    qtbot.mouseClick(ask(screen, qtbot).yes, Qt.MouseButton.LeftButton)


def report_line(screen: CancelScreen, service: FakeCancelling, state: R, **more) -> None:
    """The background says that the refund of the rest is in this state now."""
    items = CANCELLED if state is R.CONFIRMED else ITEMS[:2]
    service.views[8] = RefundWithItem(replace(REST, state=state, **more), None, items)
    screen.refund_changed(8)


def heading(screen: CancelScreen) -> str:
    return screen.view.outcome.heading.text()


def is_offered(screen: CancelScreen) -> bool:
    return screen.view.outcome.rest.isVisible()


def test_refusal_on_screen_becomes_the_offer_with_items_and_amount(screen, service, rest, qtbot):
    service.found = summary(actor=Actor.seller(3))
    service.views[7] = RefundWithItem(refund(R.APPROVED), ITEMS[0], ITEMS[:1])
    screen.open(Actor.seller(3), 2048)
    qtbot.waitUntil(screen.view.form.can_agree)
    qtbot.mouseClick(screen.view.form.button, Qt.MouseButton.LeftButton)
    assert heading(screen) == "환불 대기" and not is_offered(screen) and rest.loaded == []
    service.views[7] = RefundWithItem(PART, ITEMS[0], ITEMS[:1])
    screen.refund_changed(7)
    assert heading(screen) == "카카오페이가 부분 취소를 거절했습니다."
    said = screen.view.outcome.text_label.text()
    for part in (
        "에티오피아 예가체프 200g 18,000원",
        "핸드드립 서버 600ml 24,000원",
        "합계 42,000원",
    ):
        assert part in said
    assert "종이 필터" not in said
    assert "bigger than cancelable" in screen.view.outcome.code.text()
    assert is_offered(screen) and screen.view.outcome.rest.text() == "남은 전액 취소"
    assert rest.calls == [] and rest.loaded == [7]


def test_refused_item_opens_on_the_offer_and_can_be_retried_alone(screen, qtbot):
    screen.open(Actor.seller(3), 2048)
    assert is_offered(screen) and screen.step is CancelStep.RESULT
    assert screen.focusWidget() is screen.view.outcome.go
    qtbot.keyClick(screen.view.outcome.go, Qt.Key.Key_Return)
    assert screen.step is CancelStep.FORM and not is_offered(screen)


@pytest.mark.parametrize("offered", [None, EnvironmentProblem(EnvironmentCode.DISK_FULL)])
def test_without_an_offer_the_refusal_does_not_change(screen, service, rest, offered):
    rest.offered = offered
    screen.open(Actor.seller(3), 2048)
    assert screen.step is CancelStep.FORM and not is_offered(screen)
    assert screen.view.banner.message.startswith("지난번 결제취소는 거절되었습니다")


@pytest.mark.parametrize(
    "last", [replace(PART, refused_as="other"), replace(PART, state=R.CONFIRMED), None]
)
def test_only_a_refused_partial_refund_has_an_offer(screen, service, rest, last):
    service.found = summary(actor=Actor.seller(3), last=last)
    screen.open(Actor.seller(3), 2048)
    assert rest.loaded == [] and not is_offered(screen)


def test_a_buyer_sees_how_a_seller_does_it(screen, service, rest):
    service.found = summary(last=PART)
    screen.open(Actor.buyer(12), 2048)
    assert heading(screen) == "카카오페이가 부분 취소를 거절했습니다."
    assert "판매자 번호와 주문상품번호 2048번" in screen.view.outcome.text_label.text()
    assert not is_offered(screen)
    screen.view.outcome.chosen.emit("rest")
    assert screen.findChild(ConfirmDialog) is None and rest.calls == []


def test_seller_of_some_items_sees_why_there_is_no_offer(screen, rest):
    rest.offered = replace(OFFER, items=(ITEMS[0], replace(ITEMS[1], seller_id=4)))
    screen.open(Actor.seller(3), 2048)
    assert "다른 판매자의 상품" in screen.view.outcome.text_label.text()
    assert not is_offered(screen)


def test_it_asks_with_amount_and_items_and_enter_is_the_safe_answer(screen, rest, qtbot):
    screen.open(Actor.seller(3), 2048)
    qtbot.keyClick(screen, Qt.Key.Key_F8)
    question = screen.findChild(ConfirmDialog)
    said = " ".join(label.text() for label in question.findChildren(QLabel))
    for part in ("42,000원", "에티오피아 예가체프 200g  18,000원 × 1개", "핸드드립 서버"):
        assert part in said
    assert question.reason == "단순 변심" and question.yes.text() == "42,000원 결제취소"
    assert "모두 취소" in said and "42,000원" in question.accessibleDescription()
    qtbot.waitUntil(question.can_agree)
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert rest.calls == [] and is_offered(screen) and screen.step is CancelStep.RESULT


def test_first_of_many_items_are_named_and_the_rest_counted(screen, rest, qtbot):
    many = tuple(replace(ITEMS[0], id=number, name=f"원두 {number}번") for number in range(40))
    rest.offered = replace(OFFER, items=many, amount=Won(720_000))
    screen.open(Actor.seller(3), 2048)
    for said in (
        screen.view.outcome.text_label.text(),
        ask(screen, qtbot).accessibleDescription(),
    ):
        assert "원두 5번" in said and "원두 6번" not in said
        assert "외 34건" in said and "720,000원" in said


def test_neither_a_bounce_nor_a_held_key_answers(screen, rest, qtbot, monkeypatch):
    screen.open(Actor.seller(3), 2048)
    monkeypatch.setattr(action_guard, "GUARD_MS", 60_000)
    button = screen.view.outcome.rest
    button.setFocus()
    for target in (button, None):
        for _ in range(20):
            press = QKeyEvent(
                QEvent.Type.KeyPress,
                Qt.Key.Key_Return,
                Qt.KeyboardModifier.NoModifier,
                "\r",
                autorep=True,
            )
            QApplication.sendEvent(target or screen.findChild(ConfirmDialog), press)
        if target is not None:
            assert screen.findChild(ConfirmDialog) is None
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    question = screen.findChild(ConfirmDialog)
    assert question.isVisible() and not question.can_agree()
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert rest.calls == []


def test_repeated_presses_cancel_once(slow_screen, held, rest, qtbot):
    screen = slow_screen
    screen.open(Actor.seller(3), 2048)
    for _ in range(2):  # the item, then what can be cancelled
        held.held.pop(0)()
    question = ask(screen, qtbot)
    for _ in range(3):
        question.yes.click()
    for _ in range(3):
        screen.view.outcome.rest.click()
        screen.view.outcome.chosen.emit("rest")
    assert not [one for one in screen.findChildren(ConfirmDialog) if one is not question]
    assert len(held.held) == 1 and screen.step is CancelStep.WORKING
    held.held.pop()()
    assert rest.calls == [CALL]


def test_it_is_followed_to_its_end_like_every_refund(screen, service, rest, qtbot):
    changed = []
    screen.item_changed.connect(changed.append)
    screen.open(Actor.seller(3), 2048)
    agree(screen, qtbot)
    assert rest.calls == [CALL] and changed == [1024]
    assert heading(screen) == "환불 대기" and not is_offered(screen)
    report_line(screen, service, R.UNKNOWN, gateway_message="timeout")
    assert heading(screen) == "확인 중"
    report_line(screen, service, R.CONFIRMED)
    assert heading(screen) == "결제가 성공적으로 취소되었습니다"
    assert screen.view.item_card.badge.label == "취소"
    assert ("이 주문의 환불 금액", "51,000원") in screen.view.item_card.facts.rows


def test_offline_remainder_is_recorded_and_shown_as_not_yet_refunded(screen, service, rest, qtbot):
    screen.set_online(False)
    screen.open(Actor.seller(3), 2048)
    assert is_offered(screen)
    agree(screen, qtbot)
    assert rest.calls == [CALL]
    assert heading(screen) == "환불 접수 (아직 환불되지 않음)"
    screen.set_online(True)
    assert heading(screen) == "환불 대기"


@pytest.mark.parametrize(
    "code", [ErrorCode.REST_NOT_OFFERED, ErrorCode.REFUND_AMOUNT_DIFFERS, ErrorCode.ITEM_CANCELLED]
)
def test_remainder_refused_by_a_guard_is_shown(screen, service, rest, qtbot, texts, code):
    screen.open(Actor.seller(3), 2048)
    rest.kept = UserError(code)
    rest.offered = None
    agree(screen, qtbot)
    dialog = screen.findChild(ConfirmDialog)
    said = texts.error(UserError(code))
    assert dialog.isVisible() and dialog.notice.text() == (
        f"결제 취소 중 오류가 발생했습니다: {said} ({code.value})"
    )
    assert dialog.reason == "단순 변심" and screen.step is CancelStep.RESULT
    dialog.no.click()
    screen.view.outcome.go.click()
    assert screen.step is CancelStep.FORM and len(rest.calls) == 1


def test_remainder_refused_after_its_dialog_was_closed_is_shown(slow_screen, held, rest, qtbot):
    screen = slow_screen
    screen.open(Actor.seller(3), 2048)
    for _ in range(2):
        held.held.pop(0)()
    rest.kept = UserError(ErrorCode.REST_NOT_OFFERED)
    agree(screen, qtbot)
    screen.findChild(ConfirmDialog).no.click()
    held.held.pop()()
    assert heading(screen).startswith("결제 취소 중 오류가 발생했습니다: ")
    assert screen.view.outcome.tone == "error"


def test_result_after_leaving_the_screen_is_a_notice(slow_screen, held, service, qtbot):
    screen = slow_screen
    said = []
    screen.notified.connect(said.append)
    screen.open(Actor.seller(3), 2048)
    for _ in range(2):
        held.held.pop(0)()
    agree(screen, qtbot)
    slow = held.held.pop()
    service.found = summary(ITEMS[2], Actor.seller(3))
    screen.open(Actor.seller(3), 2050)
    held.held.pop()()
    service.views[8] = RefundWithItem(replace(REST, state=R.CONFIRMED), None, CANCELLED)
    slow()
    while held.held:
        held.held.pop(0)()
    assert said == ["에티오피아 예가체프 200g: 결제가 성공적으로 취소되었습니다"]
    assert screen.step is CancelStep.FORM and screen.view.item_card.name.text() == ITEMS[2].name


def test_no_refund_while_an_older_copy_is_compared(screen, rest, qtbot):
    screen.open(Actor.seller(3), 2048)
    screen.view.outcome.set_behind(True)
    qtbot.keyClick(screen, Qt.Key.Key_F8)
    assert screen.findChild(ConfirmDialog) is None
    screen.view.outcome.set_behind(False)
    ask(screen, qtbot)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1024, 1366])
@pytest.mark.parametrize("actor", [Actor.buyer(12), Actor.seller(3)])
def test_nothing_is_cut_in_either_language(screen, service, texts, qtbot, language, width, actor):
    service.found = summary(actor=actor, last=PART)
    texts.set_language(language)
    screen.resize(width, 670)
    screen.open(actor, 2048)
    outcome = screen.view.outcome
    assert is_offered(screen) is (actor.kind is ActorKind.SELLER)
    labels = [outcome.heading, outcome.text_label, outcome.code]
    if actor.kind is ActorKind.SELLER:
        question = ask(screen, qtbot)
        labels += [one for one in question.findChildren(QLabel) if one.isVisible()]
        for button in (outcome.rest, question.yes, question.no):
            assert button.width() >= button.sizeHint().width()
    for label in labels:
        if label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
        else:
            assert label.width() >= label.sizeHint().width(), label.text()
    assert screen.view.horizontalScrollBar().maximum() == 0


def test_order_page_links_the_offer_and_shows_the_remainder_refund(qtbot, texts, theme):
    row = ItemRow(texts, theme)
    qtbot.addWidget(row)
    row.show_item(ITEMS[0], PART, None, online=True)
    assert row.result.text() == "부분 취소 거절 · 결제취소로 남은 전액 취소"
    row.show_item(ITEMS[0], REST, None, online=True)
    assert row.result.text() == "환불 대기" and not row.tick.isEnabled()
    row.show_item(CANCELLED[0], PART, None, online=True)
    assert row.result.text() == "환불 거절"


def test_history_and_slip_list_the_items_not_the_whole_payment(texts):
    records = replace(history(), refunds=(REST,))
    slip = slip_of(texts, REST, shop="오늘의 커피", buyer="김서연", items=ITEMS[:2])
    reported = "\n".join(line for event in events_of(texts, records) for line in event.details)
    for said in (slip.text, reported):
        assert "에티오피아 예가체프 200g, 핸드드립 서버 600ml" in said.replace("\u200b", "")
        assert "결제 전액" not in said


@pytest.mark.parametrize("is_test", [True, False])
def test_papers_of_a_test_payment_say_so(texts, is_test: bool):
    records = replace(history(), refunds=(REST,))
    payments = tuple(replace(one, sandbox=is_test) for one in records.payments)
    papers = papers_of(
        texts,
        replace(records, payments=payments),
        shop="오늘의 커피",
        online=True,
        made_at=REST.created_at,
    )
    assert len(papers) >= 2
    for paper in papers:
        assert ("테스트 결제" in paper.text) is is_test, paper.title
