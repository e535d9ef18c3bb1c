"""Row of a list of places: a title, one line about it, and its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label

_ROW_HEIGHT = 72
_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class PlaceRow(Button):
    """A page's title, one line about it, and its key if it has one."""

    moved = Signal(int, int)
    """An arrow was pressed. Carries the rows down (up is -1) and the columns to the right."""

    def __init__(self, key: str = "") -> None:
        super().__init__("row", key)
        self.leave_key()  # it is the window's
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
        self._summary.setText(summary)

    def show_summary(self, is_shown: bool) -> None:
        """Show the line about the page, where there is room; a screen reader always has it."""
        self._summary.setVisible(is_shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report arrows: a button of Qt goes on to whatever comes next in the window."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(*step)
            event.accept()
