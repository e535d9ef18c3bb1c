"""Everything that happened to an order, in time order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.events import Event
from posapp.ui.screens.order_parts.focused_scroll import FocusedScroll
from posapp.ui.screens.order_parts.strong import StrongLabel
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.roles import Frame, Label

MOST = 40
"""Events that are shown; the newest ones. All of them are in the copied text."""

_SIGN = 22


class Timeline(FocusedScroll):
    """Newest last, and that is where it stands until somebody scrolls; keys scroll it when it has
    the focus."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._texts = texts
        self._rows: dict[Event, QWidget] = {}
        self._events: tuple[Event, ...] = ()
        self._has_evidence = False
        self._end = 0
        self._more = Label("caption", wraps=True)
        sheet = Frame("panel")
        self._column = QVBoxLayout(sheet)
        self._column.setContentsMargins(0, 0, 16, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        self.setWidget(sheet)
        self.verticalScrollBar().rangeChanged.connect(self._stay_at_end)

    @property
    def titles(self) -> tuple[str, ...]:
        """What the rows say first, oldest first."""
        return tuple(row.accessibleName() for row in self._rows.values())

    @property
    def has_evidence(self) -> bool:
        """Numbers and codes are shown too."""
        return self._has_evidence

    def show_evidence(self, shown: bool) -> None:
        """Show each row's numbers and codes, or only its words."""
        if shown == self._has_evidence:
            return
        self._has_evidence = shown
        events, self._events = self._events, ()
        self.show_events(())
        self.show_events(events)

    def show_events(self, events: Sequence[Event]) -> None:
        """Show these events, oldest first; rows of events that are shown already are kept."""
        self._events = tuple(events)
        hidden = max(0, len(events) - MOST)
        cut = self._texts("order_page.timeline_cut", count=hidden) if hidden else ""
        self._more.setText(cut or ("" if events else self._texts("order_page.timeline_empty")))
        self._more.setVisible(bool(self._more.text()))
        old, self._rows = self._rows, {}
        for at, event in enumerate(events[hidden:], 1):
            row = old.pop(event, None) or self._row(event)
            self._rows[event] = row
            self._column.insertWidget(at, row)
        for row in old.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setAccessibleName(self._texts("order_page.timeline"))

    def _stay_at_end(self, _: int, end: int) -> None:
        bar = self.verticalScrollBar()
        if bar.value() >= self._end:
            bar.setValue(end)
        self._end = end

    def _row(self, event: Event) -> QWidget:
        texts = self._texts
        row = QWidget()
        sign = Sign(self._theme, _SIGN)
        sign.set_tone(event.tone)
        title = StrongLabel()
        title.setText(event.title)
        amount = Label("money")
        amount.setText(event.amount)
        kind = texts(f"order_page.kind_{event.kind}")
        when = Label("caption", wraps=True)
        when.setText(f"{texts.when(event.at)} · {kind}")
        _only_as_high_as_needed(title, when)
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(title, 1)
        first.addWidget(amount, 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(first)
        words.addWidget(when)
        lines = (*event.details, *event.evidence) if self._has_evidence else event.details
        if lines:
            details = Label("caption", wraps=True)
            details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            details.setText("\n".join(lines))
            _only_as_high_as_needed(details)
            words.addWidget(details)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 8, 0, 12)
        line.setSpacing(12)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        row.setAccessibleName(
            " ".join(part for part in (when.text(), event.title, event.amount) if part)
        )
        row.setAccessibleDescription(". ".join(lines))
        return row


def _only_as_high_as_needed(*labels: Label) -> None:
    """A label's own idea of its height is made for a narrower column, and would add up."""
    for label in labels:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
