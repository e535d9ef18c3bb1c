"""Scrolling page of two columns, one above the other in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.ui.widgets.responsive_split import ResponsiveSplit

_WIDEST = 1240
_NARROW = 900
_GAP = 24


class TwoColumnPage(QScrollArea):
    """A banner above, then the columns."""

    def __init__(self, banner: QWidget, left: QWidget, right: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        columns = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP, measured=self)
        for part in (left, right):
            columns.add(part)
            columns.box.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        content.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(banner)
        column.addWidget(columns)
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
