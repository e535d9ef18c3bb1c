"""A scan on every screen, on every widget that takes the focus, and in every dialog."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLineEdit,
    QWidget,
)

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import Decision
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.printing.refund_slip import RefundSlip
from posapp.ui.printing.slip_dialog import SlipDialog
from posapp.ui.widgets.question_dialog import QuestionDialog
from tests.conftest import PatientBot
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import ENDS, SCANNER_MS, Keyboard, hostile_burst

SCREENS = (
    *("home", "orders", "pay", "receipt", "cancel", "order", "open_money"),
    *("requests", "buyer_request", "deliveries", "sync", "more"),
)
KEYS = 5_000


class Clicks(QObject):
    """Notes every button that is pressed anywhere, and every row that is picked."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.seen: list[str] = []
        for button in window.findChildren(QAbstractButton):
            button.clicked.connect(lambda _=False, one=button: self.seen.append(_name(one)))
        for view in window.findChildren(QAbstractItemView):
            view.activated.connect(lambda _: self.seen.append("a row"))


def _name(button: QAbstractButton) -> str:
    return button.objectName() or button.text()


@pytest.fixture(scope="module")
def keyboard():
    return Keyboard()


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory, keyboard):
    with demo_counter(
        PatientBot(request), tmp_path_factory.mktemp("shop"), keyboard.clock
    ) as counter:
        yield counter


@pytest.fixture
def counter(shared, qtbot):
    yield shared
    dialog = QApplication.activeModalWidget()
    while dialog is not None:
        dialog.reject()
        QApplication.processEvents()
        dialog = QApplication.activeModalWidget()
    pay = shared.screens.pay
    if pay.is_live:
        pay.view.code.stop_requested.emit()
        qtbot.waitUntil(lambda: not pay.is_live)
    shared.screens.cancel.view.form.line.clear()
    shared.window.toast.hide()
    shared.go_home()
    # The next test begins long after this one's last key.
    shared._scans.flush()


def orders_of(counter, *, paid: bool):
    with counter.demo.container.store.snapshot() as uow:
        for number in range(1200, 1000, -1):
            order = uow.orders.get(number)
            living = order.active_items if order is not None else ()
            if order is None or not living or not order.total:
                continue
            if paid and all(item.status is ItemStatus.COMPLETE_PAYMENT for item in living):
                yield order
            if not paid and not order.is_paid:
                yield order


@pytest.fixture
def unpaid(counter):
    return next(orders_of(counter, paid=False))


@pytest.fixture
def paid(counter):
    return next(orders_of(counter, paid=True))


def seller_of_requests(counter) -> int:
    with counter.demo.container.store.snapshot() as uow:
        for number in range(1200, 1000, -1):
            for request in uow.requests.for_order(number):
                if request.state.value == "WAIT":
                    return request.seller_id
    raise AssertionError("the demo shop has no request that waits")


def fill(counter, unpaid, paid) -> None:
    """Have something on every screen."""
    item = paid.items[0]
    screens = counter.screens
    screens.open_order(unpaid.buyer_id, unpaid.id)
    screens.open_cancel(Actor.buyer(paid.buyer_id), item.id)
    screens.open_history(paid.id, Actor.buyer(paid.buyer_id))
    screens.open_requests(seller_of_requests(counter))
    screens.open_buyer_request(paid.buyer_id, item.id)
    screens.open_delivery(item.seller_id, item.id)
    screens.open_receipt(paid.id)


def places(screen: QWidget):
    """Every widget on a screen that can get the focus."""
    found = [
        one
        for one in screen.findChildren(QWidget)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isVisible()
        and one.isEnabled()
        and one.focusProxy() is None
    ]
    assert found
    return found


def written(counter) -> dict:
    lines = counter.window.findChildren(QLineEdit)
    return {line: (line.text(), line.cursorPosition(), line.selectedText()) for line in lines}


def message(qtbot, counter) -> str:
    qtbot.waitUntil(counter.window.toast.isVisible)
    return counter.window.toast.message


@pytest.mark.parametrize("name", SCREENS)
def test_five_thousand_hostile_keys_touch_nothing(qtbot, counter, keyboard, unpaid, paid, name):
    fill(counter, unpaid, paid)
    counter.window.show_screen(name)
    screen = counter.window.screen_named(name)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()
    counter._scans.blockSignals(True)  # where codes lead is another test's
    clicks, chance = Clicks(counter.window), random.Random(name)
    at = places(screen)
    each = max(60, KEYS // len(at))
    for place in at:
        if not (place.isVisible() and place.isEnabled()):
            continue
        keyboard.now += 1_000
        place.setFocus()
        before = written(counter)
        for key in hostile_burst(each, chance):
            keyboard.press(key, SCANNER_MS)
        keyboard.press(Qt.Key.Key_Return, SCANNER_MS)
        counter._scans.flush()
        assert clicks.seen == [], place
        assert written(counter) == before, place
        assert counter.window.current == name, place
    counter._scans.blockSignals(False)


def test_a_scan_of_an_unpaid_order_opens_it_to_be_paid(qtbot, counter, keyboard, unpaid):
    pay = counter.screens.pay
    for name in ("home", "orders", "more", "sync", "open_money"):
        counter.window.show_screen(name)
        before = written(counter)
        keyboard.scan(str(unpaid.id))
        qtbot.waitUntil(lambda: counter.window.current == "pay")
        qtbot.waitUntil(lambda: pay.view.page is pay.view.ready and pay.view.ready.pay.isEnabled())
        assert pay.progress is None, "a QR was made"
        assert written(counter) == before
        counter.go_home()


@pytest.mark.parametrize("end", ENDS)
def test_1199_scanned_while_1200_is_to_be_paid_opens_1199(qtbot, counter, keyboard, end):
    """docs/faults.md, row 94: the scanner's Enter pressed 결제, and drew the QR of 1200."""
    other, first = list(orders_of(counter, paid=False))[:2]
    pay = counter.screens.pay
    counter.screens.open_order(first.buyer_id, first.id)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pay.view.ready.pay)
    with counter.demo.container.store.snapshot() as uow:
        before = uow.attempts.for_order(first.id), uow.attempts.for_order(other.id)
    keyboard.scan(f"PO{other.id}", end)
    qtbot.waitUntil(lambda: pay._target == (Actor.buyer(other.buyer_id), other.id))
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    keyboard.press(Qt.Key.Key_Return, 100)
    counter._scans.flush()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert pay.progress is None
    with counter.demo.container.store.snapshot() as uow:
        assert before == (uow.attempts.for_order(first.id), uow.attempts.for_order(other.id))


def test_a_person_presses_enter_a_moment_later(qtbot, counter, keyboard, unpaid):
    keyboard.scan(str(unpaid.id))
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pay.view.ready.pay)
    keyboard.press(Qt.Key.Key_Return, 400)
    qtbot.waitUntil(lambda: pay.is_live)
    assert pay.progress.attempt.order_id == unpaid.id


def test_a_scan_of_a_paid_order_opens_its_page(qtbot, counter, keyboard, paid):
    for name in ("home", "orders", "requests", "deliveries"):
        counter.window.show_screen(name)
        keyboard.scan(str(paid.id))
        qtbot.waitUntil(lambda: counter.window.current == "order")
        counter.go_home()


def test_an_order_that_is_scanned_in_hangul_mode_opens(qtbot, counter, keyboard, unpaid):
    counter.window.show_screen("orders")
    search = counter.screens.orders.search
    search.setText("한빛")
    keyboard.scan_in_hangul([("", "ㅖ"), ("ㅖ", "ㅒ"), ("ㅒ", ""), *str(unpaid.id)])
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert search.text() == "한빛"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("999999", "‘999999’에 맞는 주문이 없습니다."),
        ("ABC-12", "주문번호가 아니라서"),
        ("8801043014830", "‘8801043014830’에 맞는 주문이 없습니다."),
    ],
)
@pytest.mark.parametrize("name", ["home", "orders", "sync", "open_money", "more"])
def test_scan_that_opens_nothing_shows_a_reason(qtbot, counter, keyboard, name, code, text):
    counter.window.show_screen(name)
    keyboard.scan(code)
    said = message(qtbot, counter)
    assert text in said and code in said
    assert counter.window.current == name


def test_a_live_qr_is_not_left_for_a_scan(qtbot, counter, keyboard, unpaid, paid):
    other = list(orders_of(counter, paid=False))[1]
    pay = counter.screens.pay
    counter.screens.open_order(unpaid.buyer_id, unpaid.id)
    qtbot.waitUntil(lambda: pay.view.ready.pay.isEnabled())
    pay.view.ready.pay.click()
    keyboard.scan(str(other.id))  # while the QR is being made
    assert "결제 중에는" in message(qtbot, counter)
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)
    for number in (other.id, paid.id):
        counter.window.toast.hide()
        keyboard.scan(str(number))
        assert "결제 중에는" in message(qtbot, counter)
        assert str(number) in counter.window.toast.message
    assert counter.window.current == "pay" and pay.is_live
    # From another screen: its own order leads back to it, another one to be paid does not open.
    counter.window.show_screen("sync")
    counter.window.toast.hide()
    keyboard.scan(str(other.id))
    assert "결제 중에는" in message(qtbot, counter)
    keyboard.scan(str(unpaid.id))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert pay.is_live and pay.progress.attempt.order_id == unpaid.id


def test_a_reason_that_is_being_written_is_not_left_for_a_scan(qtbot, counter, keyboard, paid):
    cancel = counter.screens.cancel
    counter.screens.open_cancel(Actor.buyer(paid.buyer_id), paid.items[0].id)
    qtbot.waitUntil(cancel.view.form.line.isVisible)
    cancel.view.form.line.setText("봉투가 찢어졌어요")
    keyboard.scan("1200")
    assert "적고 있는 내용" in message(qtbot, counter)
    assert counter.window.current == "cancel"
    assert cancel.view.form.line.text() == "봉투가 찢어졌어요"


def a_cancel_question(qtbot, counter, paid):
    cancel = counter.screens.cancel
    counter.screens.open_cancel(Actor.buyer(paid.buyer_id), paid.items[0].id)
    qtbot.waitUntil(cancel.view.form.button.isVisible)
    cancel.view.form.button.click()


def a_decision_question(qtbot, counter, paid):
    requests = counter.screens.requests
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: requests.model.rowCount() > 0)
    waiting = next(at for at, row in enumerate(requests.model.rows) if row.state.value == "WAIT")
    requests.decisions.start_with(Decision.APPROVE, (requests.model.rows[waiting],))


def saved_filters(qtbot, counter, paid):
    counter.screens.open_requests(seller_of_requests(counter))
    counter.screens.requests.view.saved.click()


def a_live_qr_question(qtbot, counter, paid):
    order = next(orders_of(counter, paid=False))
    pay = counter.screens.pay
    counter.screens.open_order(order.buyer_id, order.id)
    qtbot.waitUntil(lambda: pay.view.ready.pay.isEnabled())
    pay.view.ready.pay.click()
    qtbot.waitUntil(lambda: pay.is_live)
    counter.window.back()


def a_slip(qtbot, counter, paid):
    order = counter.screens.order
    counter.screens.open_history(paid.id)
    qtbot.waitUntil(lambda: order._history is not None)
    slip = RefundSlip("한빛상점", "환불 전표", "-5,000원", (("주문번호", str(paid.id)),), "")
    window = SlipDialog(counter._texts, counter._theme, slip, parent=order)
    window.open()


DIALOGS = (*(a_cancel_question, a_decision_question, saved_filters, a_live_qr_question, a_slip),)


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda one: one.__name__)
def test_a_scan_in_a_dialog_answers_nothing(qtbot, counter, keyboard, paid, dialog):
    dialog(qtbot, counter, paid)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    modal = QApplication.activeModalWidget()
    assert isinstance(modal, QDialog)
    if isinstance(modal, QuestionDialog):
        qtbot.waitUntil(modal.yes.isEnabled)
    clicks, chance = Clicks(modal), random.Random(dialog.__name__)
    current = counter.window.current
    for place in places(modal):
        place.setFocus()
        lines = {line: line.text() for line in modal.findChildren(QLineEdit)}
        for end in ENDS:
            keyboard.scan("1199", end)
        counter._scans.blockSignals(True)
        keyboard.now += 1_000
        for key in hostile_burst(600, chance):
            keyboard.press(key, SCANNER_MS)
        keyboard.press(Qt.Key.Key_Return, SCANNER_MS)
        counter._scans.flush()
        counter._scans.blockSignals(False)
        assert clicks.seen == [] and modal.isVisible(), place
        assert {line: line.text() for line in modal.findChildren(QLineEdit)} == lines
    keyboard.scan("1200")
    qtbot.waitUntil(lambda: "이 창을 닫고 다시" in reported_in(modal, counter))
    assert "1200" in reported_in(modal, counter)
    assert counter.window.current == current


def reported_in(modal: QDialog, counter) -> str:
    if isinstance(modal, QuestionDialog):
        return modal._notice.text() if modal._notice.isVisible() else ""
    return counter.window.toast.message


def test_scan_before_the_services_are_ready_opens_then(qtbot, tmp_path):
    keyboard = Keyboard()

    def scan(counter) -> None:
        qtbot.waitUntil(lambda: counter._scans is not None)
        keyboard.scan("1200")

    with demo_counter(qtbot, tmp_path, keyboard.clock, before=scan) as counter:
        qtbot.waitUntil(lambda: counter.window.current in ("pay", "order"))
        assert all(not text for line, (text, *_) in written(counter).items() if line.isVisible())
