"""The sync page, the lamp that leads to it, and the question on leaving: one report for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.errors import EnvironmentProblem, GatewayCause
from posapp.services.ports.machine import Clock
from posapp.services.sync_board import What
from posapp.services.sync_light import Light
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.leaving import Leaving
from posapp.ui.main_window import MainWindow
from posapp.ui.screens.sync import SyncScreen
from posapp.ui.screens.sync_parts.words import light_words, safe_words
from posapp.ui.sync_worker import SyncWorker
from posapp.ui.theme import Theme
from posapp.ui.widgets.lamp import LampState
from posapp.ui.widgets.sync_lamp import SyncLamp

if TYPE_CHECKING:
    from posapp.services.sync_desk import SyncDesk, SyncReport

SYNC = "sync"
"""Name of the screen."""


class SyncWatch(QObject):
    """Follows the worker's signals, whatever screen is up."""

    behind_changed = Signal(bool)
    """The file is an older copy that is still being compared, or is so no more."""

    found_again = Signal(int)
    """An older copy was compared to the end: how many payments PortOne knew more of than it."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, window: MainWindow, clock: Clock
    ) -> None:
        super().__init__(window)
        self._texts, self._window = texts, window
        self.screen = SyncScreen(texts, theme, runner, clock)
        self.lamp = SyncLamp(theme)
        self.leaving = Leaving(texts, theme, runner, window, clock)
        self._unreadable = self._is_behind = False
        self._was_behind = False
        window.add_screen(SYNC, self.screen)
        window.add_to_status(self.lamp)
        self.lamp.clicked.connect(self._show_page)
        self.screen.reported.connect(self._take)
        self.screen.reported.connect(self.leaving.know)
        self.screen.unreadable.connect(self._tell_unreadable)
        self.screen.told.connect(window.toast.say)
        texts.changed.connect(self._write)
        self._write()

    def attach(self, desk: SyncDesk) -> None:
        """The service stands."""
        self.leaving.attach(desk)
        self.screen.attach(desk)

    def follow(self, worker: SyncWorker) -> None:
        """Look again whenever the worker has something to tell."""
        worker.standing_changed.connect(self.screen.standing_changed)
        worker.refund_changed.connect(self.screen.refund_changed)
        worker.attempt_changed.connect(self.screen.attempt_changed)
        worker.connectivity_changed.connect(self.screen.set_online)

    @Slot()
    def refresh(self) -> None:
        """Something was decided at this till: look again soon."""
        self.screen.standing_changed()

    @Slot()
    def _show_page(self) -> None:
        self._window.show_screen(SYNC)

    @Slot(object)
    def _take(self, report: SyncReport) -> None:
        self._unreadable = False
        self._write()
        if report.is_behind != self._is_behind:
            self._is_behind = report.is_behind
            self._window.set_status("window.behind" if self._is_behind else "")
            self.behind_changed.emit(self._is_behind)
        self._tell_found_again(report)
        standing = report.standing
        if standing.online is None:
            return
        # Whichever way it is: a report that was read just before the network came back may arrive
        # after the signal that told of it, and the next one puts that right.
        away = LampState.PORTAL if standing.cause is GatewayCause.PORTAL else LampState.OFFLINE
        self._window.header.show_connectivity(LampState.ONLINE if standing.online else away)

    def count_found_again(self) -> None:
        """The program began with an older copy: ``found_again`` follows when it is compared."""
        self._was_behind = True

    def _tell_found_again(self, report: SyncReport) -> None:
        if report.is_behind or not self._was_behind:
            return
        done = [one.what for one in report.recent if one.what.what is What.RECONCILED]
        if done:  # it is noted a moment after the file is behind no more
            self._was_behind = False
            count = sum(one.count for one in done)
            if count:
                self.found_again.emit(count)

    @Slot(object)
    def _tell_unreadable(self, error: EnvironmentProblem) -> None:
        self._unreadable = True
        self._write()

    @Slot()
    def _write(self) -> None:
        texts, report = self._texts, self.screen.report
        if self._unreadable:
            words, why = texts("sync.light_storage"), texts("sync.safe_storage")
            self.lamp.show_light(Light.RED, words, why)
        elif report is None:
            self.lamp.show_light(None, texts("sync.lamp_checking"), texts("sync.lamp_why"))
        else:
            self.lamp.show_light(
                report.light, light_words(texts, report), safe_words(texts, report)
            )
