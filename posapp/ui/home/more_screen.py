"""List of the pages that are no tabs, and the way out."""

from __future__ import annotations

from functools import partial
from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea

from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import ROUTE
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label

_WIDEST = 720
_ROW_HEIGHT = 72
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_KEYS = {"sync": "F11", "open_money": "F12"}


class PlaceRow(Button):
    """A page's title, one line about it, and its key if it has one."""

    moved = Signal(int)
    """An arrow was pressed: 1 is down, -1 up."""

    def __init__(self, key: str = "") -> None:
        super().__init__("row", key)
        self.setMinimumHeight(_ROW_HEIGHT)
        self._summary = Label("caption")
        inside = self.layout()
        if not isinstance(inside, QHBoxLayout):
            inside = QHBoxLayout(self)
            inside.addStretch(1)
        inside.insertWidget(0, self._summary)
        inside.setContentsMargins(220, 0, 16, 0)

    def show_place(self, title: str, summary: str) -> None:
        """Set the title, and the line about the page."""
        self.set_text(title, description=summary)
        self.setProperty("shortcut", "")  # the key belongs to the window
        self._summary.setText(summary)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report arrows: a button of Qt goes on to whatever comes next in the window."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)
            event.accept()


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

    def _move(self, row: PlaceRow, step: int) -> None:
        rows = self._all
        rows[min(max(rows.index(row) + step, 0), len(rows) - 1)].setFocus()

    @property
    def _all(self) -> list[PlaceRow]:
        return [*(row for row in self.rows.values() if not row.isHidden()), self.leave]

    def _build_layout(self) -> None:
        card = Frame("card")
        card.setMaximumWidth(_WIDEST)
        inside = boxes.column(on=card, gap=4, margins=12)
        for row in (*self.rows.values(), self.leave):
            inside.addWidget(row)
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
