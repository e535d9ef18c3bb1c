"""How each page is opened, and its states: for pictures, and for the tests over every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.orders import Order
from posapp.domain.permissions import StaffRole
from posapp.domain.requests import RequestState
from posapp.domain.z_reports import Blocker
from posapp.services.bookkeeping.print_log import addendum_key, record_print
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.staff.sign_in import StaffTile
from posapp.services.staff.staff_directory import StaffEntry
from posapp.ui.core.resources import resource
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell import routes
from posapp.ui.shift.closing_view import Step
from posapp.ui.shift.shift_layout import View
from tests.pictures import papers
from tests.pictures.addenda import AWAY, close_uncompared, compare
from tests.pictures.cash import container_of, hold_cash, open_shift, undo_cash

if TYPE_CHECKING:
    from posapp.ui.charts.charts_screen import ChartsScreen
    from posapp.ui.importing.import_screen import ImportScreen
    from posapp.ui.printers.printer_screen import PrinterScreen
    from posapp.ui.products.product_screen import ProductScreen
    from posapp.ui.sale.sale_screen import SaleScreen
    from posapp.ui.shift.shift_screen import ShiftScreen
    from posapp.ui.staff.staff_screen import StaffScreen

FILES = Path(__file__).parents[1] / "importing" / "data"
_PATIENCE_MS = 20_000
_TURN_MS = 20
BREAD, MILK, CAKE = "2000000000213", "2000000000176", "2000000000275"
LATTE = "2000000000121"
LATTE_ID = 12
"""Barcodes of products of the demo shop."""

UNKNOWN = "8801043014830"
"""A barcode that no product of the demo shop has."""

_CLOSING_STEPS = 4
SELLER = 1
BUYER = 101


@dataclass(frozen=True, slots=True)
class Visit:
    """One state of a page.

    Attributes:
        route: id of the page.
        open: brings the window into the state; ``None`` if the shop has no record for it.
    """

    route: str
    open: Callable[[CounterWindow], object]


def until(reached: Callable[[], object], patience_ms: int = _PATIENCE_MS) -> None:
    """Run the event loop until something is reached.

    Raises:
        TimeoutError: it was not, in time.
    """
    for _ in range(patience_ms // _TURN_MS):
        if reached():
            return
        QTest.qWait(_TURN_MS)
    raise TimeoutError("the page does not show what it should")


def orders(counter: CounterWindow) -> Iterator[Order]:
    """Yield the shop's orders, the newest first."""
    with counter.demo.container.store.snapshot() as uow:  # type: ignore[attr-defined]
        for number in range(1200, 1000, -1):
            order = uow.orders.get(number)
            if order is not None and order.active_items and order.total:
                yield order


def unpaid(counter: CounterWindow) -> Order | None:
    """Return an order that waits for payment."""
    return next((one for one in orders(counter) if not one.is_paid), None)


def paid(counter: CounterWindow) -> Order | None:
    """Return a paid order."""
    return next((one for one in orders(counter) if one.is_paid), None)


def seller_of_requests(counter: CounterWindow) -> int:
    """Return a seller with a request that waits; any seller if there is none."""
    with counter.demo.container.store.snapshot() as uow:  # type: ignore[attr-defined]
        for number in range(1200, 1000, -1):
            for request in uow.requests.for_order(number):
                if request.state is RequestState.WAIT:
                    return int(request.seller_id)
    return SELLER


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    focused = QApplication.focusWidget()
    if focused is not None:
        QTest.keyClick(focused, key)


def _page(name: str) -> Callable[[CounterWindow], object]:
    return lambda counter: counter.window.show_screen(name)


def _ready(counter: CounterWindow) -> None:
    order = unpaid(counter)
    if order is not None:
        counter.screens.open_order(order.buyer_id, order.id)
        until(lambda: counter.screens.pay.view.qr.pay.isEnabled())


def _live(counter: CounterWindow) -> None:
    _ready(counter)
    if unpaid(counter) is not None:
        press(Qt.Key.Key_Return)
        until(lambda: counter.screens.pay.is_live)


def _paid(counter: CounterWindow) -> None:
    _live(counter)
    pay = counter.screens.pay
    if pay.progress is not None:
        books = counter.demo.sandbox.books  # type: ignore[attr-defined]
        books.pay(pay.progress.attempt.merchant_uid)
        until(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.DONE)


def _order(counter: CounterWindow) -> None:
    order = paid(counter)
    if order is not None:
        counter.screens.open_history(order.id)


def _unpaid_order(counter: CounterWindow) -> None:
    order = unpaid(counter)
    if order is not None:
        counter.screens.open_history(order.id)


def _receipt(counter: CounterWindow) -> None:
    order = paid(counter)
    if order is not None:
        counter.screens.open(routes.RECEIPT, {"order_id": order.id})


def _report(counter: CounterWindow) -> None:
    order = paid(counter)
    if order is not None:
        counter.screens.open(routes.RECEIPT, {"order_id": order.id, "paper": "report"})


def _slip(counter: CounterWindow) -> None:
    with counter.demo.container.store.snapshot() as uow:  # type: ignore[attr-defined]
        refunds = [
            refund for order in orders(counter) for refund in uow.refunds.for_order(order.id)
        ]
    if refunds:
        shown = {"order_id": refunds[0].order_id, "paper": f"slip {refunds[0].id}"}
        counter.screens.open(routes.RECEIPT, shown)


def _cancel(counter: CounterWindow) -> None:
    order = paid(counter)
    if order is not None:
        counter.screens.open_cancel(Actor.buyer(order.buyer_id), order.active_items[0].id)


def _deliveries(counter: CounterWindow) -> None:
    counter.window.show_screen(routes.DELIVERIES)


def _sale(counter: CounterWindow, *codes: str) -> SaleScreen:
    """Show the sale with what some scans add; with none, the empty cart."""
    counter.window.show_screen(routes.SALE)
    page = cast("SaleScreen", counter.screens.page(routes.SALE))
    for code in codes:
        page.take_scan(code)
    until(lambda: counter.runner.busy == 0 and not page.is_busy)
    return page


def sale_of(counter: CounterWindow) -> SaleScreen:
    """Show the sale with three lines, one of them of several pieces."""
    return _sale(counter, BREAD, MILK, BREAD, CAKE)


def _sale_codes(counter: CounterWindow) -> None:
    _sale(counter, BREAD, UNKNOWN)


def _sale_found(counter: CounterWindow) -> None:
    page = _sale(counter, BREAD)
    page.focus_search()
    page.view.goods.search.setText("ㅅㄱ")
    page.view.goods.search.flush()


def _sale_options(counter: CounterWindow) -> None:
    _sale(counter, BREAD, LATTE)


def _sale_discount(counter: CounterWindow) -> None:
    page = sale_of(counter)
    page.view.discount_button.click()
    page.view.goods.discount.kind.segments[1].click()
    page.view.goods.discount.value.line.setText("10")


def _sale_cash(counter: CounterWindow, received: str) -> SaleScreen:
    """Show the panel that takes cash, with what was received."""
    open_shift(counter)
    page = sale_of(counter)
    page.view.cash.click()
    page.cash.panel.received.line.setText(received)
    return page


def _sale_cash_question(counter: CounterWindow) -> None:
    _sale_cash(counter, "50600000").cash.panel.take.click()


def _sale_drawer(counter: CounterWindow) -> None:
    open_shift(counter)
    sale_of(counter).view.drawer.click()


def _cash_outcome(counter: CounterWindow) -> None:
    page = _sale_cash(counter, "60000")
    if page.cart is not None and page.cart.amounts.payable:
        page.cash.panel.take.click()
        until(lambda: counter.window.current == routes.PAYING)


def _held(counter: CounterWindow, *, panel: bool = False) -> None:
    held = hold_cash(counter, CAKE, 10_000)
    if held is None:
        return
    buyer, order_id = held
    counter.screens.open(routes.PAYING, {"actor": buyer, "order_id": order_id})
    until(lambda: counter.screens.pay.view.outcome.given.isVisible())
    if panel:
        counter.screens.pay.view.outcome.cash.click()


def _held_row(counter: CounterWindow) -> None:
    hold_cash(counter, CAKE, 10_000)
    counter.window.show_screen(routes.OPEN_MONEY)


def _sale_note(counter: CounterWindow) -> None:
    sale_of(counter).view.note_button.click()


def sale_held(counter: CounterWindow) -> SaleScreen:
    """Show the sale with an empty cart and another one on hold."""
    page = _sale(counter, BREAD, CAKE)
    page.view.hold.click()
    until(lambda: counter.runner.busy == 0 and not page.is_busy)
    return page


def _charts(counter: CounterWindow, kind: str) -> None:
    """Show the figures of 30 days."""
    counter.window.show_screen(routes.CHARTS)
    page = cast("ChartsScreen", counter.screens.page(routes.CHARTS))
    page.periods.segments.segments[2].click()
    page.kind.segments[page.kind.keys.index(kind)].click()
    until(lambda: counter.runner.busy == 0)


def close_shift(counter: CounterWindow) -> None:
    """Close the shift, if one is open, 2,000 won short."""
    container = counter.demo.container  # type: ignore[attr-defined]
    if container.shift_service.read() is not None:
        names = {one.key: "내일 오전에 확인" for one in container.closing_service.open_matters()}
        counts = {50_000: 1, 10_000: 7, 1_000: 16}
        container.closing_service.close_shift(
            container.session.actor, counts, "거스름돈 착오", names
        )


def shift_of(counter: CounterWindow, *, is_open: bool = True) -> ShiftScreen:
    """Show the page of the shift, with one that is open or with none."""
    (open_shift if is_open else close_shift)(counter)
    counter.window.show_screen(routes.SHIFT)
    page = cast("ShiftScreen", counter.screens.page(routes.SHIFT))
    page.flow.forget()
    page.clear()
    page._reader.refresh()
    until(lambda: counter.runner.busy == 0)
    until(lambda: page.view.view is (View.OVERVIEW if is_open else View.OPENING))
    return page


def _shift_x(counter: CounterWindow) -> None:
    shift_of(counter).view.interim.click()
    until(lambda: counter.runner.busy == 0)


def _shift_reports(counter: CounterWindow) -> ShiftScreen:
    open_shift(counter)
    page = shift_of(counter, is_open=False)
    page.view.reports_button.click()
    until(lambda: counter.runner.busy == 0)
    return page


def _shift_z(counter: CounterWindow) -> None:
    _shift_reports(counter).view.open_report.click()


def _shift_addenda(counter: CounterWindow, *, is_opened: bool) -> None:
    close_shift(counter)
    if not container_of(counter).closing_service.addenda(container_of(counter).session.actor):
        close_uncompared(counter)
        made = compare(counter)
        with container_of(counter).store.transaction() as uow:
            record_print(uow.checkpoints, addendum_key(made.number), made.made_at)
            uow.commit()
        close_uncompared(counter)
    page = _shift_reports(counter)
    if is_opened:
        rows = page.view.reports.rows.rows
        (at, *_) = (place for place, one in enumerate(rows) if one.addendum)
        page.view.reports.table.select(at)
        page.view.open_report.click()


def _shift_uncompared(counter: CounterWindow) -> None:
    """Show the check of a closing without a network; ``leave`` brings it back."""
    page = shift_of(counter)
    AWAY.stop()
    AWAY.start()
    page._reader.refresh()
    until(lambda: counter.runner.busy == 0)
    page.view.next.click()
    until(lambda: counter.runner.busy == 0)
    page.flow.view.checks.select_first_left()


def closing_step(counter: CounterWindow, step: Step) -> ShiftScreen:
    """Show a step of closing a shift beside cash that waits for its rest."""
    container = counter.demo.container  # type: ignore[attr-defined]
    if not any(one.kind is Blocker.HELD_CASH for one in container.closing_service.open_matters()):
        open_shift(counter)
        actor = container.session.actor
        container.cart_service.scan(actor, CAKE)
        cart = container.cart_service.read()
        if cart is not None and cart.amounts.payable > 1_000:
            payable = int(cart.amounts.payable)
            container.cash_service.sell(actor, payable, 1_000, rest_by_qr=True)
        else:
            container.cart_service.clear(actor)
    page = shift_of(counter)
    page.view.next.click()
    if step is not Step.CHECK:
        for matter in page.view.closing.checks.left:
            page.flow._ask_name(matter)
            page.flow._name("내일 오전에 확인")
        until(lambda: counter.runner.busy == 0)
        page.flow.view.count.show_counts({50_000: 2, 10_000: 3, 1_000: 6})
        for _ in range(_CLOSING_STEPS):
            if page.flow.view.step < step:
                page.view.next.click()
                until(lambda: counter.runner.busy == 0)
                page.flow.view.reason.line.setText("거스름돈 착오")
    return page


def _products(counter: CounterWindow) -> ProductScreen:
    counter.window.show_screen(routes.PRODUCTS)
    until(lambda: counter.runner.busy == 0)
    return cast("ProductScreen", counter.screens.page(routes.PRODUCTS))


def _product_form(counter: CounterWindow) -> None:
    page = _products(counter)
    numbers = [one.id for one in page.view.rows.rows]
    page.view.table.select(numbers.index(LATTE_ID) if LATTE_ID in numbers else 0)
    (page.view.edit if numbers else page.view.add).click()
    until(lambda: counter.runner.busy == 0)


def _product_new(counter: CounterWindow) -> None:
    page = _products(counter)
    page.view.add.click()
    until(lambda: counter.runner.busy == 0)
    page.view.form.codes.field.line.setText("8801043014831")
    page.view.form.codes.take()


def _product_label(counter: CounterWindow) -> None:
    papers.give_printer(counter, PrinterState.READY)
    page = _products(counter)
    if not page.view.rows.rows:
        return
    page.view.table.select(0)
    page.view.label.click()
    until(lambda: counter.runner.busy == 0)
    papers.drop_notices(counter)


def clear_cart(counter: CounterWindow) -> None:
    """Empty the cart, and drop those on hold."""
    container = counter.demo.container  # type: ignore[attr-defined]
    carts, actor = container.cart_service, container.session.actor
    carts.clear(actor)
    for held in carts.held():
        carts.drop(actor, held.cart.id)


def _buyer_request(counter: CounterWindow) -> None:
    order = paid(counter)
    buyer = order.buyer_id if order is not None else BUYER
    item_id = order.items[0].id if order is not None else 1
    counter.screens.open(routes.BUYER_REQUEST, {"actor": Actor.buyer(buyer), "item_id": item_id})


def _requests(counter: CounterWindow) -> None:
    counter.screens.open_requests(seller_of_requests(counter))


def _import(counter: CounterWindow, file: Path) -> None:
    counter.screens.open(routes.IMPORT, {"path": file})
    page = cast("ImportScreen", counter.screens.page(routes.IMPORT))
    until(lambda: not page.is_busy)


def _import_problems(counter: CounterWindow) -> None:
    _import(counter, FILES / "12-emoji-complaint.csv")


def _import_orders(counter: CounterWindow) -> None:
    _import(counter, resource("demo", "order_lines.csv"))


def _import_columns(counter: CounterWindow) -> None:
    _import_orders(counter)
    cast("ImportScreen", counter.screens.page(routes.IMPORT)).view.map.click()


def _staff(counter: CounterWindow) -> StaffScreen:
    """Open the page of the staff with people on it, who are in no record: with them, every other
    visit would begin with a PIN."""
    counter.window.show_screen(routes.STAFF)
    until(lambda: counter.runner.busy == 0)
    page = cast("StaffScreen", counter.screens.page(routes.STAFF))
    page.view.show_entries(PEOPLE, 1)
    page.view.show_entry(page.entry)
    return page


def _staff_new(counter: CounterWindow) -> None:
    view = _staff(counter).view
    view.add.click()
    view.form.role.segments[1].click()
    view.form.own.show()


def _staff_code(counter: CounterWindow) -> None:
    _staff(counter)._show_code("LRUM-2AQP-7HJK-WXYZ-B3DE-MNOP")


def _lock(counter: CounterWindow, chosen: int | None) -> None:
    lock = counter.lock
    assert lock is not None
    lock._lock(None)
    until(lambda: counter.runner.busy == 0)
    assert lock.screen is not None
    lock.screen.show_people([StaffTile(one.id, one.name, one.role, 6) for one in PEOPLE], chosen)


PEOPLE = tuple(
    StaffEntry(
        number,
        name,
        role,
        1 if role is StaffRole.SELLER else None,
        active=number != 5,
        is_locked=number == 3,
        has_pin=number != 4,
        tries=20 if number == 3 else 0,
        signed_in_at=datetime(2026, 11, 27, 5, number, tzinfo=UTC) if number < 4 else None,
        refunded_today=Won(7_600 if number == 2 else 0),
    )
    for number, name, role in (
        (1, "이서준", StaffRole.MANAGER),
        (2, "김하나", StaffRole.SELLER),
        (3, "박지우", StaffRole.CASHIER),
        (4, "Alexandria Featherstonehaugh-Cholmondeley", StaffRole.CASHIER),
        (5, "남궁온누리빛가람한솔", StaffRole.SELLER),
    )
)
"""People of all kinds."""


def _printer(
    counter: CounterWindow, now: PrinterState | PrinterProblem, *, is_waiting: bool = False
) -> None:
    order = next(orders(counter), None)
    if is_waiting and order is not None:
        papers.leave_papers(counter, order.id)
    roll = papers.give_printer(counter, now)
    counter.window.show_screen(routes.PRINTER)
    page = cast("PrinterScreen", counter.screens.page(routes.PRINTER))
    until(lambda: roll.known is not None)
    page.refresh()
    wanted = 3 if is_waiting and order is not None else 0
    # At least: a monkey has papers of its own that wait.
    until(lambda: counter.runner.busy == 0 and len(page.view.model.entries) >= wanted)
    if wanted:
        page.view.list.setCurrentIndex(page.view.model.index(wanted - 1))
    papers.drop_notices(counter)


LOCKS: Mapping[str, Visit] = {
    "lock": Visit(routes.HOME, lambda counter: _lock(counter, None)),
    "lock_pin": Visit(routes.HOME, lambda counter: _lock(counter, 2)),
}
"""The lock in the place of a page: it is no route, and neither tabs nor head are there."""

VISITS: Mapping[str, Visit] = {
    **{
        name: Visit(name, _page(name))
        for name in (
            *(routes.HOME, routes.CARDS, routes.ORDERS, routes.MORE),
            *(routes.SYNC, routes.OPEN_MONEY, routes.SETTINGS, routes.APPEARANCE),
            *(routes.IMPORT, routes.PRODUCTS, routes.CASH_RECEIPTS),
        )
    },
    "products_form": Visit(routes.PRODUCTS, _product_form),
    "products_new": Visit(routes.PRODUCTS, _product_new),
    "products_label": Visit(routes.PRODUCTS, _product_label),
    routes.PRINTER: Visit(routes.PRINTER, _page(routes.PRINTER)),
    "printer_ready": Visit(routes.PRINTER, partial(_printer, now=PrinterState.READY)),
    "printer_waiting": Visit(
        routes.PRINTER, partial(_printer, now=papers.NO_PAPER, is_waiting=True)
    ),
    routes.STAFF: Visit(routes.STAFF, _page(routes.STAFF)),
    routes.CHARTS: Visit(routes.CHARTS, lambda counter: _charts(counter, "hour")),
    **{
        f"charts_{kind}s": Visit(routes.CHARTS, partial(_charts, kind=kind))
        for kind in ("day", "product", "tender")
    },
    routes.SHIFT: Visit(routes.SHIFT, partial(shift_of, is_open=False)),
    "shift_open": Visit(routes.SHIFT, shift_of),
    "shift_x": Visit(routes.SHIFT, _shift_x),
    "shift_reports": Visit(routes.SHIFT, _shift_reports),
    "shift_z": Visit(routes.SHIFT, _shift_z),
    "shift_addenda": Visit(routes.SHIFT, partial(_shift_addenda, is_opened=False)),
    "shift_addendum": Visit(routes.SHIFT, partial(_shift_addenda, is_opened=True)),
    "shift_uncompared": Visit(routes.SHIFT, _shift_uncompared),
    **{
        f"shift_{step.name.lower()}": Visit(routes.SHIFT, partial(closing_step, step=step))
        for step in Step
    },
    "staff_people": Visit(routes.STAFF, _staff),
    "staff_new": Visit(routes.STAFF, _staff_new),
    "staff_code": Visit(routes.STAFF, _staff_code),
    "import_problems": Visit(routes.IMPORT, _import_problems),
    "import_orders": Visit(routes.IMPORT, _import_orders),
    "import_columns": Visit(routes.IMPORT, _import_columns),
    routes.REQUESTS: Visit(routes.REQUESTS, _requests),
    routes.DELIVERIES: Visit(routes.DELIVERIES, _deliveries),
    routes.SALE: Visit(routes.SALE, sale_of),
    "sale_empty": Visit(routes.SALE, _sale),
    "sale_found": Visit(routes.SALE, _sale_found),
    "sale_options": Visit(routes.SALE, _sale_options),
    "sale_discount": Visit(routes.SALE, _sale_discount),
    "sale_note": Visit(routes.SALE, _sale_note),
    "sale_cash": Visit(routes.SALE, partial(_sale_cash, received="50000")),
    "sale_cash_part": Visit(routes.SALE, partial(_sale_cash, received="10000")),
    "sale_cash_question": Visit(routes.SALE, _sale_cash_question),
    "sale_drawer": Visit(routes.SALE, _sale_drawer),
    "sale_held": Visit(routes.SALE, sale_held),
    "sale_codes": Visit(routes.SALE, _sale_codes),
    routes.BUYER_REQUEST: Visit(routes.BUYER_REQUEST, _buyer_request),
    routes.ORDER: Visit(routes.ORDER, _order),
    "order_unpaid": Visit(routes.ORDER, _unpaid_order),
    routes.RECEIPT: Visit(routes.RECEIPT, _receipt),
    "paper_report": Visit(routes.RECEIPT, _report),
    "paper_slip": Visit(routes.RECEIPT, _slip),
    routes.CANCEL: Visit(routes.CANCEL, _cancel),
    "pay_ready": Visit(routes.PAYING, _ready),
    "pay_qr": Visit(routes.PAYING, _live),
    "pay_paid": Visit(routes.PAYING, _paid),
    "pay_cash": Visit(routes.PAYING, _cash_outcome),
    "pay_held": Visit(routes.PAYING, _held),
    "pay_held_panel": Visit(routes.PAYING, partial(_held, panel=True)),
    "open_money_cash": Visit(routes.OPEN_MONEY, _held_row),
}
"""Every page at least once, by the name of the state."""


def leave(counter: CounterWindow) -> None:
    """End what a visit began, so that the next one starts from the first page."""
    AWAY.stop()
    if counter.window.locking.is_locked:
        counter.window.locking.unlock()
    staff = counter.window.made(routes.STAFF)
    if staff is not None:
        counter.screens.page(routes.STAFF).clear()
    if counter.window.made(routes.PRODUCTS) is not None:
        counter.screens.page(routes.PRODUCTS).clear()
    if counter.window.made(routes.SALE) is not None:
        clear_cart(counter)
        sale = cast("SaleScreen", counter.screens.page(routes.SALE))
        sale.clear()
        sale.set_online(True)
        sale.enter()
    undo_cash(counter)
    papers.take_printer_away(counter)
    if counter.window.made(routes.SHIFT) is not None:
        shift = cast("ShiftScreen", counter.screens.page(routes.SHIFT))
        shift.flow.forget()
        shift.clear()
    pay = counter.window.made(routes.PAYING)
    if pay is not None:
        counter.screens.pay.cash.taking.close()
    if pay is not None and counter.screens.pay.is_live:
        counter.screens.pay._stop()
        until(lambda: not counter.screens.pay.is_live)
    counter.go_home()
