"""Scrolling page of two columns, one above the other in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

_WIDEST = 1240
_NARROW = 900
_GAP = 24


class TwoColumnPage(QScrollArea):
    """A banner above, then the columns."""

    def __init__(self, banner: QWidget, left: QWidget, right: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(_GAP)
        self._columns.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(right, 1, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        content.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(banner)
        column.addLayout(self._columns)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        ground = QWidget()
        ground.setProperty("role", "page")
        page = QVBoxLayout(ground)
        page.setContentsMargins(32, 24, 32, 16)
        page.addLayout(row, 1)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(ground)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the columns side by side on a wide screen."""
        super().resizeEvent(event)
        wide = self.width() >= _NARROW and self.width() > self.height()
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
