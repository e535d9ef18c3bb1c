"""How many inputs a task takes, counted in the real window (tests/ui/budgets.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import ReceiptState
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus
from posapp.services.bookkeeping.print_log import receipt_key
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.printing import print_controller
from posapp.ui.shell.routes import APPEARANCE, TABS
from posapp.ui.shift.shift_layout import View
from tests.conftest import PatientBot
from tests.pictures.cash import open_shift
from tests.pictures.receipts import leave_receipts
from tests.pictures.visits import (
    BREAD,
    CAKE,
    VISITS,
    leave,
    orders,
    paid,
    sale_held,
    seller_of_requests,
    shift_of,
    unpaid,
)
from tests.ui.cancel.pdf_text import PdfText, pdf_printer
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard
from tests.ui.staff.staff_counter import CASHIER, MANAGER, PINS, add_staff

BUDGETS = tomllib.loads((Path(__file__).parents[1] / "budgets.toml").read_text("utf-8"))
KEY = Qt.Key
_PAUSE_MS = 400
"""Time in milliseconds from one thing that a person does to the next."""

SCANNED_MS = 60
"""Keys nearer to each other than this are one scan: one input."""


class InputCounter(QObject):
    """Counts presses of keys and of the mouse as the program receives them."""

    def __init__(self, clock: Callable[[], int]) -> None:
        super().__init__()
        self._clock, self._last, self._seen = clock, -SCANNED_MS, 0
        self._in_scan = False
        self.count = 0

    def begin(self) -> None:
        self.count, self._last = 0, -SCANNED_MS

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            place = shiboken6.getCppPointer(event)[0]
            now = self._clock()
            if place != self._seen or now != self._last:  # not the same one at its parent
                self.count += now - self._last >= SCANNED_MS
                self._seen, self._last = place, now
        elif event.type() is QEvent.Type.MouseButtonPress:
            self.count += 1
        return False


class Hands:
    """One person with a keyboard and a scanner."""

    def __init__(self, keyboard: Keyboard, counter) -> None:
        self._keyboard, self._counter = keyboard, counter

    def press(self, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self._keyboard.now += _PAUSE_MS
        target = QApplication.focusWidget() or self._counter.window
        QTest.keyClick(target, key, modifiers)
        self._counter._scans.flush()
        QApplication.processEvents()

    def type(self, text: str) -> None:
        for character in text:
            self._keyboard.press(character, HAND_MS)
            self._counter._scans.flush()

    def scan(self, code: str) -> None:
        self._keyboard.scan(code)
        QApplication.processEvents()


@pytest.fixture
def counter(shared, qtbot):
    shared.go_home()
    shared.window.activateWindow()
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    leave(shared)


@pytest.fixture
def hands(counter, keyboard):
    return Hands(keyboard, counter)


@pytest.fixture
def inputs(qapp, keyboard):
    watching = InputCounter(keyboard.clock)
    qapp.installEventFilter(watching)
    yield watching
    qapp.removeEventFilter(watching)


@pytest.fixture
def budget(request, inputs):
    """Begins to count; the test ends it, and fails if it took more than its row allows."""
    name = request.node.originalname.removeprefix("test_")

    def spent() -> None:
        most = BUDGETS[name]["most"]
        assert 0 < inputs.count <= most, f"{BUDGETS[name]['what']}: {inputs.count} of {most}"

    inputs.begin()
    return spent


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def test_every_row_is_counted():
    here = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert set(BUDGETS) <= here


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.id)
@pytest.mark.parametrize("state", ["home", "order", "more", "requests"])
def test_any_tab(qtbot, counter, hands, inputs, budget, state, tab):
    VISITS[state].open(counter)
    settle(qtbot, counter)
    inputs.begin()
    hands.press(KEY(KEY.Key_0 + tab.tab), Qt.KeyboardModifier.ControlModifier)
    assert counter.window.current == tab.id
    budget()


def test_order_by_number(qtbot, counter, hands, budget):
    order = paid(counter)
    hands.type(str(order.id))
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: counter.window.current == "order")
    budget()


def test_order_by_scan(qtbot, counter, hands, budget):
    order = unpaid(counter)
    hands.scan(f"PO{order.id}")
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: counter.window.current == "pay" and pay.view.qr.pay.isEnabled())
    settle(qtbot, counter)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: pay.is_live)
    budget()


def test_paid_order_by_scan(qtbot, counter, hands, budget):
    hands.scan(f"PO{paid(counter).id}")
    qtbot.waitUntil(lambda: counter.window.current == "order")
    budget()


def test_newest_order(qtbot, counter, hands, budget):
    newest = next(orders(counter))
    qtbot.waitUntil(lambda: counter.home.side.recent.rows[0].isVisible())
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: counter.window.current in ("pay", "order"))
    assert str(newest.id)
    budget()


@pytest.mark.parametrize("state", ["home", "orders", "more", "requests"])
def test_unresolved_and_back(qtbot, counter, hands, inputs, budget, state):
    VISITS[state].open(counter)
    settle(qtbot, counter)
    began = counter.window.current
    inputs.begin()
    hands.press(KEY.Key_F12)
    assert counter.window.current == "open_money"
    hands.press(KEY.Key_F12)
    assert counter.window.current == began
    budget()


def test_enter_approval_number(qtbot, counter, hands, inputs, budget):
    leave_receipts(counter)
    counter.window.show_screen("cash_receipts")
    settle(qtbot, counter)
    page = counter.screens.page("cash_receipts")
    page.refresh()
    settle(qtbot, counter)
    receipt = next(
        one.receipt for one in page.view.model.entries if one.receipt.state is ReceiptState.REFUSED
    )
    page.view.choose(receipt.id)
    inputs.begin()
    hands.press(KEY.Key_F7)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    hands.type("123456789")
    qtbot.wait(_PAUSE_MS)
    hands.press(KEY.Key_F7)
    qtbot.waitUntil(lambda: page.view.model.row_of(receipt.id) == -1)
    budget()


def test_next_sale(qtbot, counter, hands, inputs, budget):
    VISITS["pay_paid"].open(counter)
    pay = counter.screens.pay
    assert pay.progress.phase is PaymentPhase.DONE
    order = unpaid(counter)
    inputs.begin()
    hands.scan(f"PO{order.id}")
    qtbot.waitUntil(pay.view.qr.pay.isEnabled)
    assert pay.view.primary is pay.view.qr.pay
    assert counter.window.current == "pay"
    budget()


def sold(counter) -> list[int]:
    cart = counter.screens.page("sale").cart
    return [one.line.count for one in cart.lines] if cart is not None else []


def test_qr_sale(qtbot, counter, hands, inputs, budget):
    counter.window.show_screen("sale")
    settle(qtbot, counter)
    inputs.begin()
    hands.scan(BREAD)
    hands.scan(CAKE)
    qtbot.waitUntil(lambda: sold(counter) == [1, 1])
    hands.press(KEY.Key_F8)
    qtbot.waitUntil(lambda: counter.screens.pay.is_live)
    budget()


def open_cash(qtbot, counter) -> None:
    """Show the sale page with an open shift, as it has noticed."""
    open_shift(counter)
    counter.window.show_screen("sale")
    counter.screens.page("sale").status_changed()
    settle(qtbot, counter)


def test_cash_exact(qtbot, counter, hands, inputs, budget):
    open_cash(qtbot, counter)
    page = counter.screens.page("sale")
    inputs.begin()
    hands.scan(BREAD)
    hands.scan(CAKE)
    qtbot.waitUntil(lambda: sold(counter) == [1, 1])
    hands.press(KEY.Key_F7)
    qtbot.waitUntil(lambda: page.cash.panel._guard.is_past)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    budget()


def test_cash_notes(qtbot, counter, hands, inputs, budget):
    open_cash(qtbot, counter)
    inputs.begin()
    hands.scan(CAKE)
    qtbot.waitUntil(lambda: sold(counter) == [1])
    hands.press(KEY.Key_F7)
    hands.type("50.")
    assert counter.screens.page("sale").cash.panel.change.text() == "12,000원"
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    budget()


def test_next_after_cash(qtbot, counter, hands, inputs, budget):
    VISITS["pay_cash"].open(counter)
    inputs.begin()
    hands.scan(BREAD)
    qtbot.waitUntil(lambda: counter.window.current == "sale" and sold(counter) == [1])
    budget()


def test_hold(qtbot, counter, hands, inputs, budget):
    VISITS["sale"].open(counter)
    inputs.begin()
    hands.press(KEY.Key_F3)
    qtbot.waitUntil(lambda: sold(counter) == [])
    budget()


def test_take_up(qtbot, counter, hands, inputs, budget, monkeypatch):
    page = sale_held(counter)
    monkeypatch.setattr(page.held.menu, "popup", lambda _: None)  # it grabs a real keyboard
    inputs.begin()
    hands.press(KEY.Key_F3)
    inputs.count += 1  # Enter, which triggers the active entry of a menu
    page.held.menu.activeAction().trigger()
    qtbot.waitUntil(lambda: sold(counter) == [1, 1])
    budget()


def test_first_product(qtbot, counter, hands, budget):
    hands.scan(BREAD)
    qtbot.waitUntil(lambda: counter.window.current == "sale" and sold(counter) == [1])
    budget()


def test_next_customer(qtbot, counter, hands, inputs, budget):
    VISITS["sale"].open(counter)
    hands.press(KEY.Key_F8)
    pay = counter.screens.pay
    qtbot.waitUntil(lambda: pay.progress is not None and pay.is_live)
    counter.demo.sandbox.books.pay(pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(lambda: pay.progress.phase is PaymentPhase.DONE)
    inputs.begin()
    hands.scan(CAKE)
    qtbot.waitUntil(lambda: counter.window.current == "sale" and sold(counter) == [1])
    budget()


def open_desk(qtbot, counter):
    counter.screens.open_requests(seller_of_requests(counter))
    desk = counter.screens.page("requests")
    settle(qtbot, counter)
    rows = desk.model.rows
    at = next(at for at, row in enumerate(rows) if row.state.value == "WAIT")
    desk.view.view.select(at)
    return desk, rows[at].id


def state_of(counter, request_id: int) -> str:
    with counter.demo.container.store.snapshot() as uow:
        return uow.requests.get(request_id).state.value


def test_approve(qtbot, counter, hands, inputs, budget):
    _, request_id = open_desk(qtbot, counter)
    inputs.begin()
    hands.press(KEY.Key_F7)
    ready_dialog(qtbot)
    hands.press(KEY.Key_F7)
    qtbot.waitUntil(lambda: state_of(counter, request_id) == "OK")
    budget()


def test_reject(qtbot, counter, hands, inputs, budget):
    _, request_id = open_desk(qtbot, counter)
    inputs.begin()
    hands.press(KEY.Key_F8)
    ready_dialog(qtbot)
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_F8)
    qtbot.waitUntil(lambda: state_of(counter, request_id) == "CANCEL")
    budget()


def ready_dialog(qtbot) -> None:
    """Wait until the question is painted and takes its answer."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: dialog.yes.guard.is_past)


def test_refund_of_a_line(qtbot, counter, hands, inputs, budget):
    order = next(one for one in orders(counter) if one.is_paid and len(one.active_items) > 1)
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    inputs.begin()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F8)
    ready_dialog(qtbot)
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_F8)

    def refunds() -> int:
        with counter.demo.container.store.snapshot() as uow:
            return len(uow.refunds.for_order(order.id))

    qtbot.waitUntil(lambda: refunds() == 1)
    budget()


def refunds_of(counter, order) -> list[int]:
    """Amounts in won of the refunds of an order."""
    with counter.demo.container.store.snapshot() as uow:
        return [int(one.amount) for one in uow.refunds.for_order(order.id)]


def test_refund_of_some_pieces(qtbot, counter, hands, inputs, budget):
    order, place = next(
        (one, place)
        for one in orders(counter)
        for place, item in enumerate(one.items)
        if place == 1 and item.is_paid and item.count > 1 and not refunds_of(counter, one)
    )
    item = order.items[place]
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    inputs.begin()
    hands.press(KEY.Key_Down)
    hands.press(KEY.Key_F8)
    ready_dialog(qtbot)
    hands.press(KEY.Key_Minus)
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_F8)
    qtbot.waitUntil(lambda: refunds_of(counter, order) == [item.price * (item.count - 1)])
    budget()


def test_request_of_a_line(qtbot, counter, hands, inputs, budget):
    container = counter.demo.container
    order = next(
        one
        for one in orders(counter)
        if all(item.status is ItemStatus.COMPLETE_PAYMENT for item in one.items)
    )
    item = order.items[0]
    container.fulfilment_service.hand_over(Actor.seller(item.seller_id), item.id)
    counter.screens.open_history(order.id)
    settle(qtbot, counter)
    inputs.begin()
    hands.press(KEY.Key_F5)
    settle(qtbot, counter)
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_Return)
    settle(qtbot, counter)
    budget()
    with container.store.snapshot() as uow:
        assert uow.requests.waiting_of_item(item.id) is not None


def test_pay_an_order_on_screen(qtbot, counter, hands, inputs, budget):
    counter.screens.open_history(unpaid(counter).id)
    settle(qtbot, counter)
    inputs.begin()
    hands.press(KEY.Key_F7)
    pay = counter.screens.pay
    qtbot.waitUntil(pay.view.qr.pay.isEnabled)
    hands.press(KEY.Key_Return)
    qtbot.waitUntil(lambda: pay.is_live)
    budget()


def test_cancel_an_unpaid_order(qtbot, counter, hands, inputs, budget):
    counter.screens.open("orders", {"segment": OrderSegment.OPEN})
    settle(qtbot, counter)
    page = counter.screens.page("orders")
    chosen = page.current
    inputs.begin()
    hands.press(KEY.Key_F8)
    ready_dialog(qtbot)
    hands.press(KEY.Key_1)
    hands.press(KEY.Key_F8)

    def living() -> int:
        with counter.demo.container.store.snapshot() as uow:
            return len(uow.orders.get(chosen.order_id).active_items)

    qtbot.waitUntil(lambda: living() == 0)
    qtbot.waitUntil(lambda: page.model.place_of(chosen.order_id) < 0)
    budget()


def test_ship(qtbot, counter, hands, inputs, budget):
    VISITS["deliveries"].open(counter)
    settle(qtbot, counter)
    page = counter.screens.page("deliveries")
    before = page.current
    inputs.begin()
    hands.press(KEY.Key_F5)

    def is_one_step_on():
        with counter.demo.container.store.snapshot() as uow:
            return uow.orders.item(before.item_id).status is not before.status

    qtbot.waitUntil(is_one_step_on)
    qtbot.waitUntil(lambda: counter.window.status_bar.undo.isVisible())
    budget()


def test_x_report(qtbot, counter, hands, inputs, budget):
    page = shift_of(counter)
    counter.go_home()
    inputs.begin()
    hands.press(KEY.Key_6, Qt.KeyboardModifier.ControlModifier)
    hands.press(KEY.Key_F3)
    qtbot.waitUntil(lambda: page.view.view is View.REPORT)
    budget()


def test_print_at_the_outcome(qtbot, counter, hands, inputs, budget, monkeypatch, tmp_path):
    printed = tmp_path / "receipt.pdf"
    monkeypatch.setattr(print_controller, "default_printer", lambda: pdf_printer(printed))
    VISITS["pay_paid"].open(counter)
    order_id = counter.screens.pay.progress.attempt.order_id
    inputs.begin()
    hands.press(KEY.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, counter)
    budget()
    assert counter.window.current == "pay"
    assert str(order_id) in "".join(PdfText(printed).pages)
    history = counter.demo.container.order_history_service.for_order(order_id)
    assert history.printed[receipt_key(order_id)].times == 1


def test_reprint(qtbot, counter, hands, inputs, budget, monkeypatch, tmp_path):
    order, printed = paid(counter), tmp_path / "receipt.pdf"
    monkeypatch.setattr(print_controller, "default_printer", lambda: pdf_printer(printed))
    inputs.begin()
    hands.scan(f"PO{order.id}")
    qtbot.waitUntil(lambda: counter.window.current == "order")
    settle(qtbot, counter)
    hands.press(KEY.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, counter)
    budget()
    assert counter.window.current == "order"
    assert str(order.id) in "".join(PdfText(printed).pages)
    history = counter.demo.container.order_history_service.for_order(order.id)
    assert history.printed[receipt_key(order.id)].times == 1


@pytest.fixture(scope="module")
def staffed(qapp, request, tmp_path_factory, keyboard, shared):
    qapp.removeEventFilter(shared._scans)  # two counters in one program would hold each key twice
    folder = tmp_path_factory.mktemp("staff")
    with demo_counter(PatientBot(request), folder, keyboard.clock) as counter:
        add_staff(counter)
        counter.lock.begin()
        yield counter
    qapp.installEventFilter(shared._scans)


@pytest.fixture
def locked(staffed, qtbot):
    staffed.lock.lock()
    staffed.window.activateWindow()
    qtbot.waitUntil(staffed.window.isActiveWindow)
    settle(qtbot, staffed)
    return staffed


def test_sign_in(qtbot, locked, keyboard, budget):
    Hands(keyboard, locked).type(f"{MANAGER}{PINS[MANAGER]}")
    qtbot.waitUntil(lambda: not locked.window.locking.is_locked)
    budget()


def test_switch_person(qtbot, locked, keyboard, inputs, budget):
    hands = Hands(keyboard, locked)
    hands.type(f"{MANAGER}{PINS[MANAGER]}")
    qtbot.waitUntil(lambda: not locked.window.locking.is_locked)
    inputs.begin()
    hands.press(KEY.Key_L, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, locked)
    hands.type(f"{CASHIER}{PINS[CASHIER]}")
    qtbot.waitUntil(lambda: not locked.window.locking.is_locked)
    budget()


def test_change_own_pin(qtbot, locked, keyboard, inputs, budget):
    hands, new = Hands(keyboard, locked), "7412"
    hands.type(f"{CASHIER}{PINS[CASHIER]}")
    qtbot.waitUntil(lambda: not locked.window.locking.is_locked)
    locked.window.show_screen(APPEARANCE)
    settle(qtbot, locked)
    inputs.begin()
    QTest.mouseClick(locked.screens.page(APPEARANCE).change_pin, Qt.MouseButton.LeftButton)
    dialog = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog._guard.is_past)
    for text in (PINS[CASHIER], new, new):
        hands.type(text)
        hands.press(KEY.Key_Return)
    settle(qtbot, locked)
    budget()
    assert QApplication.activeModalWidget() is None
    PINS[CASHIER] = new
