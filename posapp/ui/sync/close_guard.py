"""Close guard: lists the unsent refunds before the window closes or the desktop session ends.

No data depends on the answer: every intent is in the database before it is reported, and the next
start continues it. The question is for the user's information.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QSessionManager

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.sync.pending_dialog import PendingDialog

if TYPE_CHECKING:
    from posapp.services.sync.sync_status import SyncService, SyncSnapshot

log = logging.getLogger(__name__)

PATIENCE_MS = 1_500
"""Milliseconds that closing waits for a new report; afterwards the last one is used."""

LISTED = 500


class CloseGuard(QObject):
    """Reads the pending work before the window closes, and asks if there is any."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        desk: SyncService,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._texts, self._runner = texts, runner
        self._desk, self._window = desk, window
        self._known: SyncSnapshot | None = None
        self._question: PendingDialog | None = None
        self._reading = False
        self._show_payment: Callable[[], bool] = lambda: False
        self._limit = QTimer(self, singleShot=True)
        self._limit.timeout.connect(self._go_on)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self.session_ends)

    @property
    def question(self) -> PendingDialog | None:
        """Return the open question."""
        return self._question

    def guard_payment(self, show: Callable[[], bool]) -> None:
        """Call ``show`` first on closing: ``True`` if a QR is live on its screen, now shown.

        ``show`` asks nothing itself: closing never waits for PortOne's answer about a QR.
        """
        self._show_payment = show

    @Slot(object)
    def know(self, report: SyncSnapshot) -> None:
        """Set the report read last. Sending continues while the question is open."""
        self._known = report
        if self._question is not None:
            self._question.show_report(report)

    def may_close(self) -> bool:
        """Return ``False``: the window stays open until the pending work is read.

        All ways to close use it: the window's close button, a key, the end of the session, a
        signal. Without pending work the window then closes by itself, else the user is asked.
        """
        self._read()
        return False

    def _read(self) -> None:
        if self._question is not None:
            self._question.activateWindow()
            return
        if not self._reading:
            self._reading = True
            self._show_payment()
            self._limit.start(PATIENCE_MS)
            desk = self._desk
            self._runner.run(lambda: desk.report(LISTED), self._take, owner=self)

    @Slot(QSessionManager)
    def session_ends(self, session: QSessionManager) -> None:
        """Delay the end of the session for the question if work is pending.

        Without the desktop's permission nothing is asked, and nothing is lost either.
        """
        report = self._known
        if report is None or report.is_safe_to_leave:
            return
        count, live = report.totals.count, report.live
        log.warning("the session ends with %s refunds unsent, %s QRs live; all kept", count, live)
        if not session.allowsInteraction():
            return
        session.cancel()
        session.release()
        self.may_close()

    def _take(self, outcome: TaskResult[SyncSnapshot]) -> None:
        if not self._reading:  # too late: the question is already shown
            return
        if outcome.value is not None:
            self._known = outcome.value
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        self._reading = False
        self._limit.stop()
        report = self._known
        if report is not None and not report.live and self._show_payment():
            report = replace(report, live=1)  # it began after the report was read
        if report is None or report.is_safe_to_leave:
            # Never within the close event that asked: Qt treats that as the same closing.
            QTimer.singleShot(0, self._window, self._window.close_without_asking)
            return
        question = PendingDialog(self._texts, report, self._window)
        question.agreed.connect(self._window.close_without_asking)
        question.finished.connect(self._answered)
        self._question = question
        question.open()

    @Slot()
    def _answered(self) -> None:
        self._question = None
