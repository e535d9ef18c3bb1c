"""Confirmation before closing: the unsent refunds, row by row."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.services.ports.system import Clock
from posapp.services.sync.sync_status import SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.sync.pending_model import PendingModel
from posapp.ui.sync.pending_table import HEADER, ROW, PendingTable
from posapp.ui.sync.sync_messages import pending_row_text, sentence_of
from posapp.ui.widgets import confirm_dialog
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.question_dialog import QuestionDialog
from posapp.ui.widgets.roles import Label

_BEFORE_BUTTONS = 2
_WIDTH = 760
_MOST_ROWS = 4


class PendingDialog(QuestionDialog):
    """Says that nothing is lost, and lists what the next start continues. Enter and Esc stay.

    Sending continues meanwhile: ``show_report`` updates the list.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        clock: Clock,
        report: SyncSnapshot,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            *("", "", texts("window.leave_close"), texts("window.leave_stay"), parent),
            danger=report.totals.for_person > 0,
        )
        self._texts, self._report = texts, report
        self.model = PendingModel(
            lambda row: pending_row_text(texts, row, self._report.status, clock.now()),
            lambda row: sentence_of(texts, row),
            texts,
            self,
        )
        self.table = PendingTable(theme, self.model)
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
        KeyRepeatFilter(self.yes, self.no, self, parent=self)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(lambda: self.yes.setEnabled(True))
        self._wait.start(confirm_dialog.BOUNCE_MS)
        self.show_report(report)
        self.no.setFocus()

    def show_report(self, report: SyncSnapshot) -> None:
        """Show the pending work."""
        texts, totals = self._texts, report.totals
        self._report = report
        self.model.set_rows(report.waiting)
        self.table.setVisible(bool(report.waiting))
        if totals.count:
            heading = texts("sync.leave", count=totals.count, amount=texts.won(totals.amount))
            text = texts("sync.leave_why")
            if report.live:
                text = f"{text} {texts('sync.leave_live_too', count=report.live)}"
        elif report.live:
            heading = texts("sync.leave_live", count=report.live)
            text = texts("sync.leave_live_why")
        else:
            heading, text = texts("sync.empty"), texts("sync.empty_why")
        self.say(heading, text)
        self.setAccessibleDescription(text)
        self._person.setText(texts("sync.leave_person", count=totals.for_person))
        self._person.setVisible(totals.for_person > 0)
