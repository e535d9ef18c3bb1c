"""Scroll area that scrolls by keys and shows its focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.ui.core.theme import Theme

MARGIN = 3
"""Pixels between the focus ring and the contents."""


class FocusScrollArea(QScrollArea):
    """A scroll area on the ground of a card, whose border shows the focus."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "focus-area")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportMargins(MARGIN, MARGIN, MARGIN, MARGIN)
