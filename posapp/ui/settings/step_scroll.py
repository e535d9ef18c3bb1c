"""Scroll area whose content is as high as its wrapped texts need at the width that there is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class StepScroll(QScrollArea):
    """Takes no focus: a focused widget inside is scrolled into view."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the content the height that it needs."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the content when a text or a field comes or goes."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            height = layout.totalHeightForWidth(self.viewport().width())
            self._content.setMinimumHeight(max(height, 0))
