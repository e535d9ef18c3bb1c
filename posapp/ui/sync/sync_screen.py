"""Sync page: the unsent refunds, their reasons, and whether it is safe to close."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.money import Won
from posapp.services.ports.outbox import PendingRefund
from posapp.services.ports.system import Clock
from posapp.services.runtime.status_store import SyncStatus
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import OPEN_MONEY
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.sync.pending_model import PendingModel
from posapp.ui.sync.sync_actions import SyncActions
from posapp.ui.sync.sync_layout import SyncLayout
from posapp.ui.sync.sync_messages import PendingRowText, pending_row_text, sentence_of

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.sync.sync_status import SyncService, SyncSnapshot

TICK_MS = 1_000
SLOWLY = 5
"""While visible, the page is read again after this many ticks, even without a signal."""


class SyncScreen(Screen):
    """Shows the newest report. While it is visible, it has one read slowly, without any change."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        desk: SyncService,
        reports: RecordReader[SyncSnapshot],
        session: Session,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._reports, self._clock = reports, clock
        self._ticks = 0
        self._failed = False
        self.model = PendingModel(self._describe, lambda row: sentence_of(texts, row), texts, self)
        self.view = SyncLayout(texts, theme, self.model)
        self.sync_actions = SyncActions(texts, runner, desk, session, self)
        self._connect()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._count_down)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._retranslate)
        self.view.show_unknown()
        self._retranslate()
        if reports.last is not None:
            self._show(reports.last)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.sync_service),
            *(context.sync_reports, services.session, context.clock),
        )

    @property
    def report(self) -> SyncSnapshot | None:
        """Return the report read last."""
        return self._reports.last

    @Slot()
    def refresh(self) -> None:
        """Read the report now."""
        if self.report is None:
            self.view.busy.start(self._texts("sync.loading"))
        self._reports.refresh()

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
        self._reports.arrived.connect(self._show)
        self._reports.failed.connect(self._show_failure)
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
        report = self.report
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

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        self._stop_waiting()
        self._failed = True
        self.view.banner.show_error(error, button="words.retry")

    @Slot(object)
    def _show(self, report: SyncSnapshot) -> None:
        self._stop_waiting()
        if self._failed:
            self._failed = False
            self.view.banner.clear()
        self.view.keep_choice(lambda: self.model.set_rows(report.waiting))
        self.view.show_report(report)
        self._show_actions()

    def _stop_waiting(self) -> None:
        self.view.busy.stop()
        self.view.busy.hide()

    def _show_actions(self) -> None:
        row = self.view.current()
        self.view.show_actions(row, busy=self.sync_actions.is_busy(row))

    def _describe(self, entry: PendingRefund) -> PendingRowText:
        report = self.report
        status = report.status if report is not None else SyncStatus()
        return pending_row_text(self._texts, entry, status, self._clock.now())

    def _count_down(self) -> None:
        self._ticks += 1
        if self._ticks % SLOWLY == 0:
            self.refresh()
        else:
            self.model.count_down()

    def _retranslate(self) -> None:
        self.view.write()
        report = self.report
        if report is None:
            self.view.show_unknown()
        else:
            self.view.show_report(report)
        self._show_actions()
