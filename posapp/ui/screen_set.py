"""The screens behind the first one: made after the first paint, one at a time, and connected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cancelling import Side
from posapp.services.ports.machine import Clock
from posapp.services.progress import OVER
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.main_window import HOME, MainWindow
from posapp.ui.scan_routes import TakesScans
from posapp.ui.screens.buyer_requests import BuyerRequestsScreen
from posapp.ui.screens.cancel import CancelScreen
from posapp.ui.screens.cancel_cards import SIDES
from posapp.ui.screens.cancel_parts.asked import Step
from posapp.ui.screens.deliveries import DeliveriesScreen
from posapp.ui.screens.home import PAY
from posapp.ui.screens.more import MoreScreen
from posapp.ui.screens.open_money import OpenMoneyScreen
from posapp.ui.screens.order_page import OrderPage
from posapp.ui.screens.orders import OrdersScreen
from posapp.ui.screens.pay import PayScreen
from posapp.ui.screens.receipt import ReceiptScreen
from posapp.ui.screens.request_cards import BUYER_REQUEST_CARD, DELIVERIES_CARD, REQUESTS_CARD
from posapp.ui.screens.requests import RequestsScreen
from posapp.ui.sync_watch import SYNC, SyncWatch
from posapp.ui.sync_worker import SyncWorker
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.services.container import Container
    from posapp.ui.models.requests_saved import FilterShelf

ORDERS, PAYING, RECEIPT = "orders", "pay", "receipt"
CANCEL, ORDER, OPEN_MONEY = "cancel", "order", "open_money"
REQUESTS, MORE = "requests", "more"
BUYER_REQUEST, DELIVERIES = "buyer_request", "deliveries"
"""Names of the screens."""


class ScreenSet(QObject):
    """Every screen but home, and the ways between them.

    ``building`` makes them one at a time, so that whoever types meanwhile is not held up.
    """

    order_shown = Signal(object)
    """An order is before the person, however it was opened; its id. 0 is the sync page."""

    orders: OrdersScreen
    pay: PayScreen
    receipt: ReceiptScreen
    cancel: CancelScreen
    order: OrderPage
    open_money: OpenMoneyScreen
    requests: RequestsScreen
    more: MoreScreen
    buyer_request: BuyerRequestsScreen
    deliveries: DeliveriesScreen
    sync: SyncWatch

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        runner: TaskRunner,
        worker: SyncWorker,
        window: MainWindow,
        clock: Clock,
        *,
        shop: str,
        go_home: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._worker, self._window, self._clock, self._shop = worker, window, clock, shop
        self._go_home = go_home
        self._ways: dict[str, Callable[..., None]] = {
            PAY.name: self.open_order,
            **{name: self._cancelling_as(Side(side)) for name, side in SIDES.items()},
            REQUESTS_CARD.name: self.open_requests,
            BUYER_REQUEST_CARD.name: self.open_buyer_request,
            DELIVERIES_CARD.name: self.open_delivery,
        }

    def building(self) -> Iterator[None]:
        """Make one screen a turn; when it is exhausted, everything is connected."""
        looks = (self._texts, self._theme, self._runner)
        self.orders = OrdersScreen(*looks)
        self._window.add_screen(ORDERS, self.orders, has_way_back=True)
        yield
        self.pay = PayScreen(*looks, self._clock, shop=self._shop)
        self._window.add_screen(PAYING, self.pay, may_leave=self._leave_pay, has_way_back=True)
        yield
        self.receipt = ReceiptScreen(*looks)
        self._window.add_screen(
            RECEIPT, self.receipt, may_leave=self._leave_receipt, has_way_back=True
        )
        yield
        self.cancel = CancelScreen(*looks)
        self._window.add_screen(CANCEL, self.cancel, may_leave=self._leave_cancel)
        yield
        self.order = OrderPage(*looks, shop=self._shop, now=self._clock.now)
        self._add(ORDER, self.order)
        yield
        self.open_money = OpenMoneyScreen(*looks)
        self._add(OPEN_MONEY, self.open_money)
        yield
        self.requests = RequestsScreen(*looks, self._clock)
        self._add(REQUESTS, self.requests)
        yield
        self.buyer_request = BuyerRequestsScreen(*looks)
        self._add(BUYER_REQUEST, self.buyer_request)
        yield
        self.deliveries = DeliveriesScreen(*looks)
        self._add(DELIVERIES, self.deliveries)
        yield
        self.sync = SyncWatch(*looks, self._window, self._clock)
        yield
        self.more = MoreScreen(self._texts, (BUYER_REQUEST_CARD, DELIVERIES_CARD))
        self._add(MORE, self.more)
        yield
        self._connect_screens()
        self._connect_worker()

    def attach(self, services: Container, shelf: FilterShelf) -> None:
        """Give each screen its services, and the one with filters the place where they are kept."""
        self.orders.attach(services.search)
        self.pay.attach(services.paying)
        self.receipt.attach(services.receipts)
        self.cancel.attach(services.cancelling, services.cancelling_rest)
        self.order.attach(services.histories, services.cancelling)
        self.open_money.attach(services.open_money)
        self.requests.attach(services.desk, services.requests, shelf, services.export)
        self.buyer_request.attach(services.requesting)
        self.deliveries.attach(services.delivering, services.cancelling)
        self.sync.attach(services.sync)

    @property
    def that_may_stay(self) -> dict[str, TakesScans]:
        """The screens that a scan may not lead away from at any time."""
        return {
            PAYING: self.pay.staying,
            CANCEL: self.cancel,
            ORDER: self.order,
            REQUESTS: self.requests,
            BUYER_REQUEST: self.buyer_request,
        }

    @Slot(str, object)
    def open_card(self, card: str, ids: tuple[int, ...]) -> None:
        """What a card leads to.

        Raises:
            KeyError: there is no such card.
        """
        self._ways[card](*ids)

    @Slot(object, object)
    def open_order(self, user_id: int, order_id: int) -> None:
        """Show an order to be paid."""
        self.pay.open_order(user_id, order_id)
        self._window.show_screen(PAYING)
        self.order_shown.emit(order_id)

    @Slot(object, object, object)
    def open_cancel(self, side: Side, user_id: int, item_id: int) -> None:
        """Show an item to be cancelled or refunded."""
        self.cancel.open(side, user_id, item_id)
        self._window.show_screen(CANCEL)

    def _cancelling_as(self, side: Side) -> Callable[[int, int], None]:
        return lambda user_id, item_id: self.open_cancel(side, user_id, item_id)

    def open_history(
        self, order_id: int, side: Side | None = None, user_id: int | None = None
    ) -> None:
        """Show everything about an order."""
        self.order.open(order_id, side, user_id)
        self._window.show_screen(ORDER)
        self.order_shown.emit(order_id)

    def open_requests(self, seller_id: int) -> None:
        """Show a seller's request table."""
        self.requests.open(seller_id)
        self._window.show_screen(REQUESTS)

    def open_buyer_request(self, user_id: int, item_id: int) -> None:
        """Let a buyer ask for an exchange or a refund."""
        self.buyer_request.open(user_id, item_id)
        self._window.show_screen(BUYER_REQUEST)

    def open_delivery(self, seller_id: int, item_id: int) -> None:
        """Let a seller move an item on."""
        self.deliveries.open(seller_id, item_id)
        self._window.show_screen(DELIVERIES)

    @Slot(object)
    def open_receipt(self, order_id: int) -> None:
        """Show the receipt of an order."""
        self.receipt.open_order(order_id)
        self._window.show_screen(RECEIPT)
        self.order_shown.emit(order_id)

    def _add(self, name: str, screen: QWidget) -> None:
        self._window.add_screen(name, screen)

    def _connect_screens(self) -> None:
        window = self._window
        window.screen_changed.connect(self._tell_order_shown)
        show_open_money = partial(window.show_screen, OPEN_MONEY)
        self.orders.order_picked.connect(self.open_order)
        self.orders.back_requested.connect(window.back)
        self.pay.receipt_requested.connect(self.open_receipt)
        self.pay.wake_requested.connect(self._worker.wake)
        self.cancel.order_requested.connect(self.open_history)
        self.cancel.open_money_requested.connect(show_open_money)
        self.cancel.item_changed.connect(self.open_money.refresh)
        self.cancel.item_changed.connect(self.sync.refresh)
        self.open_money.counted.connect(self.sync.refresh)
        self.order.cancel_requested.connect(self.open_cancel)
        self.order.receipt_requested.connect(self.open_receipt)
        self.open_money.order_requested.connect(self.open_history)
        self.open_money.counted.connect(window.header.show_open_money)
        window.header.open_money.clicked.connect(show_open_money)
        self.sync.screen.evidence_requested.connect(self._show_evidence)
        self.requests.order_requested.connect(self.open_history)
        self.more.submitted.connect(self.open_card)
        for leads_home in (
            *(self.pay, self.receipt, self.cancel, self.order, self.open_money),
            *(self.requests, self.buyer_request, self.deliveries),
        ):
            leads_home.home_requested.connect(self._end)
        for tells in (self.receipt, self.cancel, self.order, self.open_money, self.requests):
            tells.told.connect(window.toast.say)

    def _connect_worker(self) -> None:
        worker = self._worker
        for sees_attempts in (self.pay, self.order, self.open_money):
            worker.attempt_changed.connect(sees_attempts.attempt_changed)
        for sees_refunds in (self.pay, self.cancel, self.order, self.open_money, self.requests):
            worker.refund_changed.connect(sees_refunds.refund_changed)
            worker.connectivity_changed.connect(sees_refunds.set_online)
        self.sync.leaving.guard_payment(self._show_live_payment)
        for sees_records in (self.open_money, self.order):
            worker.standing_changed.connect(sees_records.standing_changed)
        self.sync.follow(worker)
        behind_changed = self.sync.behind_changed
        sheet = self.cancel.sheet
        stop = (self.requests, self.deliveries, sheet.form, sheet.outcome, self.pay.stage.ready)
        for stops in stop:
            behind_changed.connect(stops.set_behind)

    def may_close(self) -> bool:
        """Whether the window may close at once; if not, the person is asked here, and the window
        closed when they agree."""
        return self.sync.leaving.may_close()

    @Slot(str)
    def _tell_order_shown(self, screen: str) -> None:
        progress = self.pay.progress
        if screen == PAYING and progress is not None:
            self.order_shown.emit(progress.attempt.order_id)
        elif screen == SYNC:
            self.order_shown.emit(0)

    def is_attempt_shown(self, attempt_id: int) -> bool:
        """An attempt is before the person this moment."""
        progress = self.pay.progress
        here = progress is not None and progress.attempt.id == attempt_id
        return here and self._window.current == PAYING

    def _show_live_payment(self) -> bool:
        """Show the QR that is live on the pay screen; closing is asked about where it can be seen,
        in place of any question about leaving that screen alone."""
        if not self.pay.is_live:
            return False
        self.pay.withdraw_question()
        if self._window.current != PAYING:
            self._window.show_screen(PAYING)
        return True

    @Slot(object)
    def _show_evidence(self, refund_id: int) -> None:
        self.open_money.choose(refund_id)
        self._window.show_screen(OPEN_MONEY)

    @Slot()
    def _end(self) -> None:
        """A deed is over: everything is ready for the next person."""
        self.more.clear()
        self._go_home()

    def _leave_pay(self) -> bool:
        """Esc after an outcome is the end of that sale: home, ready for the next person."""
        progress = self.pay.progress
        is_over = progress is not None and progress.phase in OVER
        if not self.pay.may_leave():
            return False
        if is_over:
            self._go_home()
        return not is_over

    def _leave_cancel(self) -> bool:
        """What was begun at home ends there, once there is an outcome."""
        if self._window.before != HOME or self.cancel.step is not Step.TOLD:
            return True
        self._go_home()
        return False

    def _leave_receipt(self) -> bool:
        """A receipt ends the sale that led to it; from an order's page it leads back there."""
        if self._window.before != PAYING:
            return True
        self._go_home()
        return False
