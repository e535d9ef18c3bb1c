"""What can be taken back at the cart for five seconds: a removed line, clearing, a hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.services.sale.cart_view import CartView, LineView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.sale.cart_calls import CartCalls

if TYPE_CHECKING:
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session
    from posapp.ui.widgets.undo import UndoStack

_FOR = timedelta(seconds=5)
_SHORT = 16


class CartUndo(QObject):
    """Offers what was just done to be taken back, in the status line of the window."""

    shown = Signal(object)
    """The cart is as it was. Carries its ``CartView``."""

    failed = Signal(object)
    """Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        calls: CartCalls,
        carts: CartService,
        session: Session,
        stack: UndoStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._texts, self._calls, self._carts = texts, calls, carts
        self._session, self._stack = session, stack

    def removed(self, line: LineView) -> None:
        """Offer a line that was removed."""
        name = display_text(line.name, _SHORT, run=_SHORT)
        take_back = partial(self._carts.restore_line, self._session.actor, line.line)
        self._offer(line.line.id, partial(self._texts, "sale.removed", product=name), take_back)

    def cleared(self, cart: CartView) -> None:
        """Offer all lines of a cart that was cleared."""
        take_back = partial(self._carts.restore, self._session.actor, cart.cart.id)
        said = partial(self._texts, "sale.cleared", count=len(cart.lines))
        self._offer(cart.cart.id, said, take_back)

    def put_on_hold(self, cart: CartView) -> None:
        """Offer a cart that was put on hold."""
        take_back = partial(self._carts.take_up, self._session.actor, cart.cart.id)
        self._offer(cart.cart.id, partial(self._texts, "sale.put_on_hold"), take_back)

    def forget(self) -> None:
        """Offer nothing any more: the sale is ordered, or another person is at the till."""
        self._stack.clear(self)

    def _offer(self, number: int, said: Callable[[], str], act: Callable[[], CartView]) -> None:
        def take_back(_: tuple[int, ...]) -> None:
            self._calls.run(act, self._taken_back)

        self._stack.offer(self, (number,), said, take_back, until=_FOR)

    def _taken_back(self, outcome: TaskResult[CartView]) -> None:
        if outcome.value is not None:
            self.shown.emit(outcome.value)
        else:
            self.failed.emit(outcome.error)
