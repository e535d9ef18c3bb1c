"""Discount and note of the cart: opened by a key, and stored with Enter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.carts import LineError
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.refund_limits import Proof
from posapp.domain.sale_amounts import Discount
from posapp.services.sale.cart_view import CartView, LineView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.sale.goods_pane import GoodsPane
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.refund_approval import RefundApproval, proof_of

if TYPE_CHECKING:
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals

_LONG = 60


class SalePanels(QObject):
    """Opens the panels beside the cart, and gives what is typed there to the cart.

    A discount above the limit is refused first; then the panel asks for an approver and a PIN.

    Args:
        approvals: ``None``: there are no limits.
    """

    shown = Signal(object)
    """The cart was changed. Carries its ``CartView``."""

    open_changed = Signal()
    """``is_open`` changed."""

    left = Signal()
    """The focus is the cart's again."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        calls: CartCalls,
        carts: CartService,
        approvals: RefundApprovals | None,
        session: Session,
        pane: GoodsPane,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._texts, self._calls, self._carts, self._session = texts, calls, carts, session
        self._pane = pane
        self._approval = RefundApproval(runner, approvals, session, self)
        self._cart: CartView | None = None
        self._line: LineView | None = None
        self._is_storing = False
        self.discount, self.note = pane.discount, pane.note
        self.discount.agreed.connect(self._give)
        self.discount.taken_away.connect(self._take_away)
        self.discount.scope_changed.connect(self._show_given)
        self.note.agreed.connect(self._keep)
        for panel in (self.discount, self.note):
            panel.closed.connect(self.close)

    @property
    def is_open(self) -> bool:
        """Return whether something may be typed that is not stored yet."""
        return self._pane.has_panel

    def open_discount(self, cart: CartView, line: LineView | None) -> None:
        """Ask for a discount of a line, or of the whole sale."""
        can_have = line is not None and line.line.error is LineError.NONE
        self._cart, self._line = cart, line if can_have else None
        name = display_text(line.name, _LONG, run=_LONG) if line is not None and can_have else ""
        of_sale = cart.cart.discount is not None
        self.discount.show_line(name, of_sale=of_sale)
        self._open(self.discount)
        self._show_given()

    def open_note(self, cart: CartView) -> None:
        """Ask for the note of the sale, and its name on hold."""
        self._open(self.note)
        self.note.show_kept(cart.cart.note, cart.cart.name)

    @Slot()
    def close(self) -> None:
        """Forget what is typed."""
        if self.is_open:
            self._pane.close_panel()
            self.discount.approval.clear()
            self.open_changed.emit()
            self.left.emit()

    def _open(self, panel: QWidget) -> None:
        self._pane.open_panel(panel)
        self.open_changed.emit()

    @Slot()
    def _show_given(self) -> None:
        given: Discount | None = None
        if self.discount.is_of_sale:
            given = self._cart.cart.discount if self._cart is not None else None
        elif self._line is not None:
            given = self._line.line.discount
        self.discount.show_given(given)

    @Slot()
    def _give(self) -> None:
        try:
            self._set(self.discount.discount())
        except UserError as error:
            self._say(self._texts.error(error))

    @Slot()
    def _take_away(self) -> None:
        self._set(None)

    def _set(self, discount: Discount | None) -> None:
        actor = self._session.actor
        if self.discount.is_of_sale:
            act = partial(self._carts.discount_sale, actor, discount)
        elif self._line is not None:
            act = partial(self._carts.discount_line, actor, self._line.line.id, discount)
        else:
            return
        self._store(self._approval.with_proof(self.discount.approval, actor, act), self._given)

    @Slot()
    def _keep(self) -> None:
        note, name = self.note.note.line.text(), self.note.name.line.text()
        self._store(partial(self._carts.set_note, self._session.actor, note, name), self._kept)

    def _store(
        self, work: Callable[[], CartView], done: Callable[[TaskResult[CartView]], None]
    ) -> None:
        if not self._is_storing:
            self._is_storing = True
            self._calls.run(work, done)

    def _given(self, outcome: TaskResult[CartView]) -> None:
        self._is_storing = False
        if outcome.value is not None:
            self.close()
            self.shown.emit(outcome.value)
            return
        error = outcome.error
        self._approval.refused(self.discount.approval, self._session.actor, error)
        if proof_of(error) is Proof.NONE:
            self._say(self._texts.error(error or RuntimeError()))
        else:
            percent, won = self._carts.discount_limits
            amount = self._texts.won(won)
            self._say(self._texts("sale.discount_over", percent=percent, amount=amount))

    def _say(self, text: str) -> None:
        self.discount.say(text)
        announce(self.discount, text, urgent=True)

    def _kept(self, outcome: TaskResult[CartView]) -> None:
        self._is_storing = False
        if outcome.value is not None:
            self.close()
            self.shown.emit(outcome.value)
        else:
            self.note.say(self._texts.error(outcome.error or UserError(ErrorCode.CART_EMPTY)))
