"""A manager's PIN is set by the recovery code, from the lock."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.permissions import StaffRole
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.staff.pin_dialogs import RecoveryCodeDialog, RecoveryDialog
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text

if TYPE_CHECKING:
    from posapp.services.staff.sign_in import StaffTile
    from posapp.services.staff.staff_directory import StaffDirectory


class RecoveryFlow(QObject):
    """Asks for the code and the new PIN, and shows the code that is valid from then on."""

    recovered = Signal(object)
    """A PIN was set, and the next code is off the screen. Carries the number of the manager."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        directory: StaffDirectory,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._directory, self._window = directory, window
        self._slot = DialogSlot(self)

    def open(self, people: Sequence[StaffTile], chosen: int | None) -> None:
        """Ask.

        Args:
            people: who can sign in.
            chosen: number of who is chosen at the lock, or ``None``.
        """
        managers = [one for one in people if one.role is StaffRole.MANAGER]
        if self._slot.is_open or not managers:
            return
        dialog = RecoveryDialog(self._texts, self._theme, self._window, managers, chosen)
        dialog.agreed.connect(partial(self._recover, dialog))
        self._slot.open(dialog)

    def close(self) -> None:
        """Close what is open: nobody is there any more."""
        self._slot.close()

    def _recover(self, dialog: RecoveryDialog) -> None:
        manager = dialog.manager
        if manager is None:
            return
        work = partial(
            self._directory.recover, dialog.code.line.text(), manager.id, dialog.new.text
        )
        self._runner.run(work, partial(self._ended, dialog, manager.id), owner=self)

    def _ended(self, dialog: RecoveryDialog, staff_id: int, outcome: TaskResult[str]) -> None:
        was_closed = not self._slot.is_open
        if self._slot.end(failure_text(self._texts, outcome.error)):
            dialog.show_refusal(outcome.error or RuntimeError())
            return
        if outcome.value is None:
            return
        if was_closed:  # whoever asked for it has left; a manager can make another one
            self.recovered.emit(staff_id)
            return
        shown = RecoveryCodeDialog(self._texts, self._window, outcome.value)
        shown.finished.connect(lambda _: self.recovered.emit(staff_id))
        self._slot.open(shown)
