"""Pages and dialogs of the counter with everything in them that a scan could touch."""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QWidget,
)

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import ReceiptTaskKind
from posapp.domain.orders import ItemStatus
from posapp.domain.permissions import StaffRole
from posapp.domain.requests import Decision
from posapp.services.cash_receipts.receipt_service import ReceiptTask
from posapp.services.staff.sign_in import StaffTile
from posapp.system.clock import SystemClock
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.cash_receipts.receipt_task_actions import NumberDialog
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.requests.export_flow import ExportDialog
from posapp.ui.requests.saved_filters_dialog import SavedFiltersDialog
from posapp.ui.scanner.code import keys_of
from posapp.ui.settings.ruler_dialog import RulerDialog
from posapp.ui.shell.error_dialog import ErrorDialog
from posapp.ui.shell.error_message import ErrorMessage
from posapp.ui.shell.key_list import KeyList
from posapp.ui.shell.routes import ROUTES
from posapp.ui.staff.pin_dialogs import OwnPinDialog, RecoveryCodeDialog, RecoveryDialog
from posapp.ui.staff.staff_question import StaffQuestion
from posapp.ui.sync.pending_dialog import PendingDialog
from posapp.ui.unresolved.explanation_dialog import ExplanationDialog
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.pictures.receipts import waiting_receipts
from tests.ui.scanner.typing_hands import ENDS, SCANNER_MS, hostile_burst

SCREENS = tuple(route.id for route in ROUTES)
"""Every page of the window."""

KEYS = 5_000
"""Of a hostile burst."""

CODES = ("1199", "PO1199", "8801043014830", "ABC-12/x", "Qkrqt")


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
    screens.open("buyer_request", {"actor": Actor.buyer(paid.buyer_id), "item_id": item.id})
    screens.open("deliveries", {"actor": Actor.seller(item.seller_id), "item_id": item.id})
    screens.open("receipt", {"order_id": paid.id})


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


def sample(root: QWidget, chance: random.Random, count: int, *, is_whole: bool) -> list[QWidget]:
    """Some places of a page or dialog, always the same ones; ``is_whole``: all of them."""
    found = places(root)
    return found if is_whole else chance.sample(found, min(count, len(found)))


def written(root: QWidget) -> dict:
    lines = root.findChildren(QLineEdit)
    return {line: (line.text(), line.cursorPosition(), line.selectedText()) for line in lines}


def message(qtbot, counter) -> str:
    qtbot.waitUntil(counter.window.toast.isVisible)
    return counter.window.toast.message


def state_of(root: QWidget) -> dict:
    """Everything that a key could change: texts, cursors, rows, ticks, and the focus."""
    rows = {view: view.currentIndex().row() for view in root.findChildren(QAbstractItemView)}
    ticks = {one: one.isChecked() for one in root.findChildren(QAbstractButton)}
    return {**written(root), **rows, **ticks, "focus": QApplication.focusWidget()}


def changes(root: QWidget, before: dict) -> dict:
    """What is not as it was: the old value and the new one. Rows may come and go meanwhile."""
    now = state_of(root)
    kept = before.keys() & now.keys()
    return {one: (before[one], now[one]) for one in kept if before[one] != now[one]}


def untouched(counter, keyboard, scanned, place, chance) -> None:
    """A code with each end at one place: nothing but the code comes of it."""
    root = place.window()
    place.setFocus()
    if not place.hasFocus():  # hidden by what the page shows now
        return
    clicks, current, before = Clicks(root), counter.window.current, state_of(root)
    for end in ENDS:
        code = chance.choice(CODES)
        scanned.clear()
        keyboard.scan(code, end)
        counter._scans.flush()
        QApplication.processEvents()
        assert [keys_of(one).casefold() for one in scanned] == [code.casefold()], (place, end)
        what = (clicks.seen, changes(root, before))
        assert what == ([], {}), (place, end, what)
    assert counter.window.current == current, place


def unmoved(counter, keyboard, scanned, place, chance, length: int) -> None:
    """A hostile burst at one place does nothing, and the scan after it is read."""
    root = place.window()
    place.setFocus()
    if not place.hasFocus():
        return
    clicks, current, before = Clicks(root), counter.window.current, state_of(root)
    keyboard.now += 1_000
    for key in hostile_burst(length, chance):
        keyboard.press(key, SCANNER_MS)
    keyboard.press(Qt.Key.Key_Return, SCANNER_MS)
    counter._scans.flush()
    QApplication.processEvents()
    what = (clicks.seen, changes(root, before))
    assert what == ([], {}), (place, what)
    assert counter.window.current == current, place
    scanned.clear()
    keyboard.scan("1199")
    counter._scans.flush()
    QApplication.processEvents()
    assert scanned == ["1199"], (place, "the scan after it is lost")
    what = (clicks.seen, changes(root, before))
    assert what == ([], {}), (place, what)


def a_cancel_question(qtbot, counter, paid):
    order = counter.screens.page("order")
    counter.screens.open_history(paid.id)
    qtbot.waitUntil(lambda: order._history is not None and order.view.items.button.isEnabled())
    order.view.items.button.click()


def a_decision_question(qtbot, counter, paid):
    requests = counter.screens.page("requests")
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: requests.model.rowCount() > 0)
    waiting = next(at for at, row in enumerate(requests.model.rows) if row.state.value == "WAIT")
    requests.decisions.start_with(Decision.APPROVE, (requests.model.rows[waiting],))


def saved_filters(qtbot, counter, paid):
    counter.screens.open_requests(seller_of_requests(counter))
    counter.screens.page("requests").view.saved.click()


def a_live_qr_question(qtbot, counter, paid):
    order = next(orders_of(counter, paid=False))
    pay = counter.screens.pay
    counter.screens.open_order(order.buyer_id, order.id)
    qtbot.waitUntil(lambda: pay.view.qr.pay.isEnabled())
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.is_live)
    counter.window.back()


def an_explanation(qtbot, counter, paid):
    counter.window.show_screen("open_money")
    screen, texts = counter.window.screen_named("open_money"), counter._texts
    ExplanationDialog(texts, 5_000, lambda: [(texts("cancel.order"), str(paid.id))], screen).open()


def a_receipt_number(qtbot, counter, paid):
    texts, receipt = counter._texts, waiting_receipts([paid.id], SystemClock().now())[0]
    task = ReceiptTask(receipt, ReceiptTaskKind.ISSUE, False, True, True)
    labels = ("cash_receipt.approval", "cash_receipt.approval_hint")
    NumberDialog(texts, task, "cash_receipt.enter", labels, counter.window, key="F7").open()


def what_is_pending(qtbot, counter, paid):
    report = counter.demo.container.sync_service.report(5)
    PendingDialog(counter._texts, report, counter.window).open()


def an_export(qtbot, counter, paid):
    counter.screens.open_requests(seller_of_requests(counter))
    requests = counter.screens.page("requests")
    qtbot.waitUntil(lambda: requests.model.rowCount() > 0)
    ExportDialog(counter._texts, SystemClock().now(), "", counter.window).open()


def the_keys(qtbot, counter, paid):
    counter.window.show_screen("requests")
    counter.window.show_keys()


def a_question_about_staff(qtbot, counter, paid):
    counter.window.show_screen("staff")
    page = counter.screens.page("staff")
    StaffQuestion(counter._texts, "remove", page, name="김", needs_own_pin=True).open()


MANAGERS = tuple(
    StaffTile(number, name, StaffRole.MANAGER, 6) for number, name in ((1, "김"), (2, "박"))
)


def an_own_pin(qtbot, counter, paid):
    counter.window.show_screen("appearance")
    OwnPinDialog(counter._texts, counter.screens.page("appearance"), StaffRole.CASHIER).open()


def a_recovery(qtbot, counter, paid):
    counter.window.show_screen("appearance")
    page = counter.screens.page("appearance")
    RecoveryDialog(counter._texts, counter._theme, page, MANAGERS, None).open()


def the_next_recovery_code(qtbot, counter, paid):
    counter.window.show_screen("appearance")
    code = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX"
    RecoveryCodeDialog(counter._texts, counter.screens.page("appearance"), code).open()


def an_error(qtbot, counter, paid):
    counter.window.show_screen("more")
    errors = ErrorDialog(counter._texts, counter.window, "logs")
    errors.report(RuntimeError("x"))


def a_ruler(qtbot, counter, paid):
    counter.window.show_screen("settings")
    RulerDialog(counter._texts, counter._theme, counter.screens.page("settings")).open()


DIALOGS = {
    a_live_qr_question: ConfirmDialog,
    a_cancel_question: CancelDialog,
    a_decision_question: DecisionDialog,
    saved_filters: SavedFiltersDialog,
    an_explanation: ExplanationDialog,
    a_receipt_number: NumberDialog,
    what_is_pending: PendingDialog,
    an_export: ExportDialog,
    the_keys: KeyList,
    a_question_about_staff: StaffQuestion,
    an_own_pin: OwnPinDialog,
    a_recovery: RecoveryDialog,
    the_next_recovery_code: RecoveryCodeDialog,
    an_error: ErrorMessage,
    a_ruler: RulerDialog,
}
"""What opens one of every kind; a test below compares them with the classes of the program."""


def lacks_an_answer(modal: ConfirmDialog) -> bool:
    """Its fields come before its answer."""
    return any(not line.text() for line in modal.findChildren(QLineEdit))
