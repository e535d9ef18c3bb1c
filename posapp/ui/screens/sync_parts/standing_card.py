"""Network, comparing and copies; and what happened last."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from posapp.services.sync_desk import Happened, SyncReport
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.facts import Facts
from posapp.ui.screens.sync_parts.words import happened_words, why_words
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.strokes import sign_icon

_SIGN = 18


class StandingCard(Card):
    """Facts above, the newest happenings below."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=20)
        self._texts, self._theme = texts, theme
        self.facts = Facts()
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
        self._shown: tuple[Happened, ...] = ()
        self._written = False
        self._icons: dict[str, QIcon] = {}
        theme.changed.connect(self._icons.clear)

    def show_report(self, report: SyncReport) -> None:
        """Show what a report says."""
        self.facts.set_rows(self._fact_rows(report))
        if report.recent != self._shown or not self._written:
            self._shown = report.recent
            self._write_recent()

    def write(self) -> None:
        """Set the words that do not depend on a report."""
        self._recent_title.setText(self._texts("sync.recent"))
        self._none.setText(self._texts("sync.recent_none"))
        self.recent.setAccessibleName(self._texts("sync.recent"))
        self.setAccessibleName(self._texts("sync.facts"))
        self._write_recent()

    def _write_recent(self) -> None:
        """Write the happenings anew, and stay where the person scrolled to."""
        happened, self._written = self._shown, True
        at = self.recent.verticalScrollBar().value()
        lines = [happened_words(self._texts, one) for one in happened]
        self._none.setVisible(not lines)
        self.recent.setVisible(bool(lines))
        self.recent.setUpdatesEnabled(False)
        while self.recent.count() > len(lines):
            self.recent.takeItem(self.recent.count() - 1)
        while self.recent.count() < len(lines):
            self.recent.addItem(QListWidgetItem())
        for row, (tone, words, more) in enumerate(lines):
            item = self.recent.item(row)
            when = self._texts.when(happened[row].what.at)
            text = f"{when}  {words}" + (f"\n{more}" if more else "")
            item.setText(text)
            item.setIcon(self._icon(tone))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text.replace("\n", ". "))
        self.recent.setUpdatesEnabled(True)
        self.recent.verticalScrollBar().setValue(at)

    def _icon(self, tone: str) -> QIcon:
        if tone not in self._icons:
            self._icons[tone] = sign_icon(tone, self._theme.colour(TONES[tone]), _SIGN)
        return self._icons[tone]

    def _fact_rows(self, report: SyncReport) -> list[tuple[str, str]]:
        texts, standing = self._texts, report.standing
        rows = [
            ("network", self._network(report)),
            ("reconciled", self._done(standing.reconciled_at, standing.reconcile_trouble)),
            ("backup", self._done(standing.backup_at, standing.backup_trouble)),
            ("storage", why_words(texts, standing.storage_trouble)),
            ("mismatches", self._mismatches(report)),
        ]
        return [(texts(f"sync.{name}"), value) for name, value in rows]

    def _network(self, report: SyncReport) -> str:
        texts, standing = self._texts, report.standing
        if standing.online is None:
            return texts("sync.network_unknown")
        state = "online" if standing.online else "offline"
        parts = [texts(f"sync.network_{state}")]
        if standing.online is False and standing.cause is not None:
            parts = [why_words(texts, standing.cause.value)]
        if standing.changed_at is not None:
            parts.append(texts("sync.since", when=texts.when(standing.changed_at)))
        return " · ".join(parts)

    def _done(self, at: datetime | None, trouble: str) -> str:
        texts = self._texts
        parts = [texts.when(at) if at is not None else texts("sync.never")]
        if trouble:
            parts.insert(0, texts("sync.failed", why=why_words(texts, trouble)))
        return " · ".join(parts)

    def _mismatches(self, report: SyncReport) -> str:
        if not report.mismatches:
            return ""
        amount = self._texts.won(report.mismatch_amount)
        return self._texts("sync.mismatch_count", count=report.mismatches, amount=amount)
