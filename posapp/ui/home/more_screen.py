"""List of the pages that are no tabs, and the way out."""

from __future__ import annotations

from functools import partial
from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea

from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import ROUTE
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.place_row import PlaceRow
from posapp.ui.widgets.roles import Frame

_WIDEST = 720
_ROW, _AROUND = 52, 56
"""Least height in pixels of a row, and of what is around all of them."""

_KEYS = {"sync": "F11", "open_money": "F12"}


class MoreScreen(Screen):
    """One row a page; arrows move, Enter opens."""

    quit_requested = Signal()
    """Close the program."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        session: Session | None = None,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._session = session or Session()
        self.setObjectName("places")
        self.rows: dict[str, PlaceRow] = {}
        self.leave = PlaceRow("Ctrl+Q")
        self._columns = 1
        self.leave.clicked.connect(self.quit_requested)
        for route in ROUTE.values():
            if route.is_listed:
                row = self.rows[route.id] = PlaceRow(_KEYS.get(route.id, ""))
                row.clicked.connect(partial(self.go_to, route.id))
        for row in (*self.rows.values(), self.leave):
            row.moved.connect(partial(self._move, row))
        self._build_layout()
        texts.changed.connect(self._retranslate)
        self._retranslate()
        self.staff_changed()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        session = context.services.session
        return cls(context.texts, context.theme, context.runner, session)

    def staff_changed(self) -> None:
        """Show the pages of the role of whoever is signed in."""
        role = self._session.role
        for name, row in self.rows.items():
            row.setVisible(role is None or role in ROUTE[name].roles)
        self._arrange()
        self.setFocusProxy(self._all[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the rows anew: their number of columns depends on the height."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the rows into one column; where it is too low for that, into two without the lines
        about the pages, so that all are seen."""
        rows = self._all
        needed = len(rows) * _ROW + _AROUND
        self._columns = columns = 1 if needed <= self.height() else 2
        while self._grid.count():
            self._grid.takeAt(0)
        for at, row in enumerate(rows):
            row.show_summary(columns == 1)
            self._grid.addWidget(row, at // columns, at % columns)

    def _move(self, row: PlaceRow, step: int, across: int) -> None:
        rows = self._all
        to = rows.index(row) + step * self._columns + (across if self._columns > 1 else 0)
        if 0 <= to < len(rows):
            rows[to].setFocus()

    @property
    def _all(self) -> list[PlaceRow]:
        return [*(row for row in self.rows.values() if not row.isHidden()), self.leave]

    def _build_layout(self) -> None:
        card = Frame("card")
        card.setMaximumWidth(_WIDEST)
        self._grid = QGridLayout(card)
        self._grid.setContentsMargins(12, 12, 12, 12)
        self._grid.setSpacing(4)
        for row in (*self.rows.values(), self.leave):
            self._grid.addWidget(row)  # shown without a parent it would be a window of its own
        ground = Frame("surface")
        boxes.column(card, 1, on=ground, margins=(24, 8, 24, 16))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(ground)
        boxes.column(scroll, on=self)

    def _retranslate(self) -> None:
        texts = self._texts
        for route in ROUTE.values():
            if route.is_listed:
                self.rows[route.id].show_place(texts(route.title), texts(route.summary))
        self.leave.show_place(texts("home.quit"), texts("home.quit_summary"))
