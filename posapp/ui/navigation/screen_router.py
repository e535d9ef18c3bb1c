"""Makes the pages of the routes, each at its first visit, and leads between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.actors import Actor
from posapp.ui.display.buyer_view import NOTHING, BuyerPhase
from posapp.ui.home.cards_screen import CANCEL_KINDS, PAY, REQUESTS_CARD, CardsScreen
from posapp.ui.home.more_screen import MoreScreen
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import (
    CANCEL,
    ORDER,
    PAYING,
    REQUESTS,
    ROUTE,
    SALE,
    SYNC,
)
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.sync.sync_status_controller import SyncStatusController
from posapp.ui.widgets.id_field import IdField

if TYPE_CHECKING:
    from posapp.services.payments.payment_progress import PaymentProgress
    from posapp.ui.payment.payment_screen import PaymentScreen
    from posapp.ui.sale.sale_screen import SaleScreen


class ScreenRouter(QObject):
    """Every page but the first one, and the navigation between them.

    Args:
        go_home: shows the first page, reset for the next user.
    """

    order_shown = Signal(object)
    """An order is on screen, however it was opened. Carries its id; 0 is the sync page."""

    staff_edited = Signal(object)
    """As of a page (``Screen.staff_edited``)."""

    order_scanned = Signal(str)
    """As of a page (``Screen.order_scanned``)."""

    sent = Signal(object)
    """Refunds that the user released for sending. Carries their ids."""

    cash_due = Signal(object, object)
    """As of a page (``Screen.cash_due``)."""

    cash_handed_out = Signal(object, object)
    """As of a page (``Screen.cash_handed_out``)."""

    def __init__(
        self, context: ScreenContext, window: MainWindow, go_home: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._context, self._window, self._go_home = context, window, go_home
        self._online: bool | None = None
        self._behind = False
        self._paying_order_id = 0
        self.sync = SyncStatusController(
            *(context.texts, context.runner, context.services.sync_service),
            *(context.sync_reports, window),
        )
        self.sync.behind_changed.connect(self._set_behind)
        self.sync.leaving.guard_payment(self._show_live_payment)
        window.make_pages_by(self._make)
        window.screen_changed.connect(self._notify_order_shown)
        window.screen_changed.connect(self._show_payment)
        window.screen_changed.connect(self._update_display)
        window.top_bar.payment_pressed.connect(partial(window.show_screen, PAYING, is_visit=False))
        self._follow_worker(context)
        context.sync_reports.refresh()

    def page(self, name: str) -> Screen:
        """Return a page; it is made now if it was not visited yet.

        Raises:
            KeyError: there is no such page.
        """
        return cast(Screen, self._window.screen_named(name))

    @property
    def pay(self) -> PaymentScreen:
        """Return the payment page."""
        return cast("PaymentScreen", self.page(PAYING))

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or 0."""
        return self.pay.live_order_id if self._made_pay is not None else 0

    @property
    def has_to_stay(self) -> str:
        """Return why a scan may not lead away from the current page: a message id, or empty."""
        return self.page(self._window.current).why_stay

    def select_order(self, order_id: int) -> bool:
        """Select the order's row on the current page; ``False`` if it lists none."""
        return self.page(self._window.current).select_order(order_id)

    def take_scan(self, code: str) -> bool:
        """Have the current page take a scanned code; ``False`` if it does not."""
        return self.page(self._window.current).take_scan(code)

    @property
    def begins_sale(self) -> bool:
        """Return whether a product leads from the current page to the cart at once."""
        return self.page(self._window.current).begins_sale

    def sell(self, code: str) -> None:
        """Show the cart, with the product that a code names."""
        self.open(SALE, {"code": code})

    @Slot(str, object)
    def open(self, name: str, arguments: dict[str, object]) -> None:
        """Show a page with what its ``open`` takes, by name; with nothing, as a tab does.

        Raises:
            KeyError: there is no such page.
        """
        if name == PAYING and arguments and self.live_order_id:
            self._open_beside_payment(arguments["order_id"])
            return
        if not self._window.locking.may_open(name):
            return
        page = self.page(name)
        if arguments:
            page.open(**arguments)
        self._window.show_screen(name, is_visit=not arguments)
        if "order_id" in arguments:
            self.order_shown.emit(arguments["order_id"])

    def _open_beside_payment(self, order_id: object) -> None:
        """Lead to the live QR if it is this order's; otherwise say why no other one is opened."""
        if order_id == self.live_order_id:
            self._window.show_screen(PAYING, is_visit=False)
        else:
            self._window.toast.say(self._context.texts("pay.one_at_a_time"))

    @Slot(str, object)
    def open_card(self, card: str, ids: tuple[int, ...]) -> None:
        """Open the page of a card.

        Raises:
            KeyError: the card does not exist.
        """
        if card == PAY.name:
            self.open_order(*ids)
        elif card == REQUESTS_CARD.name:
            self.open_requests(*ids)
        else:
            self.open_cancel(Actor(CANCEL_KINDS[card], str(ids[0])), ids[1])

    @Slot(object, object)
    def open_order(self, user_id: int, order_id: int) -> None:
        """Show an order for payment by this buyer."""
        self.open(PAYING, {"actor": Actor.buyer(user_id), "order_id": order_id})

    @Slot(object, object)
    def open_cancel(self, actor: Actor, item_id: int) -> None:
        """Show an item for cancellation or refund."""
        self.open(CANCEL, {"actor": actor, "item_id": item_id})

    @Slot(object)
    def open_history(self, order_id: int, actor: Actor | None = None) -> None:
        """Show the history of an order."""
        self.open(ORDER, {"order_id": order_id, "actor": actor})

    def open_requests(self, seller_id: int) -> None:
        """Show a seller's request table."""
        self.open(REQUESTS, {"actor": Actor.seller(seller_id)})

    def show_attempt(self, progress: PaymentProgress) -> None:
        """Show a payment that was on screen before a restart."""
        self.pay.show_attempt(progress)
        self._window.show_screen(PAYING, is_visit=False)

    def may_close(self) -> bool:
        """Return whether the window may close at once.

        If not, the user is asked here, and the window closes when they agree.
        """
        return self.sync.leaving.may_close()

    def is_attempt_shown(self, attempt_id: int) -> bool:
        """Return whether an attempt is on screen now."""
        pay = self._made_pay
        progress = pay.progress if pay is not None else None
        here = progress is not None and progress.attempt.id == attempt_id
        return here and self._window.current == PAYING and not self._window.locking.is_locked

    @Slot(object)
    def staff_changed(self, is_other: bool) -> None:
        """Take note of who signed in; what pages showed another person is dropped."""
        if is_other:
            self._tell(Screen.staff_changed.__name__)

    @Slot()
    def forget_typed(self) -> None:
        """Have every page forget what is typed and not stored."""
        self._tell(Screen.forget_typed.__name__)

    @property
    def _made_pay(self) -> PaymentScreen | None:
        return cast("PaymentScreen | None", self._window.made(PAYING))

    def _make(self, name: str) -> Screen | None:
        route = ROUTE.get(name)
        if route is None:
            return None
        module, _, class_name = route.page.partition(":")
        page: Screen = getattr(import_module(module), class_name).build(self._context)
        for field in page.findChildren(IdField):
            field.disable_input_method()
        self._connect(page)
        if isinstance(page, CardsScreen):
            page.submitted.connect(self.open_card)
        elif name == PAYING:
            self._show_buyer(cast("PaymentScreen", page))
        elif name == SALE:
            sale = cast("SaleScreen", page)
            sale.buyer_view_changed.connect(self._update_display)
            sale.sold_in_cash.connect(lambda order_id: self.pay.print_sold(order_id))
        elif isinstance(page, MoreScreen):
            page.quit_requested.connect(self._window.close)
        if self._online is not None:
            page.set_online(self._online)
        page.set_behind(self._behind)
        page.payment_changed(self._paying_order_id)
        return page

    def _show_buyer(self, pay: PaymentScreen) -> None:
        """Show on the other pages, and to the buyer, what the payment page shows."""
        display = self._context.display
        pay.live_changed.connect(self._show_payment)
        pay.buyer_view_changed.connect(self._update_display)
        display.missing_changed.connect(pay.set_display_missing)
        pay.set_display_missing(display.is_missing)

    @Slot()
    def _update_display(self) -> None:
        """Show the buyer what the payment page shows; of a page that is left only a live QR and
        its outcome. Beside neither, a cart that is being rung up."""
        pay, current = self._made_pay, self._window.current
        view = pay.buyer_view if pay is not None else NOTHING
        if current != PAYING and view.phase is BuyerPhase.ORDER:
            view = NOTHING
        sale = cast("SaleScreen | None", self._window.made(SALE)) if current == SALE else None
        if sale is not None and view.phase in (BuyerPhase.IDLE, BuyerPhase.PAID):
            cart = sale.buyer_view
            view = cart if cart.lines else view
        self._context.display.take_view(view)

    def _connect(self, page: Screen) -> None:
        page.go_requested.connect(self.open)
        page.home_requested.connect(self._go_home)
        page.back_requested.connect(self._window.back)
        page.notified.connect(self._window.toast.say)
        page.item_changed.connect(self._item_changed)
        page.sent.connect(self.sent)
        page.cash_due.connect(self.cash_due)
        page.cash_handed_out.connect(self.cash_handed_out)
        page.order_scanned.connect(self.order_scanned)
        page.staff_edited.connect(self.staff_edited)

    def _follow_worker(self, context: ScreenContext) -> None:
        worker = context.worker
        worker.attempt_changed.connect(partial(self._tell, Screen.attempt_changed.__name__))
        worker.refund_changed.connect(partial(self._tell, Screen.refund_changed.__name__))
        worker.status_changed.connect(partial(self._tell, Screen.status_changed.__name__))
        worker.connectivity_changed.connect(self._set_online)
        for changed in (
            *(worker.attempt_changed, worker.refund_changed),
            *(worker.status_changed, worker.connectivity_changed),
        ):
            changed.connect(context.sync_reports.refresh_soon)

    @property
    def _pages(self) -> list[Screen]:
        made = (self._window.made(name) for name in ROUTE)
        return [page for page in made if isinstance(page, Screen)]

    def _tell(self, news: str, *what: object) -> None:
        for page in self._pages:
            getattr(page, news)(*what)

    @Slot(bool)
    def _set_online(self, online: bool) -> None:
        self._online = online
        for page in self._pages:
            page.set_online(online)

    @Slot(bool)
    def _set_behind(self, behind: bool) -> None:
        self._behind = behind
        for page in self._pages:
            page.set_behind(behind)

    @Slot(object)
    def _item_changed(self, order_id: object) -> None:
        self._context.sync_reports.refresh_soon()
        self._tell(Screen.status_changed.__name__)

    @Slot(str)
    def _notify_order_shown(self, name: str) -> None:
        if name == PAYING and self.pay.progress is not None:
            self.order_shown.emit(self.pay.progress.attempt.order_id)
        elif name == SYNC:
            self.order_shown.emit(0)

    @Slot()
    def _show_payment(self) -> None:
        """Show in the top bar that a QR is live, unless its page is shown."""
        self._window.locking.fit()
        pay = self._made_pay
        if self.live_order_id != self._paying_order_id:
            self._paying_order_id = self.live_order_id
            self._tell(Screen.payment_changed.__name__, self._paying_order_id)
        is_away = self.live_order_id and self._window.current != PAYING
        seconds = pay.seconds_left if pay is not None and is_away else None
        self._window.top_bar.show_payment(seconds)

    def _show_live_payment(self) -> bool:
        """Show the payment page if it has a live QR; return whether it has.

        The question about closing is asked there, in place of any question about leaving that
        page.
        """
        pay = self._made_pay
        if pay is None or not pay.is_live:
            return False
        pay.withdraw_question()
        if self._window.current != PAYING:
            self._window.show_screen(PAYING)
        return True
