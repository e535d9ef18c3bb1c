"""Opens the drawer without a sale: asks for the reason, records it, then opens the drawer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.shift.drawer_acts import ActPanel, CashReason, DrawerActs
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.domain.cash import Shift
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class DrawerPanel(ActPanel):
    """Asks why the drawer is opened. Enter opens it."""

    agreed = Signal(str)
    """Open it. Carries the reason as it is typed."""

    def __init__(self, texts: Translator, parent: QWidget) -> None:
        super().__init__(texts, texts.bind("shift.drawer"), parent=parent)
        bind = texts.bind
        self._texts = texts
        self.reason = CashReason(texts, "drawerReason", "shift.drawer_reason_hint")
        self.open_button = Button("primary", "Enter", text=bind("shift.drawer"))
        self.open_button.setObjectName("openDrawer")
        why = Label("muted", wraps=True, text=bind("shift.drawer_why"))
        for part in (why, self.reason, self.open_button):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self.reason.line.returnPressed.connect(self._agree)
        self.open_button.clicked.connect(self._agree)

    def begin(self) -> None:
        """Focus the reason."""
        self.reason.line.setFocus()

    def forget(self) -> None:
        """Forget what is typed."""
        self.reason.forget()

    def set_busy(self, busy: bool) -> None:
        """Take no press while the opening is recorded."""
        self.open_button.set_busy(busy)

    def show_error(self, error: Exception) -> None:
        """Say why it is not opened, at what is typed."""
        self.reason.set_wrong(self._texts.error(error))
        self.reason.line.setFocus()

    @Slot()
    def _agree(self) -> None:
        self.reason.set_wrong("")
        self.agreed.emit(self.reason.line.text())


class DrawerOpening(DrawerActs):
    """Opens the drawer of the shop, on any page that has a place for side panels.

    The ledger has the reason before the drawer opens: an opening that nobody recorded cannot be.
    Where the shop has no printer the panel's end says that the drawer is opened by hand.

    Args:
        roll: the printer that the drawer hangs on, if the program has any.
    """

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        shifts: ShiftService,
        session: Session,
        slot: PanelSlot,
        page: QWidget,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(texts, runner, session, slot, page)
        self._shifts, self._roll = shifts, roll
        self._panel: DrawerPanel | None = None

    @property
    def panel(self) -> DrawerPanel:
        """Return the panel; it is made at its first use."""
        if self._panel is None:
            self._panel = DrawerPanel(self._texts, self._page)
            self._panel.agreed.connect(self._note)
            self._add(self._panel)
        return self._panel

    @Slot()
    def toggle(self) -> None:
        """Ask for the reason, or stop asking; say why if the person has no right to it."""
        self._toggle(self.panel)

    @Slot(str)
    def _note(self, reason: str) -> None:
        note = self._shifts.note_drawer_opened
        self._record(self.panel, partial(note, self._session.actor, reason))

    def _recorded(self, record: Shift) -> None:
        if self._roll is None or not self._roll.is_set:
            self.said.emit(self._texts("shift.drawer_by_hand"))
        else:
            self._roll.open_drawer(self._opened)

    def _opened(self, outcome: TaskResult[None]) -> None:
        error, texts = outcome.error, self._texts
        if error is None:
            self.said.emit(texts("shift.drawer_opened"))
        else:
            self.failed.emit(lambda: f"{texts('shift.drawer_failed')} ({texts.error_code(error)})")
