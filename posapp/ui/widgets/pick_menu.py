"""Menu below a button, from which one of several is picked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from posapp.ui.widgets.buttons import Button


class PickMenu(QMenu):
    """Offers what there is at the moment of a press; nothing is picked before, or stays so.

    Args:
        button: the menu opens below it.
    """

    picked = Signal(object)
    """Carries the key."""

    def __init__(self, button: Button) -> None:
        super().__init__(button)
        self._button = button
        self.setProperty("role", "choices")
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def offer(self, choices: Sequence[tuple[object, str]]) -> None:
        """Open with choices as (key, text)."""
        self.clear()
        for key, text in choices:
            action = QAction(text.replace("&", "&&"), self)
            action.triggered.connect(lambda _=False, one=key: self.picked.emit(one))
            self.addAction(action)
        self.popup(self._button.mapToGlobal(QPoint(0, self._button.height())))
