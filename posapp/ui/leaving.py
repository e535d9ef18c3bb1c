"""Leaving: what is not sent yet is named before the window closes or the desktop session ends.

Nothing depends on the answer: every intent is in the database before anybody is told of it, and
the next start goes on with it. The question is there so that nobody is surprised.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QSessionManager

from posapp.services.ports.machine import Clock
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.main_window import MainWindow
from posapp.ui.screens.sync_parts.unsent_question import UnsentQuestion
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.services.sync_desk import SyncDesk, SyncReport

log = logging.getLogger(__name__)

PATIENCE_MS = 1_500
"""How long closing waits for the newest list; after that what was read last is asked about."""

LISTED = 500


class Leaving(QObject):
    """Reads what is unsent when somebody wants to leave, and asks if there is any."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, window: MainWindow, clock: Clock
    ) -> None:
        super().__init__(window)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._window, self._clock = window, clock
        self._desk: SyncDesk | None = None
        self._known: SyncReport | None = None
        self._question: UnsentQuestion | None = None
        self._reading = False
        self._show_payment: Callable[[], bool] = lambda: False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._go_on)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self.session_ends)

    @property
    def question(self) -> UnsentQuestion | None:
        """The question that is up."""
        return self._question

    def guard_payment(self, show: Callable[[], bool]) -> None:
        """Have ``show`` called first: ``True`` if a QR is live on its screen, which is then before
        the person. It asks nothing itself: closing never waits for PortOne's word on a QR."""
        self._show_payment = show

    def attach(self, desk: SyncDesk) -> None:
        """The service stands."""
        self._desk = desk

    @Slot(object)
    def know(self, report: SyncReport) -> None:
        """How things stand, as it was read last. Sending goes on while the question is up."""
        self._known = report
        if self._question is not None:
            self._question.show_report(report)

    def may_close(self) -> bool:
        """Whether the window may close at once: the one question for every way out (the window's
        cross, a key, the end of the session, a signal). If not, it is read what is open: with
        nothing left the window closes by itself, else the person is asked."""
        if self._desk is None:
            return True
        self._read()
        return False

    def _read(self) -> None:
        desk = self._desk
        if desk is None:
            return
        if self._question is not None:
            self._question.activateWindow()
            return
        if not self._reading:
            self._reading = True
            self._show_payment()
            self._limit.start(PATIENCE_MS)
            self._runner.run(lambda: desk.report(LISTED), self._take, owner=self)

    @Slot(QSessionManager)
    def session_ends(self, session: QSessionManager) -> None:
        """The desktop session ends: hold it up for the question if something is unsent and the
        desktop allows to ask. If it does not, nothing is lost either."""
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

    def _take(self, outcome: Outcome[SyncReport]) -> None:
        if not self._reading:  # it came too late: the person was asked already
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
            report = replace(report, live=1)  # it began after the list was read
        if report is None or report.is_safe_to_leave:
            # Never from within the close event that asked: Qt takes that for the same closing.
            QTimer.singleShot(0, self._window, self._window.close_at_once)
            return
        question = UnsentQuestion(self._texts, self._theme, self._clock, report, self._window)
        question.agreed.connect(self._window.close_at_once)
        question.finished.connect(self._answered)
        self._question = question
        question.open()

    @Slot()
    def _answered(self) -> None:
        self._question = None
