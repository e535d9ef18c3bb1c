"""Chip of an active filter: its text, and a cross that clears it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.choice_button import ChoiceButton
from posapp.ui.widgets.icons import sign_icon

_LONGEST = 220
"""Largest width of a text in pixels; a longer one is elided, and whole in the tool tip."""


class Chip(ChoiceButton):
    """A press clears its filter, as do Delete and Backspace while it has the focus.

    It is drawn lower than its height, which is that of a touch target.
    """

    cleared = Signal(str)
    """Carries the name of its filter."""

    def __init__(self, theme: Theme, filter_name: str, parent: QWidget | None = None) -> None:
        super().__init__("filter-chip", parent)
        self._theme = theme
        self.filter_name = filter_name
        self.setCheckable(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross follows the text
        self.clicked.connect(lambda: self.cleared.emit(self.filter_name))
        theme.changed.connect(self._draw)
        self._draw()

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` describes the effect of a press."""
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _LONGEST)
        super().set_text(elided, name=name)
        self.setToolTip(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the filter on Delete or Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)

    def _draw(self) -> None:
        self.setIcon(sign_icon("close", self._theme.colour("on-accent-soft")))
