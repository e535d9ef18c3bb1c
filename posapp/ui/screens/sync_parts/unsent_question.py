"""The question in front of closing: what is not sent yet, row by row."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.services.ports.machine import Clock
from posapp.services.sync_desk import SyncReport
from posapp.ui.i18n import Texts
from posapp.ui.models.unsent import UnsentModel
from posapp.ui.screens.cancel_parts import confirmation
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.sync_parts.unsent_table import HEADER, ROW, UnsentTable
from posapp.ui.screens.sync_parts.words import row_of, sentence_of
from posapp.ui.theme import Theme
from posapp.ui.widgets.question import Question
from posapp.ui.widgets.roles import Label

_BEFORE_BUTTONS = 2
_WIDTH = 760
_MOST_ROWS = 4


class UnsentQuestion(Question):
    """Says that nothing is lost, and lists what goes on at the next start. Enter and Esc stay.

    Sending goes on meanwhile: ``show_report`` keeps the list true.
    """

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        clock: Clock,
        report: SyncReport,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            *("", "", texts("window.leave_close"), texts("window.leave_stay"), parent),
            danger=report.totals.for_person > 0,
        )
        self._texts, self._report = texts, report
        self.model = UnsentModel(
            lambda row: row_of(texts, row, self._report.standing, clock.now()),
            lambda row: sentence_of(texts, row),
            texts,
            self,
        )
        self.table = UnsentTable(theme, self.model)
        self.table.setAccessibleName(texts("sync.leave_list"))
        rows = min(len(report.waiting), _MOST_ROWS)
        self.table.setFixedHeight(HEADER + rows * ROW)
        self._person = Label("error", wraps=True)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(_BEFORE_BUTTONS, self._person)
            column.insertWidget(column.count() - 1, self.table)
            column.insertSpacing(column.count() - 1, 8)
        self.setMinimumWidth(_WIDTH)
        self.yes.setEnabled(False)
        self.yes.setAutoDefault(False)
        HeldKeys(self.yes, self.no, self, parent=self)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(lambda: self.yes.setEnabled(True))
        self._wait.start(confirmation.BOUNCE_MS)
        self.show_report(report)
        self.no.setFocus()

    def show_report(self, report: SyncReport) -> None:
        """Show what is unsent now."""
        texts, totals = self._texts, report.totals
        self._report = report
        self.model.set_rows(report.waiting)
        self.table.setVisible(bool(report.waiting))
        if totals.count:
            heading = texts("sync.leave", count=totals.count, amount=texts.won(totals.amount))
            words = texts("sync.leave_why")
            if report.live:
                words = f"{words} {texts('sync.leave_live_too', count=report.live)}"
        elif report.live:
            heading = texts("sync.leave_live", count=report.live)
            words = texts("sync.leave_live_why")
        else:
            heading, words = texts("sync.empty"), texts("sync.empty_why")
        self.say(heading, words)
        self.setAccessibleDescription(words)
        self._person.setText(texts("sync.leave_person", count=totals.for_person))
        self._person.setVisible(totals.for_person > 0)
