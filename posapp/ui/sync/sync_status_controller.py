"""What every page shows of the sync state: two lamps, a message, and the close guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.errors import EnvironmentProblem
from posapp.services.runtime.status_store import SyncEventKind
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.sync.close_guard import CloseGuard
from posapp.ui.sync.sync_messages import lamp_tone, safe_text, safety_text

if TYPE_CHECKING:
    from posapp.services.sync.sync_status import SyncService, SyncSnapshot

LISTED = 500
"""Refunds that a report lists at most; its sums count all."""


class SyncStatusController(QObject):
    """Follows the reports, whichever page is current."""

    behind_changed = Signal(bool)
    """Whether the file is an older copy that is still being reconciled."""

    found_again = Signal(int)
    """An older copy is reconciled. Carries the number of payments that PortOne knew more about."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        desk: SyncService,
        reports: RecordReader[SyncSnapshot],
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._texts, self._window, self._reports = texts, window, reports
        self.leaving = CloseGuard(texts, runner, desk, window)
        self._unreadable = self._is_behind = False
        self._was_behind = False
        reports.arrived.connect(self._take)
        reports.arrived.connect(self.leaving.know)
        reports.failed.connect(self._notify_unreadable)
        texts.changed.connect(self._show_lamps)

    @Slot(object)
    def _take(self, report: SyncSnapshot) -> None:
        self._unreadable = False
        self._show_lamps()
        if report.is_behind != self._is_behind:
            self._is_behind = report.is_behind
            self._window.status_bar.show_message("window.behind" if self._is_behind else "")
            self.behind_changed.emit(self._is_behind)
        self._notify_found_again(report)

    def count_found_again(self) -> None:
        """Emit ``found_again`` once the older copy that the program started with is reconciled."""
        self._was_behind = True

    def _notify_found_again(self, report: SyncSnapshot) -> None:
        if report.is_behind or not self._was_behind:
            return
        done = [one.what for one in report.recent if one.what.what is SyncEventKind.RECONCILED]
        if done:  # the event is recorded shortly after ``is_behind`` ends
            self._was_behind = False
            count = sum(one.count for one in done)
            if count:
                self.found_again.emit(count)

    @Slot(object)
    def _notify_unreadable(self, error: Exception) -> None:
        if isinstance(error, EnvironmentProblem):
            self._unreadable = True
            self._show_lamps()

    def _show_lamps(self) -> None:
        texts, report, bar = self._texts, self._reports.last, self._window.status_bar
        if self._unreadable:
            bar.show_sync("error", texts("sync.light_storage"), texts("sync.safe_storage"))
        elif report is not None:
            bar.show_sync(lamp_tone(report), safety_text(texts, report), safe_text(texts, report))
        if report is not None:
            bar.show_open_money(report.unresolved, report.for_person)
