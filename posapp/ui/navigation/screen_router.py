"""Creates the screens behind home after the first paint, one at a time, and connects them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor, ActorKind
from posapp.services.payments.payment_progress import FINAL_PHASES
from posapp.services.ports.system import Clock
from posapp.ui.cancellation.cancel_screen import CancelScreen
from posapp.ui.cancellation.cancel_target import CancelStep
from posapp.ui.core.i18n import Translator
from posapp.ui.core.sync_worker import SyncWorker
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.fulfilment.fulfilment_screen import FulfilmentScreen
from posapp.ui.home.cards import BUYER_REQUEST_CARD, CANCEL_KINDS, DELIVERIES_CARD, REQUESTS_CARD
from posapp.ui.home.home_screen import PAY
from posapp.ui.home.more_screen import MoreScreen
from posapp.ui.navigation.back_buttons import BackButtons
from posapp.ui.navigation.scan_routes import ListsOrders, TakesScans
from posapp.ui.orders.order_list_screen import OrderListScreen
from posapp.ui.orders.order_screen import OrderScreen
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.receipts.receipt_screen import ReceiptScreen
from posapp.ui.requests.buyer_request_screen import BuyerRequestScreen
from posapp.ui.requests.request_desk_screen import RequestDeskScreen
from posapp.ui.shell.main_window import HOME, MainWindow
from posapp.ui.sync.sync_status_controller import SYNC, SyncStatusController
from posapp.ui.unresolved.unresolved_screen import UnresolvedScreen
from posapp.ui.widgets.id_field import IdField

if TYPE_CHECKING:
    from posapp.services.container import Container
    from posapp.ui.requests.saved_filters import SavedFilterStore

ORDERS, PAYING, RECEIPT = "orders", "pay", "receipt"
CANCEL, ORDER, OPEN_MONEY = "cancel", "order", "open_money"
REQUESTS, MORE = "requests", "more"
BUYER_REQUEST, DELIVERIES = "buyer_request", "deliveries"
"""Names of the screens."""

TITLES = {
    HOME: "home.title",
    ORDERS: "orders.title",
    PAYING: "pay.title",
    RECEIPT: "receipt.title",
    CANCEL: "cancel.buyer_card_title",
    ORDER: "order_page.name",
    OPEN_MONEY: "open_money.title",
    REQUESTS: "requests.title",
    BUYER_REQUEST: "buyer_requests.title",
    DELIVERIES: "deliveries.title",
    SYNC: "sync.title",
    MORE: "home.more_title",
}
"""Message id of each screen's title, which a back button to it shows."""


class ScreenRouter(QObject):
    """Every screen but home, and the navigation between them.

    ``build`` creates them one at a time, so that typing is not delayed.
    """

    order_shown = Signal(object)
    """An order is on screen, however it was opened. Carries its id; 0 is the sync page."""

    orders: OrderListScreen
    pay: PaymentScreen
    receipt: ReceiptScreen
    cancel: CancelScreen
    order: OrderScreen
    open_money: UnresolvedScreen
    requests: RequestDeskScreen
    more: MoreScreen
    buyer_request: BuyerRequestScreen
    deliveries: FulfilmentScreen
    sync: SyncStatusController

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        worker: SyncWorker,
        window: MainWindow,
        clock: Clock,
        *,
        shop: str,
        exports: Path | None,
        go_home: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._worker, self._window, self._clock, self._shop = worker, window, clock, shop
        self._exports, self._go_home = exports, go_home
        self._ways: dict[str, Callable[..., None]] = {
            PAY.name: self.open_order,
            **{name: self._cancelling_as(ActorKind(kind)) for name, kind in CANCEL_KINDS.items()},
            REQUESTS_CARD.name: self.open_requests,
            BUYER_REQUEST_CARD.name: self.open_buyer_request,
            DELIVERIES_CARD.name: self.open_delivery,
        }

    def build(self, services: Container, filter_store: SavedFilterStore) -> Iterator[None]:
        """Create one screen in each iteration; connect them all at the end.

        Args:
            filter_store: stores the saved filters.
        """
        changes = (self._texts, self._theme, self._runner)
        self.orders = OrderListScreen(*changes, services.order_search)
        self._window.add_screen(ORDERS, self.orders, has_way_back=True)
        yield
        self.pay = PaymentScreen(
            *changes, self._clock, services.payment_service, services.session, shop=self._shop
        )
        self._window.add_screen(PAYING, self.pay, may_leave=self._leave_pay, has_way_back=True)
        yield
        self.receipt = ReceiptScreen(*changes, services.receipts)
        self._window.add_screen(
            RECEIPT, self.receipt, may_leave=self._leave_receipt, has_way_back=True
        )
        yield
        self.cancel = CancelScreen(
            *changes, services.cancellation_service, services.remainder_service
        )
        self._window.add_screen(CANCEL, self.cancel, may_leave=self._leave_cancel)
        yield
        self.order = OrderScreen(
            *changes,
            services.order_history_service,
            services.cancellation_service,
            services.session,
            shop=self._shop,
            now=self._clock.now,
            exports=self._exports,
        )
        self._add(ORDER, self.order)
        yield
        self.open_money = UnresolvedScreen(
            *changes, services.unresolved_money_service, services.session
        )
        self._add(OPEN_MONEY, self.open_money)
        yield
        self.requests = RequestDeskScreen(
            *changes,
            services.decision_service,
            services.request_search,
            filter_store,
            services.export,
            self._clock,
            exports=self._exports,
        )
        self._add(REQUESTS, self.requests)
        yield
        self.buyer_request = BuyerRequestScreen(*changes, services.request_service)
        self._add(BUYER_REQUEST, self.buyer_request)
        yield
        self.deliveries = FulfilmentScreen(
            *changes, services.fulfilment_service, services.cancellation_service
        )
        self._add(DELIVERIES, self.deliveries)
        yield
        self.more = MoreScreen(self._texts, (BUYER_REQUEST_CARD, DELIVERIES_CARD))
        self._add(MORE, self.more)
        yield
        for field in self._window.findChildren(IdField):
            field.disable_input_method()
        self.sync = SyncStatusController(
            *changes, services.sync_service, services.session, self._window, self._clock
        )
        # In the same turn: the sync page can be opened, and its report is for other screens too.
        self._connect_screens()
        self._connect_worker()
        self._name_ways_back()
        self.open_money.refresh()
        self.sync.screen.refresh()
        yield

    @property
    def that_may_stay(self) -> dict[str, TakesScans]:
        """Return the screens that a scan may not always leave."""
        return {
            PAYING: self.pay.staying,
            CANCEL: self.cancel,
            ORDER: self.order,
            REQUESTS: self.requests,
            BUYER_REQUEST: self.buyer_request,
        }

    @property
    def with_lists(self) -> dict[str, ListsOrders]:
        """Return the screens in whose list a scan selects a row."""
        return {REQUESTS: self.requests}

    @Slot(str, object)
    def open_card(self, card: str, ids: tuple[int, ...]) -> None:
        """Open the screen of a card.

        Raises:
            KeyError: the card does not exist.
        """
        self._ways[card](*ids)

    @Slot(object, object)
    def open_order(self, user_id: int, order_id: int) -> None:
        """Show an order for payment by this buyer."""
        self.pay.open_order(Actor.buyer(user_id), order_id)
        self._window.show_screen(PAYING)
        self.order_shown.emit(order_id)

    @Slot(object, object)
    def open_cancel(self, actor: Actor, item_id: int) -> None:
        """Show an item for cancellation or refund."""
        self.cancel.open(actor, item_id)
        self._window.show_screen(CANCEL)

    def _cancelling_as(self, kind: ActorKind) -> Callable[[int, int], None]:
        return lambda user_id, item_id: self.open_cancel(Actor(kind, str(user_id)), item_id)

    def open_history(self, order_id: int, actor: Actor | None = None) -> None:
        """Show the history of an order."""
        self.order.open(order_id, actor)
        self._window.show_screen(ORDER)
        self.order_shown.emit(order_id)

    def open_requests(self, seller_id: int) -> None:
        """Show a seller's request table."""
        self.requests.open(Actor.seller(seller_id))
        self._window.show_screen(REQUESTS)

    def open_buyer_request(self, user_id: int, item_id: int) -> None:
        """Show the form in which a buyer requests an exchange or a refund."""
        self.buyer_request.open(Actor.buyer(user_id), item_id)
        self._window.show_screen(BUYER_REQUEST)

    def open_delivery(self, seller_id: int, item_id: int) -> None:
        """Show an item for fulfilment by its seller."""
        self.deliveries.open(Actor.seller(seller_id), item_id)
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
        window.screen_changed.connect(self._notify_order_shown)
        show_open_money = partial(window.show_screen, OPEN_MONEY)
        self.orders.order_picked.connect(self.open_order)
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
        for notifying in (self.receipt, self.cancel, self.order, self.open_money, self.requests):
            notifying.notified.connect(window.toast.say)

    def _connect_worker(self) -> None:
        worker = self._worker
        for sees_attempts in (self.pay, self.order, self.open_money):
            worker.attempt_changed.connect(sees_attempts.attempt_changed)
        for sees_refunds in (self.pay, self.cancel, self.order, self.open_money, self.requests):
            worker.refund_changed.connect(sees_refunds.refund_changed)
            worker.connectivity_changed.connect(sees_refunds.set_online)
        self.sync.leaving.guard_payment(self._show_live_payment)
        for sees_records in (self.open_money, self.order):
            worker.status_changed.connect(sees_records.status_changed)
        self.sync.follow(worker)
        behind_changed = self.sync.behind_changed
        view = self.cancel.view
        stop = (self.requests, self.deliveries, view.form, view.outcome, self.pay.view.ready)
        for stops in stop:
            behind_changed.connect(stops.set_behind)

    def may_close(self) -> bool:
        """Return whether the window may close at once.

        If not, the user is asked here, and the window closes when they agree.
        """
        return self.sync.leaving.may_close()

    @Slot(str)
    def _notify_order_shown(self, screen: str) -> None:
        progress = self.pay.progress
        if screen == PAYING and progress is not None:
            self.order_shown.emit(progress.attempt.order_id)
        elif screen == SYNC:
            self.order_shown.emit(0)

    def is_attempt_shown(self, attempt_id: int) -> bool:
        """Return whether an attempt is on screen now."""
        progress = self.pay.progress
        here = progress is not None and progress.attempt.id == attempt_id
        return here and self._window.current == PAYING

    def _show_live_payment(self) -> bool:
        """Show the payment screen if it has a live QR; return whether it has.

        The question about closing is asked there, in place of any question about leaving that
        screen.
        """
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
        """Reset everything for the next user."""
        self.more.clear()
        self._go_home()

    def _leave_pay(self) -> bool:
        """Go home after a final result, reset for the next user."""
        is_over = self._is_pay_over()
        if not self.pay.may_leave():
            return False
        if is_over:
            self._go_home()
        return not is_over

    def _leave_cancel(self) -> bool:
        """Go home after a result, if the cancellation was begun there, reset for the next user."""
        if self._window.before != HOME or self.cancel.step is not CancelStep.RESULT:
            return True
        self._go_home()
        return False

    def _leave_receipt(self) -> bool:
        """Go home after a sale, reset for the next user; from an order's page, return there."""
        if not self._is_sale_over():
            return True
        self._go_home()
        return False

    def _is_pay_over(self) -> bool:
        progress = self.pay.progress
        return progress is not None and progress.phase in FINAL_PHASES

    def _is_sale_over(self) -> bool:
        return self._window.before == PAYING

    def _name_ways_back(self) -> None:
        back = BackButtons(
            self._texts,
            self._window,
            TITLES,
            {ORDERS: self.orders.back, PAYING: self.pay.view.back, RECEIPT: self.receipt.back},
            {
                # Giving up a live QR leads home, too: once the question is answered.
                PAYING: lambda: self.pay.is_live or self._is_pay_over(),
                RECEIPT: self._is_sale_over,
            },
        )
        self.pay.state_changed.connect(back.refresh)
