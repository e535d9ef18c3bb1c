"""What a person changes about the lines of the cart: counts, removing, clearing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.services.sale.cart_view import CartView, LineView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.sale.cart_undo import CartUndo
from posapp.ui.sale.sale_messages import SaleMessages
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot

if TYPE_CHECKING:
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session


class CartEdits(QObject):
    """Changes the cart by calls in the order of the keys; what is removed can be taken back.

    Args:
        undo: is told what was removed.
        page: is behind the question.
        shown: returns the cart on screen.
    """

    changed = Signal(object)
    """The cart was changed. Carries its ``CartView``, or ``None``: there is none any more."""

    def __init__(
        self,
        texts: Translator,
        calls: CartCalls,
        carts: CartService,
        session: Session,
        messages: SaleMessages,
        undo: CartUndo,
        page: QWidget,
        shown: Callable[[], CartView | None],
    ) -> None:
        super().__init__(page)
        self._texts, self._calls, self._carts = texts, calls, carts
        self._session, self._messages, self._undo = session, messages, undo
        self._page, self._shown = page, shown
        self._dialog = DialogSlot(page)

    def set_count(self, line: LineView, count: int) -> None:
        """Change the pieces of a line."""
        self._act(partial(self._carts.set_count, self._session.actor, line.line.id, count))

    def step(self, line: LineView, by: int) -> None:
        """Add pieces to a line, or take some away."""
        line_id = line.line.id

        def make() -> Callable[[], CartView]:
            # Made in its turn: of the count that the steps before made.
            cart = self._shown()
            rows = cart.lines if cart is not None else ()
            count = next((row.line.count for row in rows if row.line.id == line_id), 0)
            return partial(self._carts.set_count, self._session.actor, line_id, count + by)

        self._messages.begin()
        self._calls.run_as_shown(make, self._arrived)

    def renew_prices(self) -> None:
        """Take over the prices that products have now."""
        self._act(partial(self._carts.renew_prices, self._session.actor))

    def remove(self, line: LineView) -> None:
        """Remove a line."""

        def removed(outcome: TaskResult[CartView]) -> None:
            self._arrived(outcome)
            if outcome.error is None:
                self._undo.removed(line)

        self._messages.begin()
        self._calls.run(partial(self._carts.remove, self._session.actor, line.line.id), removed)

    def ask_to_clear(self) -> None:
        """Ask whether all lines are to be removed, and remove them."""
        cart = self._shown()
        if self._dialog.is_open or cart is None or not cart.lines:
            return
        texts, count = self._texts, len(cart.lines)
        question = ConfirmDialog(parent=self._page)

        def write() -> None:
            question.say(texts("sale.clear_asks", count=count), texts("sale.clear_why"))
            question.set_answers(texts("sale.clear"), texts("words.close"))

        question.follow(texts, write)
        question.agreed.connect(self._clear)
        self._dialog.open(question)

    def close(self) -> None:
        """Close the question."""
        self._dialog.close()

    @Slot()
    def _clear(self) -> None:
        cart = self._shown()

        def cleared(outcome: TaskResult[None]) -> None:
            self._arrived(outcome)
            if outcome.error is None and cart is not None:
                self._undo.cleared(cart)

        self._messages.forget()
        self._calls.run(partial(self._carts.clear, self._session.actor), cleared)

    def _act(self, act: Callable[[], CartView]) -> None:
        self._messages.begin()
        self._calls.run(act, self._arrived)

    def _arrived(self, outcome: TaskResult[CartView] | TaskResult[None]) -> None:
        if outcome.error is None:
            self.changed.emit(outcome.value)
        else:
            self._messages.fail(outcome.error)
