"""Confirmation before closing: the unsent refunds, row by row, and the live QRs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.services.ports.outbox import PendingRefund
from posapp.services.sync.sync_status import SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.sync.sync_messages import item_of, reason_of, refund_subject, state_of
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.roles import Label

_MOST_ROWS = 4


class PendingDialog(ConfirmDialog):
    """Says that nothing is lost, and lists what the next start continues. Enter and Esc stay.

    Sending continues meanwhile: ``show_report`` updates the list.
    """

    def __init__(
        self,
        texts: Translator,
        report: SyncSnapshot,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent, danger=report.totals.for_person > 0)
        self._texts, self._report = texts, report
        self._person = Label("error", wraps=True)
        self.fields.addWidget(self._person)
        self.follow(texts, self._write_all)

    @property
    def rows(self) -> tuple[PendingRefund, ...]:
        """Return the unsent refunds."""
        return self._report.waiting

    def show_report(self, report: SyncSnapshot) -> None:
        """Show the pending work."""
        self._report = report
        self._write_all()
        if self.isVisible():
            self.fit()

    def _write_all(self) -> None:
        texts, report, totals = self._texts, self._report, self._report.totals
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
        self._person.setText(texts("sync.leave_person", count=totals.for_person))
        self._person.setVisible(totals.for_person > 0)
        self.show_facts(self._listed(report))
        self.say(heading, text)
        self.set_answers(texts("window.leave_close"), texts("window.leave_stay"))

    def _listed(self, report: SyncSnapshot) -> list[tuple[str, str]]:
        texts = self._texts
        listed = []
        for row in report.waiting[:_MOST_ROWS]:
            about = f"{refund_subject(texts, row)} · {item_of(texts, row)}"
            _, state = state_of(texts, row, report.status)
            why = reason_of(texts, row, report.status)
            listed.append((texts.won(row.amount), f"{about}\n{state}: {why}"))
        more = report.totals.count - len(listed)
        if listed and more > 0:
            listed.append(("", texts("requests.and_more", count=more)))
        return listed
