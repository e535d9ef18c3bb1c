"""Drops sales on hold, by choice, before a shift is closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.services.sale.cart_view import CartView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.shift.check_list import goods_of
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot

if TYPE_CHECKING:
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session


class HeldSales(QObject):
    """Asks before a sale on hold is dropped: nobody rings it up again."""

    said = Signal(str)
    """Carries a short message about what was dropped."""

    failed = Signal(object)
    """Nothing was dropped. Carries the exception."""

    changed = Signal()
    """The sales on hold have to be read again."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        carts: CartService,
        session: Session,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner = texts, runner
        self._carts, self._session, self._page = carts, session, page
        self._question = DialogSlot(self)

    @Slot(object)
    def ask(self, held: CartView) -> None:
        """Ask whether to drop a sale."""
        texts, dialog = self._texts, ConfirmDialog(parent=self._page)

        def write() -> None:
            dialog.say(texts("shift.drop_asks"), texts("shift.drop_why"))
            dialog.show_amount(texts.won(held.amounts.payable))
            dialog.show_facts(((texts("shift.drop_goods"), goods_of(texts, held)),))
            dialog.set_answers(texts("shift.drop_held"), texts("words.close"))

        dialog.follow(texts, write)
        dialog.agreed.connect(partial(self._drop, held))
        self._question.open(dialog)

    def close(self) -> None:
        """Close the question."""
        self._question.close()

    def _drop(self, held: CartView) -> None:
        work = partial(self._carts.drop, self._session.actor, held.cart.id)
        self._runner.run(work, self._dropped, owner=self._page)

    def _dropped(self, outcome: TaskResult[None]) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        else:
            self.said.emit(self._texts("shift.held_dropped"))
        self.changed.emit()
