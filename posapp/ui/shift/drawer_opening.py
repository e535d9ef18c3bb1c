"""Opens the drawer without a sale: asks for the reason, records it, then opens the drawer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash import LONGEST_REASON
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Grant, Permission, grant_of
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.side_panel import PanelSlot, SidePanel

if TYPE_CHECKING:
    from posapp.domain.cash import Shift
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class DrawerPanel(SidePanel):
    """Asks why the drawer is opened. Enter opens it."""

    agreed = Signal(str)
    """Open it. Carries the reason as it is typed."""

    def __init__(self, texts: Translator, parent: QWidget) -> None:
        super().__init__(texts, texts.bind("shift.drawer"), parent=parent)
        bind = texts.bind
        self.reason = Field("drawerReason")
        self.reason.line.setMaxLength(LONGEST_REASON)
        self.reason.say(bind("shift.reason"), bind("shift.drawer_reason_hint"))
        self.open_button = Button("primary", "Enter", text=bind("shift.drawer"))
        self.open_button.setObjectName("openDrawer")
        why = Label("muted", wraps=True, text=bind("shift.drawer_why"))
        for part in (why, self.reason, self.open_button):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self.reason.line.returnPressed.connect(self._agree)
        self.open_button.clicked.connect(self._agree)

    def forget(self) -> None:
        """Forget what is typed."""
        self.reason.line.clear()
        self.reason.set_wrong("")

    def say_wrong(self, text: str) -> None:
        """Say why it is not opened, at what is typed."""
        self.reason.set_wrong(text)
        self.reason.line.setFocus()

    @Slot()
    def _agree(self) -> None:
        self.reason.set_wrong("")
        self.agreed.emit(self.reason.line.text())


class DrawerOpening(QObject):
    """Opens the drawer of the shop, on any page that has a place for side panels.

    The ledger has the reason before the drawer opens: an opening that nobody recorded cannot be.
    Where the shop has no printer the panel's end says that the drawer is opened by hand.

    Args:
        slot: where the page shows its side panels.
        page: the page itself.
        roll: the printer that the drawer hangs on, if the program has any.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """Nothing was recorded, or the drawer did not open. Carries a function that returns the text,
    in the language of its call."""

    recorded = Signal()
    """The ledger has one more opening."""

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
        super().__init__(page)
        self._texts, self._runner, self._shifts = texts, runner, shifts
        self._session, self._slot, self._page, self._roll = session, slot, page, roll
        self._panel: DrawerPanel | None = None
        self._is_recording = False

    @property
    def panel(self) -> DrawerPanel:
        """Return the panel; it is made at its first use."""
        if self._panel is None:
            self._panel = panel = DrawerPanel(self._texts, self._page)
            panel.hide()
            panel.closed.connect(self.close)
            panel.agreed.connect(self._record)
        return self._panel

    @property
    def is_open(self) -> bool:
        """Return whether the reason is asked for."""
        return self._panel is not None and self._slot.panel is self._panel

    @Slot()
    def toggle(self) -> None:
        """Ask for the reason, or stop asking; say why if the person has no right to it."""
        role = self._session.role
        if self.is_open:
            self.close()
        elif role is not None and grant_of(role, Permission.MOVE_CASH) is Grant.NO:
            self._fail(UserError(ErrorCode.NOT_PERMITTED))
        else:
            self.panel.forget()
            self._slot.open(self.panel)
            self.panel.reason.line.setFocus()

    @Slot()
    def close(self) -> bool:
        """Stop asking and forget what is typed; ``False`` if nothing is asked."""
        if not self.is_open:
            return False
        self.panel.forget()
        return self._slot.close()

    @Slot(str)
    def _record(self, reason: str) -> None:
        if self._is_recording:
            return
        self._is_recording = True
        self.panel.open_button.set_busy(True)
        note = self._shifts.note_drawer_opened
        self._runner.run(partial(note, self._session.actor, reason), self._noted, owner=self._page)

    def _noted(self, outcome: TaskResult[Shift]) -> None:
        self._is_recording = False
        self.panel.open_button.set_busy(False)
        if outcome.error is not None:
            if self.is_open:
                self.panel.say_wrong(self._texts.error(outcome.error))
            else:
                self._fail(outcome.error)
            return
        self.close()
        self.recorded.emit()
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

    def _fail(self, error: Exception) -> None:
        self.failed.emit(lambda: self._texts.error(error))
