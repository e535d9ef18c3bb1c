"""Page F11 beside its list: the headline, connection, reconciliation, backups, latest events."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from posapp.services.sync.close_safety import CloseSafety
from posapp.services.sync.sync_status import SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import why_text
from posapp.ui.sync.sync_messages import event_text
from posapp.ui.widgets import boxes
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.status_strip import StatusStrip

_STYLES = {
    CloseSafety.GREEN: ("success", "success", "success"),
    CloseSafety.AMBER: ("warning", "busy", "warning"),
    CloseSafety.RED: ("error", "error", "danger"),
}
"""For each safety level: tone of the background, icon, colour of the icon."""

MOST_EVENTS = 20
"""Events that are shown at most, the newest first."""


class SafetyStrip(StatusStrip):
    """Says whether it is safe to close; before the first report the status is being checked."""

    def show_safety(self, safety: CloseSafety | None, label: str, safe: str) -> None:
        """Show the safety level; ``None``: not known yet."""
        tone, shape, colour = ("busy", "busy", "text-muted") if safety is None else _STYLES[safety]
        self.show_state(tone, (shape, colour), label, safe)


class StatusPanel(QWidget):
    """Facts above, the newest events below."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.facts, self.recent = FactGrid(), FactGrid()
        self._none = Label("muted", text=texts.bind("sync.recent_none"))
        column = boxes.column(
            Label("field", text=texts.bind("sync.facts")), self.facts, on=self, gap=8
        )
        column.addSpacing(8)
        column.addWidget(Label("field", text=texts.bind("sync.recent")))
        column.addWidget(self._none)
        column.addWidget(self.recent)

    def show_report(self, report: SyncSnapshot) -> None:
        """Show a report."""
        texts = self._texts
        self.facts.set_rows(self._facts_of(report))
        events = report.recent[:MOST_EVENTS]
        self.recent.set_rows([(texts.when(one.what.at), event_text(texts, one)) for one in events])
        self._none.setVisible(not events)

    def _facts_of(self, report: SyncSnapshot) -> list[tuple[str, str]]:
        texts, status = self._texts, report.status
        rows = [
            ("network", self._network(report)),
            ("reconciled", self._done(status.reconciled_at, status.reconcile_trouble)),
            ("backup", self._done(status.backup_at, status.backup_trouble)),
            ("storage", why_text(texts, status.storage_trouble)),
            ("mismatches", self._mismatches(report)),
        ]
        return [(texts(f"sync.{name}"), value) for name, value in rows]

    def _network(self, report: SyncSnapshot) -> str:
        texts, status = self._texts, report.status
        if status.online is None:
            return texts("sync.network_unknown")
        state = "online" if status.online else "offline"
        parts = [texts(f"sync.network_{state}")]
        if status.online is False and status.cause is not None:
            parts = [why_text(texts, status.cause.value)]
        if status.changed_at is not None:
            parts.append(texts("sync.since", when=texts.when(status.changed_at)))
        return " · ".join(parts)

    def _done(self, at: datetime | None, trouble: str) -> str:
        texts = self._texts
        parts = [texts.when(at) if at is not None else texts("sync.never")]
        if trouble:
            parts.insert(0, texts("sync.failed", why=why_text(texts, trouble)))
        return " · ".join(parts)

    def _mismatches(self, report: SyncSnapshot) -> str:
        if not report.mismatches:
            return ""
        amount = self._texts.won(report.mismatch_amount)
        return self._texts("sync.mismatch_count", count=report.mismatches, amount=amount)
