"""입금 and 출금: asks for amount and reason, and records them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from posapp.domain.cash import CashMove, MoveKind
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.shift.drawer_acts import DrawerActs
from posapp.ui.shift.reason_panel import MovePanel
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.session import Session


class CashMoves(DrawerActs):
    """Puts cash into the drawer, and takes it out."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        shifts: ShiftService,
        session: Session,
        slot: PanelSlot,
        page: QWidget,
    ) -> None:
        super().__init__(texts, runner, session, slot, page)
        self._shifts = shifts
        self._of_kind: dict[MoveKind, MovePanel] = {}

    def panel(self, kind: MoveKind) -> MovePanel:
        """Return the panel of a kind; it is made at its first use."""
        if kind not in self._of_kind:
            self._of_kind[kind] = panel = MovePanel(self._texts, kind, self._page)
            panel.agreed.connect(partial(self._move, panel))
            self._add(panel)
        return self._of_kind[kind]

    def toggle(self, kind: MoveKind) -> None:
        """Ask for amount and reason, or stop asking; say why if the person has no right to it."""
        self._toggle(self.panel(kind))

    def _move(self, panel: MovePanel, won: int, reason: str) -> None:
        act = self._shifts.pay_in if panel.kind is MoveKind.IN else self._shifts.pay_out
        self._record(panel, partial(act, self._session.actor, won, reason))

    def _recorded(self, record: CashMove) -> None:
        message = "shift.paid_in" if record.kind is MoveKind.IN else "shift.paid_out"
        self.said.emit(self._texts(message, amount=self._texts.won(record.amount)))
