"""Card with the history of an order, and buttons for its papers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.orders.timeline import Timeline
from posapp.ui.orders.timeline_events import TimelineEvent
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Frame

_COLUMNS = 2


class HistoryCard(Card):
    """The timeline, which can be copied for support calls."""

    copy_pressed = Signal()
    print_pressed = Signal()
    pdf_pressed = Signal()
    view_pressed = Signal()

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=24)
        self._texts = texts
        self.timeline = Timeline(texts, theme)
        self.evidence = Button("quiet", "F3")
        self.evidence.setObjectName("showEvidence")
        self.evidence.clicked.connect(self._turn_evidence)
        self.print = Button("quiet", "Ctrl+P")
        self.print.clicked.connect(self.print_pressed)
        self.view = Button("quiet", text=texts.bind("order_page.view"))
        self.view.clicked.connect(self.view_pressed)
        self.pdf = Button("quiet", "Ctrl+S", text=texts.bind("order_page.pdf"))
        self.pdf.clicked.connect(self.pdf_pressed)
        self.copy = Button(
            "quiet",
            "Ctrl+C",
            text=texts.bind("order_page.copy"),
            description=texts.bind("order_page.copy_why"),
        )
        self.copy.clicked.connect(self.copy_pressed)
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, button in enumerate((self.print, self.view, self.pdf, self.copy)):
            grid.addWidget(button, at // _COLUMNS, at % _COLUMNS)
        self.add_beside_heading(self.evidence)
        for at in range(_COLUMNS):
            grid.setColumnStretch(at, 1)
        edge = Frame("hairline")
        edge.setFixedHeight(1)
        self.body.setSpacing(12)
        self.body.addWidget(self.timeline, 1)
        self.body.addWidget(edge)
        self.body.addLayout(grid)

    def show_events(self, events: Sequence[TimelineEvent], *, is_paid: bool) -> None:
        """Show events, oldest first; ``is_paid``: there is a receipt, which is printed."""
        texts = self._texts
        self.set_text(texts("order_page.timeline"))
        self.print.set_text(texts("order_page.print_receipt" if is_paid else "order_page.print"))
        self.timeline.show_events(events)
        self._write_evidence()

    def _turn_evidence(self) -> None:
        self.timeline.show_evidence(not self.timeline.has_evidence)
        self._write_evidence()

    def _write_evidence(self) -> None:
        message = "hide_evidence" if self.timeline.has_evidence else "show_evidence"
        self.evidence.set_text(
            self._texts(f"order_page.{message}"),
            description=self._texts("order_page.show_evidence_why"),
        )
