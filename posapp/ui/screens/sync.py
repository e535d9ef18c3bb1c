"""The sync page: what is not sent yet, why, and whether it is safe to leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.errors import EnvironmentProblem, PosError
from posapp.domain.money import Won
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import Unsent
from posapp.services.sync_board import Standing
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.unsent import UnsentModel
from posapp.ui.screens.sync_parts.deeds import SyncDeeds
from posapp.ui.screens.sync_parts.sheet import SyncSheet
from posapp.ui.screens.sync_parts.words import Row, row_of, sentence_of
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.services.sync_desk import SyncDesk, SyncReport

LISTED = 500
"""Rows that are read; the sums count all."""

GATHER_MS = 150
"""Changes that come one on another's heels are read once; out of sight, more of them."""

GATHER_HIDDEN_MS = 500
TICK_MS = 1_000
SLOWLY = 5
"""While it is looked at, it is read again after so many ticks, whatever is told."""


class SyncScreen(QWidget):
    """Reads when it is shown, when something changed, and slowly while it is looked at; the lamp
    follows ``reported`` while another screen is up."""

    reported = Signal(object)
    """A new report."""

    unreadable = Signal(object)
    """The records could not be read: the exception."""

    evidence_requested = Signal(object)
    """A refund that a person has to look at: its id."""

    told = Signal(str)
    """Something in passing, for a toast."""

    sent = Signal(object)
    """Refunds that a person let go; their ids."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        runner: TaskRunner,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._runner, self._clock = texts, runner, clock
        self._desk: SyncDesk | None = None
        self._report: SyncReport | None = None
        self._ticks = 0
        self._reading = self._again = self._failed = False
        self.model = UnsentModel(self._describe, lambda row: sentence_of(texts, row), texts, self)
        self.sheet = SyncSheet(texts, theme, self.model)
        self.deeds = SyncDeeds(texts, runner, self)
        self._connect()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.sheet)
        self.setFocusProxy(self.sheet)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.timeout.connect(self.refresh)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._count_down)
        texts.changed.connect(self._write)
        theme.changed.connect(self._write)
        self.sheet.show_unknown()
        self._write()

    @property
    def report(self) -> SyncReport | None:
        """What was read last."""
        return self._report

    def attach(self, desk: SyncDesk) -> None:
        """The service stands: read at once."""
        self._desk = desk
        self.deeds.attach(desk)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read how things stand, now."""
        desk = self._desk
        if desk is None:
            return
        if self._reading:  # its answer may be older than what is asked about now
            self._again = True
            return
        self._reading = True
        self._gather.stop()
        if self._report is None:
            self.sheet.busy.start(self._texts("sync.loading"))
        self._runner.run(lambda: desk.report(LISTED), self._take, owner=self)

    @Slot()
    def standing_changed(self) -> None:
        """How things stand changed: read soon."""
        if not self._gather.isActive():
            self._gather.start(GATHER_MS if self.isVisible() else GATHER_HIDDEN_MS)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund changed in the background."""
        self.standing_changed()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """A QR changed: money that has to go back may have come in."""
        self.standing_changed()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """PortOne can be reached or not."""
        self.standing_changed()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is looked at, and go on while it is."""
        super().showEvent(event)
        self._tick.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight nothing counts down."""
        self._tick.stop()
        super().hideEvent(event)

    def _connect(self) -> None:
        sheet, deeds = self.sheet, self.deeds
        sheet.chosen.connect(self._show_deeds)
        sheet.try_now.clicked.connect(lambda: self._with_row(deeds.ask_to_try))
        sheet.requeue.clicked.connect(lambda: self._with_row(deeds.ask_to_requeue))
        sheet.take_over.clicked.connect(lambda: self._with_row(deeds.ask_to_take_over))
        sheet.evidence.clicked.connect(
            lambda: self._with_row(lambda row: self.evidence_requested.emit(row.refund_id))
        )
        sheet.try_all.clicked.connect(self._ask_to_try_all)
        sheet.reconcile.clicked.connect(deeds.reconcile)
        sheet.banner.acted.connect(self._dismiss)
        deeds.began.connect(self._show_deeds)
        deeds.ended.connect(self._deed_ended)
        deeds.sent.connect(self.sent)

    def _with_row(self, deed: Callable[[Unsent], None]) -> None:
        row = self.sheet.current()
        if row is not None:
            deed(row)

    def _ask_to_try_all(self) -> None:
        report = self._report
        if report is not None:
            totals = report.totals
            count = totals.count - totals.for_person
            amount = Won(totals.amount - totals.amount_for_person)
            self.deeds.ask_to_try_all(report.waiting, count, amount)

    def _dismiss(self) -> None:
        self._failed = False
        self.sheet.banner.clear()
        self.refresh()

    def _deed_ended(self, error: Exception | None, words: str) -> None:
        if error is not None:
            self.sheet.banner.show_error(error, button="words.close")
        else:
            self.sheet.banner.clear()
            self.told.emit(words)
        self.refresh()
        self._show_deeds()

    def _take(self, outcome: Outcome[SyncReport]) -> None:
        self.sheet.busy.stop()
        self.sheet.busy.hide()
        self._reading = False
        if self._again:
            self._again = False
            self.standing_changed()
        report = outcome.value
        if report is None:
            self._failed = True
            error = outcome.error or PosError()
            self.sheet.banner.show_error(error, button="words.retry")
            if isinstance(error, EnvironmentProblem):
                self.unreadable.emit(error)
            return
        if self._failed:
            self._failed = False
            self.sheet.banner.clear()
        self._report = report
        self.sheet.keep_choice(lambda: self.model.set_rows(report.waiting))
        self.sheet.show_report(report)
        self._show_deeds()
        self.reported.emit(report)

    def _show_deeds(self) -> None:
        row = self.sheet.current()
        self.sheet.show_deeds(row, busy=self.deeds.is_busy(row))

    def _describe(self, entry: Unsent) -> Row:
        standing = self._report.standing if self._report is not None else Standing()
        return row_of(self._texts, entry, standing, self._clock.now())

    def _count_down(self) -> None:
        self._ticks += 1
        if self._ticks % SLOWLY == 0:
            self.refresh()
        else:
            self.model.count_down()

    def _write(self) -> None:
        self.sheet.write()
        if self._report is None:
            self.sheet.show_unknown()
        else:
            self.sheet.show_report(self._report)
        self._show_deeds()
