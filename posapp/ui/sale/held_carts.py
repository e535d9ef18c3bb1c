"""Carts on hold: one key puts the cart there, and offers them once nothing is in the cart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.services.sale.cart_view import CartView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.pick_menu import PickMenu

if TYPE_CHECKING:
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session

_SHORT = 24


class HeldCarts(QObject):
    """The button of the carts on hold, and the menu from which one is taken up.

    Args:
        button: is pressed to put the cart on hold, or to see those that are.
    """

    taken_up = Signal(object)
    """A cart is open again. Carries its ``CartView``."""

    put_on_hold = Signal()
    """The cart is on hold, and none is open."""

    failed = Signal(object)
    """Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        calls: CartCalls,
        carts: CartService,
        session: Session,
        button: Button,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._texts, self._calls = texts, calls
        self._carts, self._session = carts, session
        self._button = button
        self._held: tuple[CartView, ...] = ()
        self._has_lines = self._is_asking = False
        self.menu = PickMenu(button)
        self.menu.picked.connect(self._take_up)
        button.clicked.connect(self._press)

    def show_held(self, held: tuple[CartView, ...]) -> None:
        """Take note of the carts on hold."""
        self._held = held
        self._write()

    def show_lines(self, has_lines: bool, *, is_asking: bool) -> None:
        """Take note whether there is a cart to put on hold.

        Args:
            is_asking: a product is still to be added to it: neither is possible meanwhile.
        """
        self._has_lines, self._is_asking = has_lines, is_asking
        self._write()

    def _write(self) -> None:
        bind = self._texts.bind
        if self._held:
            self._button.say(bind("sale.held", count=len(self._held)), bind("sale.hold_why"))
        else:
            self._button.say(bind("sale.hold"), bind("sale.hold_why"))
        is_possible = self._has_lines or bool(self._held)
        self._button.setEnabled(is_possible and not self._is_asking)

    @Slot()
    def _press(self) -> None:
        if self._has_lines:
            hold = partial(self._carts.hold, self._session.actor)
            self._calls.run(hold, self._put_on_hold)
        elif self._held:
            self._offer()

    def _offer(self) -> None:
        self.menu.offer([(one.cart.id, self._text_of(one)) for one in self._held])
        self.menu.setActiveAction(self.menu.actions()[0])

    def _text_of(self, view: CartView) -> str:
        first = display_text(view.lines[0].name, _SHORT, run=_SHORT) if view.lines else ""
        return self._texts(
            "sale.held_cart",
            when=self._texts.when(view.cart.opened_at),
            product=display_text(view.cart.name, _SHORT, run=_SHORT) or first,
            count=len(view.lines),
            amount=self._texts.won(view.amounts.payable),
        )

    @Slot(object)
    def _take_up(self, cart_id: int) -> None:
        take_up = partial(self._carts.take_up, self._session.actor, cart_id)
        self._calls.run(take_up, self._taken_up)

    def _put_on_hold(self, outcome: TaskResult[None]) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        else:
            self.put_on_hold.emit()

    def _taken_up(self, outcome: TaskResult[CartView]) -> None:
        if outcome.value is None:
            self.failed.emit(outcome.error)
        else:
            self.taken_up.emit(outcome.value)
