"""Cash on the payment page: for the whole order or its rest, and given back where that fails."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.ui.cash.cash_taking import CashTaking
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.confirmed_actions import ConfirmedActions
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken
    from posapp.services.cash.cash_service import CashService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class PaymentCash(QObject):
    """Takes cash for the order on screen, and records that received cash was given back."""

    taken = Signal(object)
    """Carries the ``CashTaken``."""

    read_again = Signal()
    """What is left to pay may have changed."""

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """Giving back failed, and its dialog is gone. Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: CashService,
        session: Session,
        page: QWidget,
        roll: RollPrinting | None,
    ) -> None:
        super().__init__(page)
        self._texts, self._service, self._session = texts, service, session
        self.taking = CashTaking(
            *(texts, theme, PanelSlot(page), page),
            run=partial(runner.run, owner=page),
            roll=roll,
        )
        self.taking.taken.connect(self.taken)
        self.taking.refused.connect(lambda _: self.read_again.emit())
        self._actions = ConfirmedActions(texts, runner, page)
        self._actions.ended.connect(self._ended)

    @property
    def primary(self) -> Button | None:
        """Return the button that Enter presses while cash is asked for; else ``None``."""
        return self.taking.panel.take if self.taking.is_open else None

    def take(self, order_id: int, due: Won, *, may_split: bool) -> None:
        """Ask for cash.

        Args:
            due: won that are left to pay.
            may_split: the rest may be paid by QR.
        """

        def take(shown: int, received: int, rest_by_qr: bool) -> CashTaken:
            actor = self._session.actor
            return self._service.take(actor, order_id, shown, received, rest_by_qr=rest_by_qr)

        self.taking.open(due, take, may_split=may_split)

    def ask_to_give_back(self, order_id: int, amount: Won) -> None:
        """Ask whether the received cash goes back to the buyer. The drawer opens once the records
        have it: one that opens before could be opened by a question that nobody answers."""
        texts = self._texts

        def give_back() -> BoundText:
            given = self._service.give_back(self._session.actor, order_id, amount)
            return texts.bind("cash.was_given_back", amount=texts.won(given))

        self._actions.confirm(
            *(order_id, "cash.give_back", give_back),
            amount=amount,
            facts=lambda: [(texts("cancel.order"), str(order_id))],
            key="F8",
        )

    @Slot(object, str)
    def _ended(self, error: Exception | None, text: str) -> None:
        if error is not None:
            self.failed.emit(error)
        elif text:
            self.taking.open_drawer()
            self.said.emit(text)
        self.read_again.emit()
