"""A scan on every screen, on every widget that takes the focus, and in every dialog."""

from __future__ import annotations

import importlib
import pkgutil
import random

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QWidget,
)

import posapp.ui
from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import Decision
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.system.clock import SystemClock
from posapp.ui.cancellation.cancel_dialog import CancelDialog
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.requests.export_flow import ExportDialog
from posapp.ui.requests.saved_filters_dialog import SavedFiltersDialog
from posapp.ui.scanner.code import keys_of
from posapp.ui.shell.error_dialog import ErrorDialog
from posapp.ui.shell.key_list import KeyList
from posapp.ui.shell.routes import ROUTES
from posapp.ui.sync.pending_dialog import PendingDialog
from posapp.ui.unresolved.explanation_dialog import ExplanationDialog
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.toast import Toast
from tests.conftest import PatientBot
from tests.store import records
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import ENDS, SCANNER_MS, Keyboard, hostile_burst

SCREENS = tuple(route.id for route in ROUTES)
"""Every page of the window."""

KEYS = 400
"""Of a hostile burst at each place; all places of a screen together get some thousand."""

CODES = ("1199", "PO1199", "8801043014830", "ABC-12/x", "Qkrqt")
NUMBERS = {
    *("paymentUserId", "orderId", "cancelPaymentUserId", "orderItemId", "sellerId"),
    *("cancelPaymentSellerId", "orderItemIdForSeller", "actorUserId", "requestItemId"),
    *("requestUserId", "requestOrderItemId", "deliveryItemId", "deliverySellerId"),
    *("deliveryOrderItemId", "requestPage"),
}


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
    shared.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    yield shared
    dialog = QApplication.activeModalWidget()
    while dialog is not None:
        dialog.reject()
        QApplication.processEvents()
        dialog = QApplication.activeModalWidget()
    pay = shared.screens.pay
    if pay.is_live:
        pay._stop()
        qtbot.waitUntil(lambda: not pay.is_live)
    shared.screens.page("cancel").view.form.form.reason_field.clear()
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


def written(root: QWidget) -> dict:
    lines = root.findChildren(QLineEdit)
    return {line: (line.text(), line.cursorPosition(), line.selectedText()) for line in lines}


def message(qtbot, counter) -> str:
    qtbot.waitUntil(counter.window.toast.isVisible)
    return counter.window.toast.message


MODES = {"Latin": (False, True), "Hangul, events apart": (True, True), "Hangul": (True, False)}


@pytest.fixture(params=MODES.values(), ids=MODES)
def any_mode(request, keyboard):
    """A keyboard in Latin mode, and in both kinds of Hangul mode."""
    method = keyboard.method
    method.hangul, keyboard.is_apart = request.param
    yield keyboard
    method.flush()
    method.hangul = False


@pytest.fixture
def scanned(counter):
    """What is scanned; it leads nowhere: that is another test's."""
    codes: list[str] = []
    counter._scans.scanned.disconnect(counter._take_scan)
    counter._scans.scanned.connect(codes.append)
    yield codes
    counter._scans.scanned.disconnect(codes.append)
    counter._scans.scanned.connect(counter._take_scan)


def untouched(counter, keyboard, scanned, place, chance) -> None:
    """A hostile burst and a code with each end, at one place: nothing but the code comes of it."""
    root = place.window()
    place.setFocus()
    if not place.hasFocus():  # hidden by what the page shows now
        return
    clicks, current, before = Clicks(root), counter.window.current, written(root)
    for end in ENDS:
        code = chance.choice(CODES)
        scanned.clear()
        keyboard.scan(code, end)
        counter._scans.flush()
        QApplication.processEvents()
        assert [keys_of(one).casefold() for one in scanned] == [code.casefold()], (place, end)
        assert (clicks.seen, written(root)) == ([], before), (place, end)
    keyboard.now += 1_000
    for key in hostile_burst(KEYS, chance):
        keyboard.press(key, SCANNER_MS)
    keyboard.press(Qt.Key.Key_Return, SCANNER_MS)
    counter._scans.flush()
    QApplication.processEvents()
    assert (clicks.seen, written(root)) == ([], before), place
    assert counter.window.current == current, place


def test_a_scan_touches_nothing_on_any_screen(qtbot, counter, any_mode, scanned, unpaid, paid):
    """Every screen that the window has, and everything on it that takes the focus."""
    fill(counter, unpaid, paid)
    for name in SCREENS:
        counter.window.show_screen(name)
        screen = counter.window.screen_named(name)
        if name == "requests":
            screen.view.filters.open_panel()
        qtbot.waitUntil(lambda: counter.runner.busy == 0)
        QApplication.processEvents()
        chance = random.Random(name)
        for place in places(screen):
            untouched(counter, any_mode, scanned, place, chance)


def test_a_scan_that_finds_nothing_focused_opens_its_order(qtbot, counter, keyboard, unpaid):
    """Its keys go to the window itself."""
    counter.window.show_screen("sync")
    QApplication.focusWidget().clearFocus()
    assert QApplication.focusWidget() is None
    keyboard.scan(str(unpaid.id))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert counter.screens.pay.progress is None


def test_no_input_method_takes_the_keys_of_what_is_no_text(qtbot, counter, unpaid, paid):
    fill(counter, unpaid, paid)
    for name in SCREENS:
        counter.window.show_screen(name)
        qtbot.waitUntil(lambda: counter.runner.busy == 0)
        QApplication.processEvents()
        for place in places(counter.window.screen_named(name)):
            is_text = isinstance(place, QLineEdit) and place.objectName() not in NUMBERS
            composes = place.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
            assert composes == is_text, (name, place)


def test_a_scan_of_an_unpaid_order_opens_it_to_be_paid(qtbot, counter, keyboard, unpaid):
    pay = counter.screens.pay
    for name in ("home", "orders", "more", "sync", "open_money"):
        counter.window.show_screen(name)
        before = written(counter.window)
        keyboard.scan(str(unpaid.id))
        qtbot.waitUntil(lambda: counter.window.current == "pay")
        qtbot.waitUntil(pay.view.qr.pay.isEnabled)
        assert pay.view.primary is pay.view.qr.pay
        assert pay.progress is None, "a QR was made"
        assert written(counter.window) == before
        counter.go_home()


@pytest.mark.parametrize("end", ENDS)
def test_1199_scanned_while_1200_is_to_be_paid_opens_1199(qtbot, counter, keyboard, end):
    """docs/faults.md, row 94: the scanner's Enter pressed 결제, and drew the QR of 1200."""
    other, first = list(orders_of(counter, paid=False))[:2]
    pay = counter.screens.pay
    counter.screens.open_order(first.buyer_id, first.id)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pay.view.qr.pay)
    with counter.demo.container.store.snapshot() as uow:
        before = uow.attempts.for_order(first.id), uow.attempts.for_order(other.id)
    keyboard.scan(f"PO{other.id}", end)
    qtbot.waitUntil(lambda: pay._controller._target == (Actor.buyer(other.buyer_id), other.id))
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
    qtbot.waitUntil(lambda: QApplication.focusWidget() is pay.view.qr.pay)
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
    search = counter.screens.page("orders").search
    search.setText("한빛")
    keyboard.scan_in_hangul([("", "ㅖ"), ("ㅖ", "ㅒ"), ("ㅒ", ""), *str(unpaid.id)])
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert search.text() == "한빛"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("999999", "‘999999’에 맞는 주문이 없습니다."),
        ("ABC-12", "주문번호가 아니므로"),
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
    qtbot.waitUntil(lambda: pay.view.qr.pay.isEnabled())
    pay.view.qr.pay.click()
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


def test_the_fixed_text_at_a_live_qr(qtbot, counter, keyboard, unpaid, on_sale):
    pay = counter.screens.pay
    counter.screens.open_order(unpaid.buyer_id, unpaid.id)
    qtbot.waitUntil(lambda: pay.view.qr.pay.isEnabled())
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)
    link, where = pay.progress.attempt, pay.view.qr.code.geometry()
    for code in (BARCODE, "PO1199", str(unpaid.id), "?x"):
        counter.window.toast.hide()
        keyboard.scan(code)
        text = f"결제 중에는 담을 수 없습니다. 스캔한 바코드: {code}"
        assert message(qtbot, counter) == text
        assert (pay.progress.attempt, pay.view.qr.code.geometry()) == (link, where)
    assert counter.window.current == "pay" and pay.is_live


BARCODE = "8801234567893"


@pytest.fixture(scope="module")
def on_sale(shared):
    product = records.product(990_001, barcode=f"0{BARCODE}", name="소금빵")
    with shared.demo.container.store.transaction() as uow:
        uow.catalogue.add_products([product])
        uow.commit()
    return product


def test_a_product_that_cannot_be_sold_yet_is_named(
    qtbot, counter, any_mode, on_sale, unpaid, paid
):
    fill(counter, unpaid, paid)
    for name in SCREENS:
        if name == "cancel":
            continue
        counter.window.show_screen(name)
        counter.window.screen_named(name).setFocus()
        counter.window.toast.hide()
        any_mode.scan(BARCODE)
        said = message(qtbot, counter)
        assert "소금빵" in said and "판매는 아직" in said and BARCODE in said
        assert counter.window.current == name


def test_a_scan_at_the_desk_selects_its_row_or_opens_the_order(qtbot, counter, keyboard, paid):
    desk = counter.screens.page("requests")
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: desk.model.rowCount() > 2)
    desk.view.search.setFocus()
    before = written(counter.window)
    for row in reversed(desk.model.rows[1:]):
        keyboard.scan(f"PO{row.order_id}")
        first = next(at for at, one in enumerate(desk.model.rows) if one.order_id == row.order_id)
        qtbot.waitUntil(lambda first=first: desk.view.view.row == first)
    assert counter.window.current == "requests" and written(counter.window) == before
    assert not desk.model.ticked_rows
    listed = {row.order_id for row in desk.model.rows}
    other = next(one for one in orders_of(counter, paid=True) if one.id not in listed)
    keyboard.scan(str(other.id))
    qtbot.waitUntil(lambda: counter.window.current == "order")


@pytest.mark.parametrize("code", ["1200", "ABC-12", BARCODE])
def test_a_field_that_counts_ignores_a_scan_and_the_status_line_says_so(
    qtbot, counter, any_mode, code
):
    desk = counter.screens.page("requests")
    counter.screens.open_requests(seller_of_requests(counter))
    qtbot.waitUntil(lambda: desk.model.rowCount() > 0)
    field, page, row = desk.view.pager.field, desk.pages.number, desk.view.view.row
    field.setFocus()
    before = written(counter.window)
    any_mode.scan(code)
    status = counter.window.status_bar.message
    qtbot.waitUntil(lambda: "숫자를 입력하는 칸" in status.text() and code in status.text())
    assert (desk.pages.number, desk.view.view.row) == (page, row)
    assert counter.window.current == "requests" and written(counter.window) == before
    counter.window.status_bar._end_passing()
    assert status.text() == ""


@pytest.mark.parametrize("inside", [False, True], ids=["on a page", "in a dialog"])
def test_a_field_that_asks_for_a_code_takes_it(qtbot, counter, any_mode, paid, inside):
    if inside:
        saved_filters(qtbot, counter, paid)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        line = QApplication.activeModalWidget().name
    else:
        counter.window.show_screen("orders")
        line = counter.screens.page("orders").search
    line.setProperty("scan", "code")
    line.setText("before")
    line.setFocus()
    any_mode.scan("PO1200")
    qtbot.waitUntil(lambda: line.text() == "PO1200")
    line.setProperty("scan", "")
    line.clear()


def test_scans_in_a_row_are_all_answered_in_order(qtbot, counter, keyboard):
    counter.window.show_screen("more")
    for code in ("999991", "ABC-1", "999992"):
        keyboard.scan(code)
    qtbot.waitUntil(lambda: "999992" in counter.window.toast.message)
    said = counter.window.toast.message.splitlines()
    assert [code in line for code, line in zip(("999991", "ABC-1", "999992"), said, strict=True)]
    keyboard.scan("999993")
    qtbot.waitUntil(lambda: "999993" in counter.window.toast.message)
    assert len(counter.window.toast.message.splitlines()) == 3


def test_a_scan_while_a_page_opens_opens_its_order_after_it(qtbot, counter, keyboard):
    """The second scan arrives half before, half after the page of the first one stands."""
    one, other = list(orders_of(counter, paid=False))[:2]
    pay = counter.screens.pay
    counter.window.show_screen("orders")
    search = counter.screens.page("orders").search
    search.setText("한빛")
    keyboard.scan(str(one.id))
    keyboard.press("P", 200)
    keyboard.press("O", SCANNER_MS)
    counter._scans._timer.stop()  # the time of the page is the program's, not the scanner's
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    for key in (*str(other.id), Qt.Key.Key_Return, Qt.Key.Key_Return):
        keyboard.press(key, SCANNER_MS)
    qtbot.waitUntil(lambda: pay._controller._target == (Actor.buyer(other.buyer_id), other.id))
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    counter._scans.flush()
    assert (pay.progress, search.text()) == (None, "한빛")


def test_a_reason_that_is_being_written_is_not_left_for_a_scan(qtbot, counter, keyboard, paid):
    cancel = counter.screens.page("cancel")
    counter.screens.open_cancel(Actor.buyer(paid.buyer_id), paid.items[0].id)
    reason = cancel.view.form.form.reason_field.line
    qtbot.waitUntil(reason.isVisible)
    reason.setText("봉투가 찢어졌어요")
    keyboard.scan("1200")
    assert "입력 중인 내용" in message(qtbot, counter)
    assert counter.window.current == "cancel"
    assert reason.text() == "봉투가 찢어졌어요"


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
    screen = counter.window.screen_named("open_money")
    ExplanationDialog(counter._texts, 5_000, [("주문번호", str(paid.id))], screen).open()


def what_is_pending(qtbot, counter, paid):
    report = counter.demo.container.sync_service.report(5)
    clock, window = SystemClock(), counter.window
    PendingDialog(counter._texts, clock, report, window).open()


def an_export(qtbot, counter, paid):
    counter.screens.open_requests(seller_of_requests(counter))
    requests = counter.screens.page("requests")
    qtbot.waitUntil(lambda: requests.model.rowCount() > 0)
    ExportDialog(counter._texts, SystemClock().now(), "", counter.window).open()


def the_keys(qtbot, counter, paid):
    counter.window.show_screen("requests")
    counter.window.top_bar.help.click()


def an_error(qtbot, counter, paid):
    counter.window.show_screen("more")
    errors = ErrorDialog(counter._texts, counter.window, "logs")
    errors.report(RuntimeError("x"))


DIALOGS = {
    a_live_qr_question: ConfirmDialog,
    a_cancel_question: CancelDialog,
    a_decision_question: DecisionDialog,
    saved_filters: SavedFiltersDialog,
    an_explanation: ExplanationDialog,
    what_is_pending: PendingDialog,
    an_export: ExportDialog,
    the_keys: KeyList,
    an_error: QMessageBox,
}
"""What opens one of every kind; a test below compares them with the classes of the program."""


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda one: one.__name__)
def test_a_scan_in_a_dialog_answers_nothing(qtbot, counter, any_mode, scanned, paid, dialog):
    dialog(qtbot, counter, paid)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    modal = QApplication.activeModalWidget()
    assert isinstance(modal, QDialog)
    if isinstance(modal, ConfirmDialog) and not lacks_an_answer(modal):
        qtbot.waitUntil(modal.can_agree)
    chance = random.Random(dialog.__name__)
    for place in places(modal):
        untouched(counter, any_mode, scanned, place, chance)
        assert modal.isVisible()


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda one: one.__name__)
def test_a_scan_in_a_dialog_is_answered_inside(qtbot, counter, keyboard, paid, dialog):
    dialog(qtbot, counter, paid)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    modal, current = QApplication.activeModalWidget(), counter.window.current
    keyboard.scan("1200")
    qtbot.waitUntil(lambda: "이 창을 닫고 다시" in reported_in(modal))
    assert "1200" in reported_in(modal)
    assert counter.window.current == current and modal.isVisible()
    for toast in modal.findChildren(Toast):
        covered = [
            one
            for one in modal.findChildren(QAbstractButton)
            if one.isVisible() and toast.geometry().intersects(rectangle_of(one, modal))
        ]
        assert not covered or isinstance(modal, (QFileDialog, QMessageBox))


def rectangle_of(one: QWidget, root: QWidget) -> QRect:
    return QRect(one.mapTo(root, QPoint(0, 0)), one.size())


def test_every_dialog_of_the_program_is_scanned_in():
    for module in pkgutil.walk_packages(posapp.ui.__path__, "posapp.ui."):
        importlib.import_module(module.name)
    own = {one for one in subclasses(QDialog) if one.__module__.startswith("posapp.")}
    assert own == {one for one in DIALOGS.values() if one.__module__.startswith("posapp.")}


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def lacks_an_answer(modal: ConfirmDialog) -> bool:
    """Its fields come before its answer."""
    return any(not line.text() for line in modal.findChildren(QLineEdit))


def reported_in(modal: QDialog) -> str:
    if isinstance(modal, ConfirmDialog):
        return modal.notice.text()
    toast = modal.findChild(Toast)
    return toast.message if toast is not None and toast.isVisible() else ""


def test_scan_before_the_services_are_ready_opens_then(qtbot, tmp_path):
    keyboard = Keyboard()

    def scan(counter) -> None:
        qtbot.waitUntil(lambda: counter._scans is not None)
        keyboard.scan("ABC-12")
        keyboard.scan("1200")

    with demo_counter(qtbot, tmp_path, keyboard.clock, before=scan) as counter:
        qtbot.waitUntil(lambda: counter.window.current in ("pay", "order"))
        assert "ABC-12" in counter.window.toast.message, "the scan before it is answered too"
        seen = {line: text for line, (text, *_) in written(counter.window).items()}
        assert all(not text for line, text in seen.items() if line.isVisible())
