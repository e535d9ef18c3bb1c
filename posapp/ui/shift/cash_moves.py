"""입금 and 출금: asks for amount and reason, and records them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import CashMove, MoveKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Grant, Permission, grant_of
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.shift.reason_panel import MovePanel
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.session import Session


class CashMoves(QObject):
    """Opens the panels of both, one at a time.

    Args:
        slot: where the page shows its side panels.
        page: the page itself.
    """

    said = Signal(str)
    """Carries a short message about what was recorded."""

    failed = Signal(object)
    """Nothing was recorded. Carries a function that returns the text, in the language of its
    call."""

    recorded = Signal()
    """The drawer has another amount."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        shifts: ShiftService,
        session: Session,
        slot: PanelSlot,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._shifts = texts, runner, shifts
        self._session, self._slot, self._page = session, slot, page
        self._panels: dict[MoveKind, MovePanel] = {}
        self._is_recording = False

    def panel(self, kind: MoveKind) -> MovePanel:
        """Return the panel of a kind; it is made at its first use."""
        if kind not in self._panels:
            self._panels[kind] = panel = MovePanel(self._texts, kind, self._page)
            panel.hide()
            panel.closed.connect(self.close)
            panel.agreed.connect(partial(self._record, kind))
        return self._panels[kind]

    @property
    def is_open(self) -> bool:
        """Return whether one of the panels is shown."""
        return self._slot.panel in self._panels.values()

    def toggle(self, kind: MoveKind) -> None:
        """Ask for amount and reason, or stop asking; say why if the person has no right to it."""
        role = self._session.role
        if self._slot.panel is self._panels.get(kind) and self.is_open:
            self.close()
        elif role is not None and grant_of(role, Permission.MOVE_CASH) is Grant.NO:
            self._fail(UserError(ErrorCode.NOT_PERMITTED))
        else:
            panel = self.panel(kind)
            panel.forget()
            self._slot.open(panel)
            panel.amount.line.setFocus()

    @Slot()
    def close(self) -> bool:
        """Stop asking and forget what is typed; ``False`` if nothing is asked."""
        if not self.is_open:
            return False
        for panel in self._panels.values():
            panel.forget()
        return self._slot.close()

    def _record(self, kind: MoveKind, won: int, reason: str) -> None:
        if self._is_recording:
            return
        self._is_recording = True
        self.panel(kind).set_busy(True)
        act = self._shifts.pay_in if kind is MoveKind.IN else self._shifts.pay_out
        work = partial(act, self._session.actor, won, reason)
        self._runner.run(work, partial(self._done, kind), owner=self._page)

    def _done(self, kind: MoveKind, outcome: TaskResult[CashMove]) -> None:
        self._is_recording = False
        panel, move = self.panel(kind), outcome.value
        panel.set_busy(False)
        if move is None:
            error = outcome.error or RuntimeError()
            if self._slot.panel is panel:
                panel.show_error(error)
            else:
                self._fail(error)
            return
        self.close()
        message = "shift.paid_in" if kind is MoveKind.IN else "shift.paid_out"
        self.said.emit(self._texts(message, amount=self._texts.won(move.amount)))
        self.recorded.emit()

    def _fail(self, error: Exception) -> None:
        self.failed.emit(lambda: self._texts.error(error))
