"""Scroll area for the part of a card that has no room at a small window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

_LOWEST = 96
"""Height in pixels below which the page scrolls instead."""


class PanelScroll(QScrollArea):
    """Fills the height that its card leaves; scrolls up and down where the content is higher.

    It takes no focus: a focused widget inside is scrolled into view.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(_LOWEST)
        self._content = content
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        """Return the content's width beside the bar, and the lowest height."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, _LOWEST)
