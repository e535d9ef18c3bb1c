"""Timeline of an order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.orders.timeline_events import TimelineEvent
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.roles import BoldLabel, Frame, Label

MOST = 40
"""Events shown at most: the newest ones. The copied text contains all of them."""

_SIGN = 22


class Timeline(FocusScrollArea):
    """Newest event first, where a page opens; keys scroll it when focused."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__(theme)
        self._texts = texts
        self._rows: dict[TimelineEvent, QWidget] = {}
        self._events: tuple[TimelineEvent, ...] = ()
        self._has_evidence = False
        self._more = Label("caption", wraps=True)
        panel = Frame("panel")
        self._column = boxes.column(self._more, 1, on=panel, gap=0, margins=(0, 0, 16, 0))
        self.setWidget(panel)

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the texts of the rows, newest first."""
        return tuple(row.accessibleName() for row in self._rows.values())

    @property
    def has_evidence(self) -> bool:
        """Return whether numbers and codes are shown."""
        return self._has_evidence

    def show_evidence(self, shown: bool) -> None:
        """Show or hide each row's numbers and codes."""
        if shown == self._has_evidence:
            return
        self._has_evidence = shown
        events, self._events = self._events, ()
        self.show_events(())
        self.show_events(events)

    def show_events(self, events: Sequence[TimelineEvent]) -> None:
        """Show events, oldest first; rows of events shown already are kept."""
        self._events = tuple(events)
        hidden = max(0, len(events) - MOST)
        cut = self._texts("order_page.timeline_cut", count=hidden) if hidden else ""
        self._more.setText(cut or ("" if events else self._texts("order_page.timeline_empty")))
        self._more.setVisible(bool(self._more.text()))
        old, self._rows = self._rows, {}
        for at, event in enumerate(reversed(events[hidden:])):
            row = old.pop(event, None) or self._row(event)
            self._rows[event] = row
            self._column.insertWidget(at, row)
        for row in old.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setAccessibleName(self._texts("order_page.timeline"))

    def _row(self, event: TimelineEvent) -> QWidget:
        texts = self._texts
        row = QWidget()
        sign = Sign(self._theme, _SIGN)
        sign.set_tone(event.tone)
        title = BoldLabel()
        title.setText(event.title)
        amount = Label("money")
        amount.setText(event.amount)
        kind = texts(f"order_page.kind_{event.kind}")
        when = Label("caption", wraps=True)
        when.setText(f"{texts.when(event.at)} · {kind}")
        _only_as_high_as_needed(title, when)
        column = QVBoxLayout()
        column.setSpacing(2)
        first = boxes.row((title, 1), (amount, 0, Qt.AlignmentFlag.AlignTop), gap=12)
        column.addLayout(first)
        column.addWidget(when)
        lines = (*event.details, *event.evidence) if self._has_evidence else event.details
        if lines:
            details = Label("caption", wraps=True)
            details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            details.setText("\n".join(lines))
            _only_as_high_as_needed(details)
            column.addWidget(details)
        boxes.row(
            (sign, 0, Qt.AlignmentFlag.AlignTop), (column, 1), on=row, gap=12, margins=(0, 8, 0, 12)
        )
        row.setAccessibleName(
            " ".join(part for part in (when.text(), event.title, event.amount) if part)
        )
        row.setAccessibleDescription(". ".join(lines))
        return row


def _only_as_high_as_needed(*labels: Label) -> None:
    """Use the label's height for its width: its own hint assumes a narrower column."""
    for label in labels:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
