"""Scroll area that scrolls by keys and shows its focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.ui.core.theme import Theme

_RING = 3
_MARGIN = 6


class FocusScrollArea(QScrollArea):
    """A scroll area with room for a focus ring around its contents."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "panel")  # its background is a card, not the page
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)

    def event(self, event: QEvent) -> bool:
        """Paint the focus ring.

        Only the area's own paint events arrive here, not those of the viewport.
        """
        done = super().event(event)
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() is QEvent.Type.Paint and self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("focus"), _RING))
            half = _RING / 2
            ring = QRectF(self.rect()).adjusted(half, half, -half, -half)
            radius = self._theme.size("radius-small")
            painter.drawRoundedRect(ring, radius, radius)
            painter.end()
        return done
