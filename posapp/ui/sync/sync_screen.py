"""Sync page: the unsent refunds, their reasons, and whether it is safe to close."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.errors import EnvironmentProblem, PosappError
from posapp.domain.money import Won
from posapp.services.ports.outbox import PendingRefund
from posapp.services.ports.system import Clock
from posapp.services.runtime.status_store import SyncStatus
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import OPEN_MONEY
from posapp.ui.shell.screen import Screen
from posapp.ui.sync.pending_model import PendingModel
from posapp.ui.sync.sync_actions import SyncActions
from posapp.ui.sync.sync_layout import SyncLayout
from posapp.ui.sync.sync_messages import PendingRowText, pending_row_text, sentence_of

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.sync.sync_status import SyncService, SyncSnapshot

LISTED = 500
"""Rows that are read at most; the sums count all."""

GATHER_MS = 150
"""Delay in milliseconds that combines several changes into one read."""

GATHER_HIDDEN_MS = 500
TICK_MS = 1_000
SLOWLY = 5
"""While visible, the page is read again after this many ticks, even without a signal."""


class SyncScreen(Screen):
    """Reads when it is shown, when something changed, and slowly while it is visible.

    The status indicator follows ``reported`` while another screen is current.
    """

    reported = Signal(object)
    """Carries a new report."""

    unreadable = Signal(object)
    """The records could not be read. Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        desk: SyncService,
        session: Session,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._desk, self._clock = desk, clock
        self._report: SyncSnapshot | None = None
        self._ticks = 0
        self._reading = self._again = self._failed = False
        self.model = PendingModel(self._describe, lambda row: sentence_of(texts, row), texts, self)
        self.view = SyncLayout(texts, theme, self.model)
        self.sync_actions = SyncActions(texts, runner, desk, session, self)
        self._connect()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.timeout.connect(self.refresh)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._count_down)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._retranslate)
        self.view.show_unknown()
        self._retranslate()

    @property
    def report(self) -> SyncSnapshot | None:
        """Return the report read last."""
        return self._report

    @Slot()
    def refresh(self) -> None:
        """Read the report now."""
        if self._reading:  # the pending result may be older than this request
            self._again = True
            return
        self._reading = True
        self._gather.stop()
        if self._report is None:
            self.view.busy.start(self._texts("sync.loading"))
        desk = self._desk
        self._runner.run(lambda: desk.report(LISTED), self._take, owner=self)

    @Slot()
    def status_changed(self) -> None:
        """Read soon after a status change."""
        if not self._gather.isActive():
            self._gather.start(GATHER_MS if self.isVisible() else GATHER_HIDDEN_MS)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read soon after a refund changed."""
        self.status_changed()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """Read soon after a QR changed: its payment may have to be refunded."""
        self.status_changed()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Read soon after the reachability of PortOne changed."""
        self.status_changed()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the report and start the timer."""
        super().showEvent(event)
        self._tick.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the timer."""
        self._tick.stop()
        super().hideEvent(event)

    def _connect(self) -> None:
        view, buttons = self.view, self.sync_actions
        view.chosen.connect(self._show_actions)
        view.try_now.clicked.connect(lambda: self._with_row(buttons.ask_to_try))
        view.requeue.clicked.connect(lambda: self._with_row(buttons.ask_to_requeue))
        view.take_over.clicked.connect(lambda: self._with_row(buttons.ask_to_take_over))
        view.evidence.clicked.connect(
            lambda: self._with_row(lambda row: self.go_to(OPEN_MONEY, refund_id=row.refund_id))
        )
        view.try_all.clicked.connect(self._ask_to_try_all)
        view.reconcile.clicked.connect(buttons.reconcile)
        view.banner.acted.connect(self._dismiss)
        buttons.began.connect(self._show_actions)
        buttons.ended.connect(self._action_finished)
        buttons.sent.connect(self.sent)

    def _with_row(self, action: Callable[[PendingRefund], None]) -> None:
        row = self.view.current()
        if row is not None:
            action(row)

    def _ask_to_try_all(self) -> None:
        report = self._report
        if report is not None:
            totals = report.totals
            count = totals.count - totals.for_person
            amount = Won(totals.amount - totals.amount_for_person)
            self.sync_actions.ask_to_try_all(report.waiting, count, amount)

    def _dismiss(self) -> None:
        self._failed = False
        self.view.banner.clear()
        self.refresh()

    def _action_finished(self, error: Exception | None, text: str) -> None:
        if error is not None:
            self.view.banner.show_error(error, button="words.close")
        else:
            self.view.banner.clear()
            if text:
                self.notified.emit(text)
        self.refresh()
        self._show_actions()

    def _take(self, outcome: TaskResult[SyncSnapshot]) -> None:
        self.view.busy.stop()
        self.view.busy.hide()
        self._reading = False
        if self._again:
            self._again = False
            self.status_changed()
        report = outcome.value
        if report is None:
            self._failed = True
            error = outcome.error or PosappError()
            self.view.banner.show_error(error, button="words.retry")
            if isinstance(error, EnvironmentProblem):
                self.unreadable.emit(error)
            return
        if self._failed:
            self._failed = False
            self.view.banner.clear()
        self._report = report
        self.view.keep_choice(lambda: self.model.set_rows(report.waiting))
        self.view.show_report(report)
        self._show_actions()
        self.reported.emit(report)

    def _show_actions(self) -> None:
        row = self.view.current()
        self.view.show_actions(row, busy=self.sync_actions.is_busy(row))

    def _describe(self, entry: PendingRefund) -> PendingRowText:
        status = self._report.status if self._report is not None else SyncStatus()
        return pending_row_text(self._texts, entry, status, self._clock.now())

    def _count_down(self) -> None:
        self._ticks += 1
        if self._ticks % SLOWLY == 0:
            self.refresh()
        else:
            self.model.count_down()

    def _retranslate(self) -> None:
        self.view.write()
        if self._report is None:
            self.view.show_unknown()
        else:
            self.view.show_report(self._report)
        self._show_actions()
