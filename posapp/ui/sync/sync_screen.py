"""Page of the unsent refunds, their reasons, and whether it is safe to close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.money import Won
from posapp.services.ports.outbox import OutboxState, PendingRefund
from posapp.services.ports.system import Clock
from posapp.services.runtime.status_store import SyncStatus
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.list_screen import ListScreen
from posapp.ui.shell.routes import OPEN_MONEY
from posapp.ui.shell.screen import ScreenContext
from posapp.ui.sync.status_panel import SafetyStrip, StatusPanel
from posapp.ui.sync.sync_actions import SyncActions
from posapp.ui.sync.sync_messages import details_of, row_of, safe_text, safety_text
from posapp.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.sync.sync_status import SyncService, SyncSnapshot

TICK_MS = 1_000
SLOWLY = 5
"""While visible, the page is read again after this many ticks, even without a signal."""


class SyncScreen(ListScreen):
    """Shows the newest report. While it is visible, it has one read slowly, without any change."""

    close_name = "words.retry"

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
        super().__init__(
            *(texts, theme, runner, reports, parent),
            catalogue="sync",
            name="sync.leave_list",
            key_of=lambda row: row.refund_id,
            describe=lambda row: row_of(texts, row, self._status, clock.now()),
            details_of=lambda row: details_of(texts, row, self._status, clock.now()),
            order_of=lambda row: row.order_id,
        )
        self._clock = clock
        self._ticks = 0
        self._failed = False
        self._actions = SyncActions(texts, runner, desk, session, self)
        self.status_strip, self.status_panel = SafetyStrip(theme), StatusPanel(texts)
        self.reconcile = self._button("quiet", "F5", "reconcile")
        self.try_all = self._button("quiet", "", "try_all")
        self.evidence = self._button("secondary", "", "evidence")
        self.take_over = self._button("secondary", "F7", "take_over")
        self.send = self._button("primary", "F8", "try_now")
        self.view.add_above(self.status_strip)
        self.view.add_below_details(self.status_panel)
        self.view.add_head(self.reconcile)
        self.view.add_for_all(self.try_all)
        self.view.add_actions(self.evidence, self.take_over, self.send)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self._connect()
        self._write()

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
        report: SyncSnapshot | None = self._reader.last
        return report

    def showEvent(self, event: QShowEvent) -> None:
        """Show the newest report, read another, and start the timer."""
        self._tick.start()
        self.show_read(self.report)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the timer."""
        self._tick.stop()
        super().hideEvent(event)

    @property
    def _status(self) -> SyncStatus:
        return self.report.status if self.report is not None else SyncStatus()

    def _button(self, role: str, key: str, name: str) -> Button:
        bind = self._texts.bind
        return Button(role, key, text=bind(f"sync.{name}"), description=bind(f"sync.{name}_why"))

    def _connect(self) -> None:
        actions = self._actions
        self.follow(actions)
        self.act(self.send, self._ask_to_send)
        self.act(self.take_over, actions.ask_to_take_over)
        self.act(self.evidence, lambda row: self.go_to(OPEN_MONEY, refund_id=row.refund_id))
        self.try_all.clicked.connect(self._ask_to_try_all)
        self.reconcile.clicked.connect(actions.reconcile)
        self._texts.changed.connect(self._write)

    def _ask_to_send(self, row: PendingRefund) -> None:
        if row.needs_person:
            self._actions.ask_to_requeue(row)
        else:
            self._actions.ask_to_try(row)

    def _ask_to_try_all(self) -> None:
        report = self.report
        if report is not None:
            totals = report.totals
            count = totals.count - totals.for_person
            amount = Won(totals.amount - totals.amount_for_person)
            self._actions.ask_to_try_all(report.waiting, count, amount)

    def _dismiss(self) -> None:
        self._failed = False
        super()._dismiss()
        self.refresh()

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        self._failed = True
        super()._show_failure(error)

    def show_read(self, found: SyncSnapshot | None) -> None:
        """Show the newest report."""
        report = self.report
        if report is None or not self.isVisible():
            return
        if self._failed:
            self._failed = False
            self.view.banner.clear()
        self.view.show_entries(report.waiting)
        self._write()

    def _write(self) -> None:
        """Show everything but the entries."""
        texts, report = self._texts, self.report
        self.status_panel.setVisible(report is not None)
        self.try_all.setVisible(
            report is not None and report.totals.count > report.totals.for_person
        )
        if report is None:
            self.status_strip.show_safety(None, texts("window.lamp_checking"), "")
            return
        self.status_strip.show_safety(
            report.close_safety, safety_text(texts, report), safe_text(texts, report)
        )
        self.status_panel.show_report(report)
        self.set_head(subtitle=self._count_text(report))

    def offer(self) -> None:
        """Offer what can be done with the current refund."""
        row: PendingRefund | None = self.view.current
        if row is None:
            return
        idle = not self._actions.is_busy(row.refund_id)
        behind = row.waits_behind is not None
        may_send = row.needs_person or (row.state is OutboxState.WAITING and not behind)
        self.evidence.setVisible(row.needs_person)
        self.take_over.setVisible(not row.needs_person)
        for button in (self.take_over, self.send):
            button.setEnabled(idle and may_send)
        why = "sync.take_over_behind" if behind else "sync.take_over_why"
        self.take_over.say(self._texts.bind("sync.take_over"), self._texts.bind(why))

    def _count_down(self) -> None:
        self._ticks += 1
        if self._ticks % SLOWLY == 0:
            self.refresh()
        else:
            self.view.write_again()

    def _count_text(self, report: SyncSnapshot) -> str:
        texts, totals = self._texts, report.totals
        if not totals.count:
            return ""
        shown, amount = len(report.waiting), texts.won(totals.amount)
        if shown < totals.count:
            return texts("sync.count_cut", shown=shown, count=totals.count, amount=amount)
        return texts("sync.count", count=totals.count, amount=amount)
