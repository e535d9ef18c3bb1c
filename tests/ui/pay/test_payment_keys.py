"""Keys, focus and questions of the payment page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase
from posapp.ui.core.i18n import Translator
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.shell.routes import PAYING, ROUTE
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_page import agree, become, begin, codes, question, text
from tests.ui.pay.payment_scenarios import BUYER, LINK, FakePaymentService

KEY = Qt.Key
FUNCTION_KEYS = (KEY.Key_F3, KEY.Key_F4, KEY.Key_F5, KEY.Key_F6, KEY.Key_F7, KEY.Key_F8)


@pytest.fixture
def asked_for(screen: PaymentScreen) -> list[tuple[object, ...]]:
    """What the page asks its window for."""
    seen: list[tuple[object, ...]] = []
    screen.home_requested.connect(lambda: seen.append(("home",)))
    screen.go_requested.connect(lambda page, given: seen.append((page, given)))
    return seen


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = QApplication.focusWidget()
    assert place is not None
    QTest.keyClick(place, key, held)


def press_print() -> None:
    press(KEY.Key_P, Qt.KeyboardModifier.ControlModifier)


def asks(screen: PaymentScreen) -> bool:
    return any(one.isVisible() for one in screen.findChildren(ConfirmDialog))


def test_a_whole_sale_by_keyboard(
    screen: PaymentScreen, payment_service: FakePaymentService, asked_for: list[tuple[object, ...]]
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    assert screen.view.qr.pay.hasFocus()
    press(KEY.Key_Return)
    assert codes(screen) == [LINK]
    assert screen.view.qr.code.hasFocus()
    press(KEY.Key_Return)  # does nothing here
    assert codes(screen) == [LINK]
    become(screen, payment_service, PaymentPhase.DONE)
    assert screen.view.outcome.next.hasFocus()
    assert screen.view.outcome.next.text() == "다음 손님"
    press(KEY.Key_Enter)
    assert asked_for == [("home",)]
    assert screen.progress is None, "the next sale finds nothing of this one"


def test_only_enter_acts_before_the_qr(
    screen: PaymentScreen, payment_service: FakePaymentService, asked_for: list[tuple[object, ...]]
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    for key in FUNCTION_KEYS:
        press(key)
    press_print()
    assert payment_service.calls == ["look_up"]
    assert asked_for == [] and not asks(screen)
    assert screen.view.qr.pay.hasFocus()


@pytest.mark.parametrize("phase", [PaymentPhase.SCAN, PaymentPhase.PAYING])
def test_only_f8_acts_at_a_live_qr(
    screen: PaymentScreen,
    payment_service: FakePaymentService,
    asked_for: list[tuple[object, ...]],
    phase: PaymentPhase,
):
    begin(screen)
    become(screen, payment_service, phase)
    for key in FUNCTION_KEYS[:-1]:
        press(key)
    press_print()
    assert asked_for == [] and not asks(screen)
    assert screen.view.qr.code.hasFocus() and codes(screen) == [LINK]
    press(KEY.Key_F8)
    assert asks(screen)
    assert "stop" not in payment_service.calls


def asked_by_f8(screen: PaymentScreen) -> None:
    press(KEY.Key_F8)


def asked_by_esc(screen: PaymentScreen) -> None:
    assert not screen.may_leave()  # what the window's Esc calls


@pytest.mark.parametrize("ask", [asked_by_f8, asked_by_esc])
def test_f8_and_esc_ask_by_the_same_dialog(
    screen: PaymentScreen,
    payment_service: FakePaymentService,
    asked_for: list[tuple[object, ...]],
    ask: Callable[[PaymentScreen], None],
):
    """F8 ended the QR without a question."""
    begin(screen)
    ask(screen)
    asked = question(screen)
    assert (asked.windowTitle(), asked.no.text(), asked.yes.text()) == (
        "결제를 중단할까요?",
        "계속 대기",
        "결제 중단",
    )
    assert asked.yes.key == "F8"
    assert "59,900원" in asked.accessibleDescription()
    assert ("주문번호", "1024") in asked.facts
    assert asked.focusWidget() is asked.no
    QTest.keyClick(asked, KEY.Key_Escape)
    assert not asks(screen)
    assert "stop" not in payment_service.calls and asked_for == []
    assert codes(screen) == [LINK]


def test_f8_ends_the_qr_and_offers_another_try(
    qtbot: QtBot,
    screen: PaymentScreen,
    payment_service: FakePaymentService,
    asked_for: list[tuple[object, ...]],
):
    begin(screen)
    press(KEY.Key_F8)
    agree(qtbot, screen)
    assert payment_service.calls.count("stop") == 1
    assert "결제를 중단했습니다." in text(screen.view.outcome)
    assert asked_for == [], "only Esc leads away"
    assert screen.view.outcome.next.text() == "다시 시도"
    screen.activateWindow()  # there is no window manager that would
    qtbot.waitUntil(screen.view.outcome.next.hasFocus)
    press(KEY.Key_Return)
    assert payment_service.calls.count("start") == 2
    assert codes(screen) == [LINK]


def test_paid_while_f8_asks_answers_the_question(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    press(KEY.Key_F8)
    asked = question(screen)
    become(screen, payment_service, PaymentPhase.DONE)
    assert not asked.isVisible()
    assert "성공적으로 결제되었습니다." in text(screen.view.outcome)
    assert "stop" not in payment_service.calls


def test_paid_while_the_qr_is_stopped_is_shown(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    payment_service.after_stop = PaymentPhase.DONE
    press(KEY.Key_F8)
    agree(qtbot, screen)
    assert "성공적으로 결제되었습니다." in text(screen.view.outcome)


def test_an_unclear_attempt_is_stopped_by_f8_after_the_question(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.CHECKING)
    assert screen.view.qr.stop.isEnabled()
    press(KEY.Key_F8)
    assert "stop" not in payment_service.calls
    agree(qtbot, screen)
    assert "stop" in payment_service.calls


def test_keys_after_a_payment(
    screen: PaymentScreen, payment_service: FakePaymentService, asked_for: list[tuple[object, ...]]
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.DONE)
    for key in FUNCTION_KEYS[1:]:
        press(key)
    assert asked_for == [] and not asks(screen)
    press(KEY.Key_F3)
    assert asked_for == [("order", {"order_id": 1024})]


def test_keys_after_a_failure(
    screen: PaymentScreen,
    payment_service: FakePaymentService,
    histories: FakeHistories,
    asked_for: list[tuple[object, ...]],
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    for key in FUNCTION_KEYS[1:]:
        press(key)
    press_print()
    assert asked_for == [] and histories.requested == [] and not asks(screen)
    press(KEY.Key_F3)
    assert asked_for == [("order", {"order_id": 1024})]
    assert screen.view.outcome.next.hasFocus()
    press(KEY.Key_Return)
    assert payment_service.calls.count("start") == 2


def test_the_list_of_keys_names_the_buttons(screen: PaymentScreen, texts: Translator):
    named = {(use.key, texts(use.label)) for use in ROUTE[PAYING].keys}
    buttons = {(one.key, one.text()) for one in screen.findChildren(Button) if one.key}
    assert named == {(key, label) for key, label in buttons if key != "Enter"}


@pytest.mark.parametrize(
    ("phase", "label"),
    [
        (PaymentPhase.DONE, "다음 손님"),
        (PaymentPhase.FAILED, "다시 시도"),
        (PaymentPhase.STOPPED, "다시 시도"),
        (PaymentPhase.EXPIRED, "다시 시도"),
        (PaymentPhase.RETURNED, "다시 시도"),
        (PaymentPhase.RETURN_FAILED, "홈"),
    ],
)
def test_the_focus_after_each_outcome(
    screen: PaymentScreen, payment_service: FakePaymentService, phase: PaymentPhase, label: str
):
    begin(screen)
    become(screen, payment_service, phase)
    focused = QApplication.focusWidget()
    assert focused is screen.view.primary is screen.view.outcome.next
    assert screen.view.outcome.next.text() == label


def test_every_outcome_has_its_row_in_the_test_above():
    rows = test_the_focus_after_each_outcome.pytestmark[0].args[1]
    assert {phase for phase, _ in rows} == FINAL_PHASES


def test_the_focus_is_never_on_what_stops(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    for phase in PaymentPhase:
        become(screen, payment_service, phase)
        assert QApplication.focusWidget() is not screen.view.qr.stop


def focus(widget: QWidget) -> QWidget:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert widget.hasFocus()
    return widget


def test_news_take_no_focus(
    screen: PaymentScreen, payment_service: FakePaymentService, texts: Translator
):
    begin(screen)
    for widget in (screen.view.qr.stop, screen.view.order.items):
        here = focus(widget)
        become(screen, payment_service, PaymentPhase.PAYING)
        screen.set_online(False)
        texts.set_language("en")
        texts.set_language("ko")
        screen.set_online(True)
        become(screen, payment_service, PaymentPhase.SCAN)
        assert QApplication.focusWidget() is here
    become(screen, payment_service, PaymentPhase.DONE)
    here = focus(screen.view.outcome.receipt)
    become(screen, payment_service, PaymentPhase.DONE)
    texts.set_language("en")
    assert QApplication.focusWidget() is here


def test_an_outcome_takes_no_focus_from_another_page(
    screen: PaymentScreen, payment_service: FakePaymentService, room: QWidget
):
    begin(screen)
    other = QWidget(room)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    screen.hide()
    other.show()
    focus(other)
    become(screen, payment_service, PaymentPhase.DONE)
    assert other.hasFocus()
    other.hide()
    screen.show()
    screen.setFocus()  # as the window does when it shows a page
    assert screen.view.outcome.next.hasFocus()


def test_enter_presses_the_button_that_has_the_focus_first(
    screen: PaymentScreen, payment_service: FakePaymentService, asked_for: list[tuple[object, ...]]
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    focus(screen.view.outcome.order)
    press(KEY.Key_Return)
    assert asked_for == [("order", {"order_id": 1024})]
    assert payment_service.calls.count("start") == 1
