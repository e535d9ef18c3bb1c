"""States beyond the first one of a page, to be looked at: dialogs, messages, errors, no network,
people who are signed in, and the steps of the set-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import ReceiptState
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
from posapp.domain.order_segments import OrderSegment
from posapp.domain.refund_limits import RefundLimits
from posapp.domain.requests import Decision
from posapp.domain.settings import SettingGroup
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.trial_payment import TrialState
from posapp.services.settings.setup_steps import Step
from posapp.services.staff.sign_in import StaffTile
from posapp.system.clock import SystemClock
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.payment.payment_controller import AttemptUpdate
from posapp.ui.printing.refund_slip import cash_slip_place
from posapp.ui.settings.setup_window import SetupWindow
from posapp.ui.shell import routes
from posapp.ui.staff.staff_question import StaffQuestion
from tests.fakes.setup_world import World
from tests.pictures.cash import refunded_in_cash
from tests.pictures.receipts import leave_receipts
from tests.pictures.refused import refused_order
from tests.pictures.unsent import leave_unsent
from tests.pictures.visits import (
    BUYER,
    CAKE,
    FILES,
    LOCKS,
    PEOPLE,
    VISITS,
    leave,
    paid,
    sale_of,
    shift_of,
    until,
)
from tests.pictures.waiting import Waiting
from tests.ui.counter import flow_places, scan_places
from tests.ui.settings.test_setup_window import KEYS, fill, go_to
from tests.ui.staff.staff_counter import CASHIER, MANAGER, OWN_SELLER, PINS, add_staff

_GUARD_MS = 400
"""Time in milliseconds after which a dangerous button is taken (``ActionGuard``)."""

_PROBE_MS = 60_000
"""Patience in milliseconds until the network is found gone, without anything to send."""

Open = Callable[[CounterWindow], object]


def _place(opens: Callable[..., object]) -> Open:
    """Return what opens one of the places that other tests visit; they take a bot."""
    return lambda counter: opens(Waiting(), counter, paid(counter))


def _text(counter: CounterWindow, message: str, **values: object) -> Callable[[], str]:
    return lambda: counter.texts(message, **values)  # type: ignore[attr-defined, no-any-return]


def _calm(counter: CounterWindow) -> None:
    until(lambda: counter.runner.busy == 0)
    QTest.qWait(50)


# Home.


def _home_problem(counter: CounterWindow) -> None:
    counter.go_home()
    problem = EnvironmentProblem(EnvironmentCode.SECRET_MISSING, "imp_secret")
    counter.home.show_start_problem(problem)


def _home_trial(state: TrialState, counter: CounterWindow) -> None:
    counter.go_home()
    trial = counter.trial
    assert trial is not None
    button = "trial.begin" if state is TrialState.OFFERED else "trial.give_back"
    counter.home.show_offer(trial._make_text(state), button)


def _offline(state: str, counter: CounterWindow) -> None:
    """Open a state without a network: nothing reaches PortOne."""
    counter.demo.sandbox.faults.add("drop_before")  # type: ignore[attr-defined]
    counter.worker.wake()
    VISITS[state].open(counter)
    until(lambda: not counter.screens._online, _PROBE_MS)


# Orders.


def _orders(counter: CounterWindow, text: str = "", segment: OrderSegment | None = None) -> Any:
    counter.screens.open(routes.ORDERS, {"text": text, "segment": segment})
    _calm(counter)
    return counter.screens.page(routes.ORDERS)


def _orders_select(counter: CounterWindow) -> None:
    page = _orders(counter, segment=OrderSegment.PAID)
    page.table.select_by(2)


# Payment.


def _phase(phase: PaymentPhase, counter: CounterWindow) -> None:
    """Show an attempt in a phase that the demo shop's PortOne would need minutes for."""
    VISITS["pay_qr"].open(counter)
    pay = counter.screens.pay
    progress = pay.progress
    if progress is None:
        return
    pay._stop()
    until(lambda: not pay.is_live)
    _calm(counter)
    pay._controller._take(AttemptUpdate(replace(progress, phase=phase), None))


def _last_seconds(counter: CounterWindow) -> None:
    VISITS["pay_qr"].open(counter)
    pay = counter.screens.pay
    if pay.is_live and pay.progress is not None:
        countdown = pay._controller.countdown
        countdown._deadline = countdown._clock.monotonic() + 29_000
        countdown._tick()


def _arrived(counter: CounterWindow) -> None:
    VISITS[routes.ORDER].open(counter)
    counter.arrivals.notify(  # type: ignore[union-attr]
        1200, _text(counter, "window.arrived", order=1200, amount="1,234,500원"), "success"
    )


# Cancelling.


def _cancel_pieces(counter: CounterWindow) -> None:
    flow_places.cancel_question(Waiting(), counter, paid(counter))
    dialog: Any = QApplication.activeModalWidget()
    reason = dialog.form.reason_field
    reason.clear()


def _cancel_failed(counter: CounterWindow) -> None:
    flow_places.cancel_question(Waiting(), counter, paid(counter))
    dialog: Any = QApplication.activeModalWidget()
    error = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.TIMEOUT)
    dialog.fail(lambda: counter.texts.error(error))  # type: ignore[attr-defined]


def _cancelled(counter: CounterWindow) -> None:
    """Cancel an item by the page of the cards, up to its result."""
    order = paid(counter)
    if order is None:
        return
    item = next((one for one in order.active_items if one.is_paid), order.active_items[0])
    counter.screens.open_cancel(Actor.buyer(order.buyer_id), item.id)
    page: Any = counter.screens.page(routes.CANCEL)
    until(page.view.form.button.isEnabled)
    page.view.form.form.reason_field.line.setText("단순 변심")
    QTest.qWait(_GUARD_MS)
    page.view.form.button.click()
    _calm(counter)
    QTest.qWait(1_500)


# Requests.


def _desk(counter: CounterWindow) -> Any:
    VISITS[routes.REQUESTS].open(counter)
    _calm(counter)
    return counter.screens.page(routes.REQUESTS)


def _desk_ticked(counter: CounterWindow) -> None:
    page = _desk(counter)
    if page.model.rowCount():
        page.view.view.select(0)
        for _ in range(2):
            QTest.keyClick(page.view.view, Qt.Key.Key_Space)
            QTest.keyClick(page.view.view, Qt.Key.Key_Down)


def _desk_nothing(counter: CounterWindow) -> None:
    page = _desk(counter)
    page.view.search.setText("없는 이름")
    page.view.search.flush()
    _calm(counter)


def _desk_bulk(counter: CounterWindow) -> None:
    page = _desk(counter)
    rows = [row for row in page.model.rows if row.state.value == "WAIT"][:3]
    if rows:
        page.decisions.start_with(Decision.APPROVE, tuple(rows))
        _calm(counter)


def _saved(counter: CounterWindow) -> None:
    page = _desk(counter)
    page.view.saved.click()
    until(lambda: QApplication.activeModalWidget() is not None)


# Unsent refunds, and money that no rule explains.


def _unsent(counter: CounterWindow) -> None:
    if counter.worker.is_running:
        leave_unsent(counter)
        _note_mismatches(counter)
    counter.window.show_screen(routes.SYNC)
    _calm(counter)
    QTest.qWait(600)


def _unsent_details(counter: CounterWindow) -> None:
    _unsent(counter)
    QTest.keyClick(QApplication.focusWidget() or counter.window, Qt.Key.Key_F3)


def _open_money(counter: CounterWindow) -> None:
    _unsent(counter)
    counter.window.show_screen(routes.OPEN_MONEY)
    _calm(counter)


def _open_money_details(counter: CounterWindow) -> None:
    _open_money(counter)
    QTest.keyClick(QApplication.focusWidget() or counter.window, Qt.Key.Key_F3)


def _after_key(state: Open, key: Qt.Key) -> Open:
    """Return what opens a state and presses a key that asks."""

    def opens(counter: CounterWindow) -> None:
        state(counter)
        _calm(counter)
        QTest.keyClick(QApplication.focusWidget() or counter.window, key)
        _calm(counter)

    return opens


def _note_mismatches(counter: CounterWindow) -> None:
    till = counter.demo.container  # type: ignore[attr-defined]
    kinds = (
        *(MismatchKind.CANCELS_DIFFER, MismatchKind.FOREIGN_PAYMENT),
        *(MismatchKind.LOST_PAYMENT, MismatchKind.AMOUNT_DIFFERS),
    )
    with till.store.transaction() as uow:
        for number, kind in enumerate(kinds):
            ids = f"PO-1KG-{number:04d}", f"imp_{123_456_789_000 + number}"
            now = SystemClock().now()
            uow.mismatches.note(Mismatch(0, kind, *ids, Won(1_000 * (number + 1)), "?", now))
        uow.commit()


# Cash receipts that wait for a person.


def _receipts(counter: CounterWindow) -> Any:
    leave_receipts(counter)
    counter.window.show_screen(routes.CASH_RECEIPTS)
    _calm(counter)
    page: Any = counter.screens.page(routes.CASH_RECEIPTS)
    page.refresh()
    _calm(counter)
    return page


def _receipts_at(state: ReceiptState, counter: CounterWindow) -> None:
    page = _receipts(counter)
    wanted = next(one for one in page.view.model.entries if one.receipt.state is state)
    page.view.choose(wanted.receipt.id)


def _home_receipts(counter: CounterWindow) -> None:
    leave_receipts(counter)
    counter.go_home()
    counter.home.status_changed()
    until(counter.home.rows["receipts"].isVisible)


# Other pages.


_help = _after_key(VISITS[routes.ORDERS].open, Qt.Key.Key_F1)


def _ship_menu(counter: CounterWindow) -> None:
    VISITS[routes.DELIVERIES].open(counter)
    _calm(counter)
    QTest.keyClick(QApplication.focusWidget() or counter.window, Qt.Key.Key_F3)


def _settings(counter: CounterWindow) -> Any:
    counter.window.show_screen(routes.SETTINGS)
    _calm(counter)
    return counter.screens.page(routes.SETTINGS)


def _settings_wrong(counter: CounterWindow) -> None:
    page = _settings(counter)
    page.search.setText("QR")
    page.search.flush()
    _calm(counter)
    line = next(
        line
        for row in page.rows.values()
        for line in row.findChildren(QLineEdit)
        if line.isVisible()
    )
    line.setFocus()
    line.setText("99999")
    QTest.keyClick(line, Qt.Key.Key_Return)


def _settings_printer(counter: CounterWindow) -> None:
    page = _settings(counter)
    page.groups.choose(SettingGroup.SALE)
    page._show_group()
    line = page.rows["receipt_printer"].findChild(QLineEdit)
    line.setFocus()
    line.setText("tcp:printer")
    QTest.keyClick(line, Qt.Key.Key_Return)


def _settings_nothing(counter: CounterWindow) -> None:
    page = _settings(counter)
    page.search.setText("우주선")
    page.search.flush()
    _calm(counter)


def _staff_question(counter: CounterWindow) -> None:
    VISITS["staff_people"].open(counter)
    page = counter.screens.page(routes.STAFF)
    texts = counter.texts  # type: ignore[attr-defined]
    StaffQuestion(texts, "remove", page, name=PEOPLE[1].name, needs_own_pin=True).open()


def _sale_refused(counter: CounterWindow) -> None:
    page = sale_of(counter)
    page._fail(UserError(ErrorCode.CART_CHANGED))
    page._take_count_key("12")


def _lock_wrong(counter: CounterWindow) -> None:
    LOCKS["lock_pin"].open(counter)
    assert counter.lock is not None and counter.lock.screen is not None
    counter.lock.screen.show_error(UserError(ErrorCode.PIN_WRONG))


def _lock_many(counter: CounterWindow) -> None:
    LOCKS["lock"].open(counter)
    assert counter.lock is not None and counter.lock.screen is not None
    people = [
        StaffTile(n, f"{PEOPLE[n % 3].name} {n}", PEOPLE[n % 5].role, 6) for n in range(1, 15)
    ]
    counter.lock.screen.show_people(people, None)


def _lock_qr(counter: CounterWindow) -> None:
    VISITS["pay_qr"].open(counter)
    LOCKS["lock"].open(counter)


def _import_ask(counter: CounterWindow) -> None:
    VISITS["import_orders"].open(counter)
    page: Any = counter.screens.page(routes.IMPORT)
    page.view.take.click()


def _import_gone(counter: CounterWindow) -> None:
    counter.screens.open(routes.IMPORT, {"path": FILES / "none.csv"})
    until(lambda: not counter.screens.page(routes.IMPORT).is_busy)  # type: ignore[attr-defined]


def _import_running(counter: CounterWindow) -> None:
    VISITS["import_orders"].open(counter)
    page: Any = counter.screens.page(routes.IMPORT)
    page.view.progress.show()
    page.view.progress.show_progress(120, 400)


def _not_found(counter: CounterWindow) -> None:
    counter.screens.open_order(BUYER, 999_999)
    _calm(counter)


def _not_theirs(counter: CounterWindow) -> None:
    order = paid(counter)
    if order is not None:
        counter.screens.open_cancel(Actor.buyer(order.buyer_id + 1), order.items[0].id)
        _calm(counter)


def _refused(counter: CounterWindow) -> None:
    """Show an order whose refund KakaoPay refused for good."""
    counter.screens.open_history(refused_order(counter).id)
    _calm(counter)


def _cash_back(counter: CounterWindow, *, slip: bool = False) -> None:
    """Show an order of which cash was handed out, or the slip of that."""
    made = refunded_in_cash(counter, CAKE)
    if made is None:
        return
    if slip:
        counter.screens.open(
            routes.RECEIPT, {"order_id": made[0], "paper": cash_slip_place(made[1])}
        )
    else:
        counter.screens.open_history(made[0])
    _calm(counter)


STATES: Mapping[str, Open] = {
    "home_refused": _place(flow_places.home_refused),
    "home_problem": _home_problem,
    "home_trial": partial(_home_trial, TrialState.OFFERED),
    "home_trial_paid": partial(_home_trial, TrialState.PAID),
    "home_offline": partial(_offline, routes.HOME),
    "pay_not_found": _not_found,
    "cancel_not_theirs": _not_theirs,
    "orders_found": lambda counter: _orders(counter, "010"),
    "orders_nothing": lambda counter: _orders(counter, "1198 없음"),
    "orders_paid": _orders_select,
    "orders_open": lambda counter: _orders(counter, segment=OrderSegment.OPEN),
    "orders_filter": _after_key(VISITS[routes.ORDERS].open, Qt.Key.Key_F3),
    "orders_period": _after_key(VISITS[routes.ORDERS].open, Qt.Key.Key_F4),
    "order_evidence": _after_key(VISITS[routes.ORDER].open, Qt.Key.Key_F3),
    "pay_offline": partial(_offline, "pay_ready"),
    "lock_qr": _lock_qr,
    "pay_buyer": _place(flow_places.buyer_pays),
    "pay_last_seconds": _last_seconds,
    "pay_failed": _place(flow_places.failed),
    "pay_stopped": _place(flow_places.stopped),
    **{
        f"pay_{phase.value}": partial(_phase, phase)
        for phase in (
            *(PaymentPhase.CHECKING, PaymentPhase.EXPIRED, PaymentPhase.RETURNING),
            *(PaymentPhase.RETURNED, PaymentPhase.RETURN_FAILED),
        )
    },
    "pay_elsewhere": _place(flow_places.qr_elsewhere),
    "pay_leaving": _place(scan_places.a_live_qr_question),
    "arrived": _arrived,
    "cancel_dialog": _place(flow_places.cancel_question),
    "cancel_empty": _cancel_pieces,
    "cancel_failed": _cancel_failed,
    "cancel_done": _cancelled,
    "requests_ticked": _desk_ticked,
    "requests_filters": _place(flow_places.desk_filters),
    "requests_nothing": _desk_nothing,
    "requests_approve": _place(scan_places.a_decision_question),
    "requests_bulk": _desk_bulk,
    "requests_reject": _place(flow_places.decision_question),
    "requests_refused": _place(flow_places.decision_refused),
    "requests_saved": _saved,
    "requests_export": _place(scan_places.an_export),
    "deliveries_undo": _place(flow_places.delivery_undo),
    "deliveries_search": _place(flow_places.delivery_search),
    "deliveries_menu": _ship_menu,
    "buyer_request_half": _place(flow_places.half_a_request),
    "keys": _place(scan_places.the_keys),
    "help": _help,
    "error": _place(scan_places.an_error),
    "closing": _place(scan_places.what_is_pending),
    "explanation": _place(scan_places.an_explanation),
    "settings_wrong": _settings_wrong,
    "settings_printer": _settings_printer,
    "settings_nothing": _settings_nothing,
    "staff_question": _staff_question,
    "shift_pay_in": lambda counter: shift_of(counter).view.pay_in.click(),
    "shift_drawer": lambda counter: shift_of(counter).view.drawer.click(),
    "sale_clear": lambda counter: sale_of(counter).view.clear.click(),
    "sale_refused": _sale_refused,
    "sale_offline": lambda counter: sale_of(counter).set_online(False),
    "lock_wrong": _lock_wrong,
    "lock_many": _lock_many,
    "import_ask": _import_ask,
    "import_gone": _import_gone,
    "import_running": _import_running,
    # The last ones: records that stay, and the worker is stopped for them.
    "cash_receipts_rows": _receipts,
    "cash_receipts_details": _after_key(_receipts, Qt.Key.Key_F3),
    "cash_receipts_unclear": partial(_receipts_at, ReceiptState.UNKNOWN),
    "cash_receipts_cancel": partial(_receipts_at, ReceiptState.CANCEL_REFUSED),
    "cash_receipts_number": _after_key(partial(_receipts_at, ReceiptState.REFUSED), Qt.Key.Key_F7),
    "cash_receipts_again": _after_key(partial(_receipts_at, ReceiptState.REFUSED), Qt.Key.Key_F8),
    "cash_receipts_elsewhere": _after_key(
        partial(_receipts_at, ReceiptState.CANCEL_REFUSED), Qt.Key.Key_F7
    ),
    "home_receipts": _home_receipts,
    "order_refused": _refused,
    "order_in_cash": _after_key(_refused, Qt.Key.Key_F7),
    "order_cash_back": _cash_back,
    "receipt_cash_slip": partial(_cash_back, slip=True),
    "sync_unsent": _unsent,
    "sync_details": _unsent_details,
    "sync_ask": _after_key(_unsent, Qt.Key.Key_F8),
    "sync_take_over": _after_key(_unsent, Qt.Key.Key_F7),
    "open_money_rows": _open_money,
    "open_money_details": _open_money_details,
    "open_money_ask": _after_key(_open_money, Qt.Key.Key_F8),
}
"""States of a shop without staff, by name."""


# People.


def sign_in(counter: CounterWindow, who: int) -> None:
    """Sign somebody in by their PIN."""
    lock = counter.lock
    assert lock is not None
    lock.lock()
    _calm(counter)
    lock._enter(who, PINS[who])
    until(lambda: not counter.window.locking.is_locked)
    _calm(counter)


def begin_staffed(counter: CounterWindow) -> None:
    """Have people at the shop, of whom nobody may refund anything without a second one."""
    add_staff(counter)
    guard = counter.demo.container.staff.access._refunds  # type: ignore[attr-defined]
    guard._limits = RefundLimits(without_pin=Won(0), with_pin=Won(0))
    assert counter.lock is not None
    counter.lock.begin()
    _calm(counter)


def _as(who: int, opens: Open) -> Open:
    def begin(counter: CounterWindow) -> None:
        sign_in(counter, who)
        opens(counter)

    return begin


_seller, _manager, _cashier = (partial(_as, who) for who in (OWN_SELLER, MANAGER, CASHIER))

STAFFED: Mapping[str, Open] = {
    "staffed_home": _manager(VISITS[routes.HOME].open),
    "staffed_home_seller": _seller(VISITS[routes.HOME].open),
    "staffed_home_cashier": _cashier(VISITS[routes.HOME].open),
    "staffed_more_cashier": _cashier(VISITS[routes.MORE].open),
    "staffed_cards_seller": _seller(VISITS[routes.CARDS].open),
    "staffed_requests": _seller(VISITS[routes.REQUESTS].open),
    "staffed_deliveries": _seller(VISITS[routes.DELIVERIES].open),
    "staffed_cancel": _seller(_place(flow_places.cancel_question)),
    "staffed_cancel_page": _seller(VISITS[routes.CANCEL].open),
    "staffed_approve": _seller(_place(scan_places.a_decision_question)),
    "staffed_bulk": _manager(_desk_bulk),
    "staffed_staff": _manager(VISITS[routes.STAFF].open),
}
"""States of a shop with staff, by name."""


# The set-up, in a window of its own.


def _step(step: Step, window: SetupWindow, world: World) -> None:
    go_to(window, world, step)


def _wrong_shop(window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.SHOP)
    fill(window, shop_name="Hana Bakery", business_number="124-81-00999")
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return)


def _wrong_keys(window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.KEYS)
    fill(window, **KEYS)
    world.account.error = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.UNAUTHORIZED)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Return)


def _no_channel(window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.KEYS)
    world.account.offers = ()
    go_to(window, world, Step.CHANNEL)


SETUP: Mapping[str, Callable[[SetupWindow, World], object]] = {
    **{f"setup_{step.value}": partial(_step, step) for step in Step},
    "setup_wrong_shop": _wrong_shop,
    "setup_wrong_keys": _wrong_keys,
    "setup_no_channel": _no_channel,
}
"""Steps of the set-up, and what goes wrong in them, by name."""


def end(counter: CounterWindow) -> None:
    """End what a state began, so that the next one starts from the first page."""
    counter.demo.sandbox.faults.clear()  # type: ignore[attr-defined]
    for popup in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if popup is not None:
            popup.close()
    QApplication.processEvents()
    flow_places.end_undo(counter)
    counter.window.help.close()
    if counter.arrivals is not None:
        while counter.arrivals.unseen:
            counter.arrivals._close()
    counter.window.toast.hide()
    counter.home._problem, counter.home._offer = None, None
    counter.home._notices.clear()
    for route in routes.ROUTE:
        page = counter.window.made(route)
        if isinstance(page, QWidget) and hasattr(page, "clear"):
            page.clear()
    leave(counter)
