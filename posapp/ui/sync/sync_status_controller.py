"""Sync page, status indicator and close guard: one report for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.errors import EnvironmentProblem, GatewayCause
from posapp.services.ports.system import Clock
from posapp.services.runtime.status_store import SyncEventKind
from posapp.services.sync.close_safety import CloseSafety
from posapp.ui.core.i18n import Translator
from posapp.ui.core.sync_worker import SyncWorker
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import SYNC
from posapp.ui.sync.close_guard import CloseGuard
from posapp.ui.sync.sync_messages import safe_text, safety_text
from posapp.ui.sync.sync_screen import SyncScreen
from posapp.ui.widgets.close_safety_button import CloseSafetyButton
from posapp.ui.widgets.status_indicator import IndicatorState

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.sync.sync_status import SyncService, SyncSnapshot


class SyncStatusController(QObject):
    """Follows the worker's signals, whichever screen is current."""

    behind_changed = Signal(bool)
    """Whether the file is an older copy that is still being reconciled."""

    found_again = Signal(int)
    """An older copy is reconciled. Carries the number of payments that PortOne knew more about."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        desk: SyncService,
        session: Session,
        window: MainWindow,
        clock: Clock,
    ) -> None:
        super().__init__(window)
        self._texts, self._window = texts, window
        self.screen = SyncScreen(texts, theme, runner, desk, session, clock)
        self.safety_button = CloseSafetyButton(theme)
        self.leaving = CloseGuard(texts, runner, desk, window, clock)
        self._unreadable = self._is_behind = False
        self._was_behind = False
        window.add_screen(SYNC, self.screen)
        window.status_bar.add_lamp(self.safety_button)
        self.safety_button.clicked.connect(self._show_page)
        self.screen.reported.connect(self._take)
        self.screen.reported.connect(self.leaving.know)
        self.screen.unreadable.connect(self._notify_unreadable)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    def follow(self, worker: SyncWorker) -> None:
        """Connect the worker's signals to the sync page."""
        worker.status_changed.connect(self.screen.status_changed)
        worker.refund_changed.connect(self.screen.refund_changed)
        worker.attempt_changed.connect(self.screen.attempt_changed)
        worker.connectivity_changed.connect(self.screen.set_online)

    @Slot()
    def refresh(self) -> None:
        """Read soon after a local decision."""
        self.screen.status_changed()

    @Slot()
    def _show_page(self) -> None:
        self._window.toggle(SYNC)

    @Slot(object)
    def _take(self, report: SyncSnapshot) -> None:
        self._unreadable = False
        self._retranslate()
        if report.is_behind != self._is_behind:
            self._is_behind = report.is_behind
            self._window.status_bar.show_message("window.behind" if self._is_behind else "")
            self.behind_changed.emit(self._is_behind)
        self._notify_found_again(report)
        status = report.status
        if status.online is None:
            return
        # For both states: a report read just before the network returned may arrive after the
        # signal, and the next report corrects it.
        away = (
            IndicatorState.PORTAL if status.cause is GatewayCause.PORTAL else IndicatorState.OFFLINE
        )
        self._window.status_bar.show_connectivity(IndicatorState.ONLINE if status.online else away)

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
    def _notify_unreadable(self, error: EnvironmentProblem) -> None:
        self._unreadable = True
        self._retranslate()

    @Slot()
    def _retranslate(self) -> None:
        texts, report = self._texts, self.screen.report
        if self._unreadable:
            text, why = texts("sync.light_storage"), texts("sync.safe_storage")
            self.safety_button.show_safety(CloseSafety.RED, text, why)
        elif report is None:
            self.safety_button.show_safety(
                None, texts("sync.lamp_checking"), texts("sync.lamp_why")
            )
        else:
            self.safety_button.show_safety(
                report.close_safety, safety_text(texts, report), safe_text(texts, report)
            )
