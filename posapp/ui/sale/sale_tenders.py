"""How the cart is paid: its order is made for a QR (F8), or cash is taken for it (F7)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import CashTaken
from posapp.domain.orders import Order
from posapp.services.sale.cart_view import CartView
from posapp.ui.cash.cash_taking import CashTaking
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.shift.drawer_opening import DrawerOpening
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.services.cash.cash_service import CashService
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.sale.checkout import CheckoutService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class SaleTenders(QObject):
    """Each tender waits for its turn behind the changes of the cart, and is made of the cart that
    is shown then.

    Args:
        cart: returns the cart on screen.
        page: panels lie over its right side.
        roll: the shop's receipt printer, whose drawer is opened.

    Attributes:
        cash: takes cash beside the page.
        drawer: opens the drawer without a sale (F6).
        live_order_id: the order whose QR may still be paid, or 0.
    """

    changed = Signal()
    """What is possible, or ``is_ordering``, changed."""

    ordered = Signal(object)
    """The order of the cart was made, to be paid by QR. Carries the ``Order``."""

    taken = Signal(object)
    """The order of the cart was made, with cash for it. Carries the ``CashTaken``."""

    refused = Signal(object)
    """No order was made. Carries the exception."""

    needs_shift = Signal()
    """No shift is open: cash has no drawer."""

    said = Signal(str)
    """Carries a short message about what was done."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        calls: CartCalls,
        checkout: CheckoutService,
        service: CashService,
        shifts: ShiftService,
        session: Session,
        cart: Callable[[], CartView | None],
        page: QWidget,
        *,
        roll: RollPrinting | None,
    ) -> None:
        super().__init__(page)
        self._calls, self._checkout, self._service = calls, checkout, service
        self._session, self._cart = session, cart
        self._is_ordering = self._is_behind = self._is_offline = False
        self._has_shift = True
        self.live_order_id = 0
        slot = PanelSlot(page)
        self.cash = CashTaking(texts, theme, slot, page, run=calls.run, roll=roll)
        self.cash.taken.connect(self.taken)
        self.cash.refused.connect(self.refused)
        self.cash.open_changed.connect(self.changed)
        self.drawer = DrawerOpening(texts, runner, shifts, session, slot, page, roll)
        self.drawer.said.connect(self.said)

    @property
    def is_ordering(self) -> bool:
        """Return whether the order of the cart is being made."""
        return self._is_ordering or self.cash.is_taking

    @property
    def why_no_qr(self) -> str:
        """Return why no payment by QR can begin now: a message id, or empty."""
        if self._is_behind:
            return "window.behind"
        if self.live_order_id:
            return "pay.one_at_a_time"
        return "pay.needs_internet" if self._is_offline else ""

    @property
    def why_no_cash(self) -> str:
        """Return why no cash can be taken now: a message id, or empty."""
        return "window.behind" if self._is_behind else ""

    def set_online(self, online: bool) -> None:
        """Take no payment by QR without a network."""
        self._is_offline = not online
        self.changed.emit()

    def set_behind(self, behind: bool) -> None:
        """Take no payment while the file is an older copy that is still being reconciled."""
        self._is_behind = behind
        self.changed.emit()

    def set_live_order(self, order_id: int) -> None:
        """Take note of the order whose QR may still be paid, or 0."""
        self.live_order_id = order_id
        self.changed.emit()

    def set_shift(self, *, is_open: bool) -> None:
        """Take note whether there is a drawer that cash can go into."""
        self._has_shift = is_open

    @Slot()
    def pay_by_qr(self) -> None:
        """Make the order of the cart."""
        if self.is_ordering:
            return
        self._is_ordering = True
        self.changed.emit()
        self._calls.run_as_shown(self._make_order, self._ordered)

    @Slot()
    def pay_in_cash(self) -> None:
        """Ask how much cash was received."""
        cart = self._cart()
        if self.is_ordering or cart is None:
            return
        if not self._has_shift:
            self.needs_shift.emit()
            return
        self.cash.open(cart.amounts.payable, self._take, may_split=not self.why_no_qr)

    @Slot()
    def open_drawer(self) -> None:
        """Ask why the drawer is opened without a sale."""
        self.cash.close()
        if self._has_shift:
            self.drawer.toggle()
        else:
            self.needs_shift.emit()

    def close_panel(self) -> bool:
        """Close what is open beside the cart; ``False`` if nothing is, or cash is being taken."""
        return self.cash.close() or self.drawer.close()

    def _take(self, due: int, received: int, rest_by_qr: bool) -> CashTaken:
        return self._service.sell(self._session.actor, due, received, rest_by_qr=rest_by_qr)

    def _make_order(self) -> Callable[[], Order]:
        cart = self._cart()
        payable = int(cart.amounts.payable) if cart is not None else 0
        return partial(self._checkout.order, self._session.actor, payable)

    def _ordered(self, outcome: TaskResult[Order]) -> None:
        self._is_ordering = False
        self.changed.emit()
        if outcome.value is None:
            self.refused.emit(outcome.error)
        else:
            self.ordered.emit(outcome.value)
