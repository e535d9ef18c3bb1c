"""The counter: which screen leads to which, and what each of them is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cancelling import Side
from posapp.services.ports.machine import Clock
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.main_window import HOME, MainWindow
from posapp.ui.screens.cancel import CancelScreen
from posapp.ui.screens.cancel_cards import BUYER_CANCEL, SELLER_CANCEL, SIDES
from posapp.ui.screens.home import PAY, HomeScreen
from posapp.ui.screens.open_money import OpenMoneyScreen
from posapp.ui.screens.order_page import OrderPage
from posapp.ui.screens.orders import OrdersScreen
from posapp.ui.screens.pay import PayScreen
from posapp.ui.screens.receipt import ReceiptScreen
from posapp.ui.sync_worker import SyncWorker
from posapp.ui.theme import Theme
from posapp.ui.widgets.lamp import LampState
from posapp.ui.widgets.question import Question

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling
    from posapp.services.open_money import OpenMoney
    from posapp.services.order_history import OrderHistories
    from posapp.services.paying import Paying
    from posapp.services.ports.reading import OrderSearch
    from posapp.services.progress import Progress
    from posapp.services.receipts import Receipts
    from posapp.services.synchronising import Step

ORDERS, PAYING, RECEIPT = "orders", "pay", "receipt"
CANCEL, ORDER, OPEN_MONEY = "cancel", "order", "open_money"
"""Names of the screens, beside ``HOME``."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the screens need, once the background has put it together."""

    paying: Paying
    receipts: Receipts
    search: OrderSearch
    cancelling: Cancelling
    histories: OrderHistories
    open_money: OpenMoney
    step: Callable[[], Step]


class Counter(QObject):
    """Makes the window and its screens, and leads from one to the other.

    It can be shown before there are services; ``attach`` gives them to the screens. Only what the
    first picture needs is made at once.
    """

    ready = Signal()
    """The services are attached; ids that were typed before are taken from here on."""

    def __init__(self, texts: Texts, theme: Theme, clock: Clock, *, shop: str, live: bool) -> None:
        super().__init__()
        self._texts = texts
        self.runner = TaskRunner(self)
        self.worker = SyncWorker(self)
        self.window = MainWindow(texts, theme, shop=shop, live=live)
        runner = self.runner
        self.home = HomeScreen(texts, theme, (PAY, BUYER_CANCEL, SELLER_CANCEL))
        self.orders = OrdersScreen(texts, theme, runner)
        self.pay = PayScreen(texts, theme, runner, clock, shop=shop)
        self.receipt = ReceiptScreen(texts, theme, runner)
        self.cancel = CancelScreen(texts, theme, runner)
        self.order = OrderPage(texts, theme, runner, shop=shop, now=clock.now)
        self.open_money = OpenMoneyScreen(texts, theme, runner)
        self._add_screens()
        self._connect_screens()
        self._connect_worker()

    def attach(self, services: Services) -> None:
        """Give the screens their services, start watching, and show again what was on screen
        when the program ended."""
        self.worker.start(services.step)
        self.orders.attach(services.search)
        self.pay.attach(services.paying)
        self.receipt.attach(services.receipts)
        self.cancel.attach(services.cancelling)
        self.order.attach(services.histories, services.cancelling)
        self.open_money.attach(services.open_money)
        self.home.attach()
        self.runner.run(services.paying.live, self._resume, owner=self)
        self.ready.emit()

    def show_problem(self, error: Exception) -> None:
        """The services could not be put together: say why, where the person is."""
        self.home.show_error(error)

    def stop(self) -> None:
        """End background work; bounded, whatever a call is waiting for."""
        self.worker.stop()
        self.runner.stop()

    def _add_screens(self) -> None:
        window = self.window
        window.add_screen(HOME, self.home)
        window.add_screen(PAYING, self.pay, may_leave=self.pay.may_leave)
        others: dict[str, QWidget] = {
            ORDERS: self.orders,
            RECEIPT: self.receipt,
            CANCEL: self.cancel,
            ORDER: self.order,
            OPEN_MONEY: self.open_money,
        }
        for name, screen in others.items():
            window.add_screen(name, screen)
        window.guard_closing(self._may_close)

    def _connect_screens(self) -> None:
        window = self.window
        self.home.submitted.connect(self._submitted)
        self.home.orders_requested.connect(partial(window.show_screen, ORDERS))
        self.orders.order_picked.connect(self.open_order)
        self.orders.back_requested.connect(window.back)
        self.pay.receipt_requested.connect(self.open_receipt)
        self.pay.wake_requested.connect(self.worker.wake)
        self.cancel.order_requested.connect(self.open_history)
        self.cancel.open_money_requested.connect(partial(window.show_screen, OPEN_MONEY))
        self.order.cancel_requested.connect(self.open_cancel)
        self.order.receipt_requested.connect(self.open_receipt)
        self.open_money.order_requested.connect(self.open_history)
        self.cancel.item_changed.connect(self.open_money.refresh)
        self.open_money.counted.connect(window.header.show_open_money)
        window.header.open_money.clicked.connect(partial(window.show_screen, OPEN_MONEY))
        for leads_home in (self.pay, self.receipt, self.cancel, self.order, self.open_money):
            leads_home.home_requested.connect(self.go_home)
        for tells in (self.receipt, self.cancel, self.order, self.open_money):
            tells.told.connect(window.toast.say)

    def _connect_worker(self) -> None:
        worker = self.worker
        for sees_attempts in (self.pay, self.order, self.open_money):
            worker.attempt_changed.connect(sees_attempts.attempt_changed)
        for sees_refunds in (self.pay, self.cancel, self.order, self.open_money):
            worker.refund_changed.connect(sees_refunds.refund_changed)
            worker.connectivity_changed.connect(sees_refunds.set_online)
        worker.connectivity_changed.connect(self._network_changed)

    @Slot(str, object)
    def _submitted(self, card: str, ids: tuple[int, ...]) -> None:
        if card in SIDES:
            self.open_cancel(SIDES[card], *ids)
        else:
            self.open_order(*ids)

    @Slot(object, object)
    def open_order(self, user_id: int, order_id: int) -> None:
        """Show an order to be paid."""
        self.pay.open_order(user_id, order_id)
        self.window.show_screen(PAYING)

    @Slot(object, object, object)
    def open_cancel(self, side: Side, user_id: int, item_id: int) -> None:
        """Show an item to be cancelled or refunded."""
        self.cancel.open(side, user_id, item_id)
        self.window.show_screen(CANCEL)

    def open_history(
        self, order_id: int, side: Side | None = None, user_id: int | None = None
    ) -> None:
        """Show everything about an order."""
        self.order.open(order_id, side, user_id)
        self.window.show_screen(ORDER)

    @Slot(object)
    def open_receipt(self, order_id: int) -> None:
        """Show the receipt of an order."""
        self.receipt.open_order(order_id)
        self.window.show_screen(RECEIPT)

    @Slot()
    def go_home(self) -> None:
        """Back to payment home, ready for the next person."""
        self.home.clear()
        self.window.go_home()

    def _resume(self, outcome: Outcome[tuple[Progress, ...]]) -> None:
        if outcome.value and self.window.current == HOME:
            self.pay.show_attempt(outcome.value[-1])
            self.window.show_screen(PAYING)

    @Slot(bool)
    def _network_changed(self, online: bool) -> None:
        self.window.header.show_connectivity(LampState.ONLINE if online else LampState.OFFLINE)

    def _may_close(self) -> bool:
        """A live QR and unfinished refunds are asked about; nothing of either is ever dropped."""
        if self.window.current == PAYING and self.pay.is_live:
            self.pay.ask_to_leave(self.window.close_at_once)
            return False
        if self.open_money.open_count:
            self._ask_about_money(self.open_money.open_count)
            return False
        return True

    def _ask_about_money(self, count: int) -> None:
        texts = self._texts
        question = Question(
            texts("window.leave_money", count=count),
            texts("window.leave_money_why"),
            texts("window.leave_close"),
            texts("window.leave_stay"),
            self.window,
        )
        question.agreed.connect(self.window.close_at_once)
        question.open()
