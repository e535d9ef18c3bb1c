"""List of the pages that are no tabs, and the way out."""

from __future__ import annotations

from functools import partial
from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea

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
_LOW = 480
"""Height in pixels below which the rows are close together, for all of them to be seen."""

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
        self.setFocusProxy(self._all[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the rows close together on a low screen."""
        super().resizeEvent(event)
        is_low = self.height() < _LOW
        around = 8 if is_low else 12
        self._column.setSpacing(0 if is_low else 4)
        self._column.setContentsMargins(around, around, around, around)

    def _move(self, row: PlaceRow, step: int) -> None:
        rows = self._all
        rows[min(max(rows.index(row) + step, 0), len(rows) - 1)].setFocus()

    @property
    def _all(self) -> list[PlaceRow]:
        return [*(row for row in self.rows.values() if not row.isHidden()), self.leave]

    def _build_layout(self) -> None:
        card = Frame("card")
        card.setMaximumWidth(_WIDEST)
        self._column = boxes.column(on=card, gap=4, margins=12)
        for row in (*self.rows.values(), self.leave):
            self._column.addWidget(row)
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
