"""Card with network, reconciliation and backups, and the latest events."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from posapp.services.sync.sync_status import SyncEventWithRefund, SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.core.why_text import why_text
from posapp.ui.sync.sync_messages import event_text
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.icons import sign_icon
from posapp.ui.widgets.roles import Label

_SIGN = 18


class StatusCard(Card):
    """Facts above, the newest events below."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=20)
        self._texts, self._theme = texts, theme
        self.facts = FactGrid()
        self._recent_title = Label("field")
        self.recent = QListWidget()
        self.recent.setProperty("role", "plain")
        self.recent.setFrameShape(QListWidget.Shape.NoFrame)
        self.recent.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.recent.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recent.setWordWrap(True)
        self.recent.setMinimumHeight(64)
        self._none = Label("muted", wraps=True)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self.body.addWidget(self.facts)
        self.body.addSpacing(8)
        self.body.addWidget(self._recent_title)
        self.body.addWidget(self._none)
        self.body.addWidget(self.recent, 1)
        self.body.addStretch(0)
        self._shown: tuple[SyncEventWithRefund, ...] = ()
        self._written = False
        self._icons: dict[str, QIcon] = {}
        theme.changed.connect(self._icons.clear)

    def show_report(self, report: SyncSnapshot) -> None:
        """Show a report."""
        self.facts.set_rows(self._fact_rows(report))
        if report.recent != self._shown or not self._written:
            self._shown = report.recent
            self._write_recent()

    def write(self) -> None:
        """Set the texts that do not depend on a report."""
        self._recent_title.setText(self._texts("sync.recent"))
        self._none.setText(self._texts("sync.recent_none"))
        self.recent.setAccessibleName(self._texts("sync.recent"))
        self.setAccessibleName(self._texts("sync.facts"))
        self._write_recent()

    def _write_recent(self) -> None:
        """Update the events and keep the scroll position."""
        event, self._written = self._shown, True
        at = self.recent.verticalScrollBar().value()
        lines = [event_text(self._texts, one) for one in event]
        self._none.setVisible(not lines)
        self.recent.setVisible(bool(lines))
        self.recent.setUpdatesEnabled(False)
        while self.recent.count() > len(lines):
            self.recent.takeItem(self.recent.count() - 1)
        while self.recent.count() < len(lines):
            self.recent.addItem(QListWidgetItem())
        for row, (tone, caption, more) in enumerate(lines):
            item = self.recent.item(row)
            when = self._texts.when(event[row].what.at)
            text = f"{when}  {caption}" + (f"\n{more}" if more else "")
            item.setText(text)
            item.setIcon(self._icon(tone))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text.replace("\n", ". "))
        self.recent.setUpdatesEnabled(True)
        self.recent.verticalScrollBar().setValue(at)

    def _icon(self, tone: str) -> QIcon:
        if tone not in self._icons:
            self._icons[tone] = sign_icon(tone, self._theme.colour(TONES[tone]), _SIGN)
        return self._icons[tone]

    def _fact_rows(self, report: SyncSnapshot) -> list[tuple[str, str]]:
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
