"""A part that scrolls by keys, and shows that it has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.ui.theme import Theme

_RING = 3
_MARGIN = 6


class FocusedScroll(QScrollArea):
    """A scroll area with room for a ring around what it shows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "panel")  # it stands on a card and not on the page
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)

    def event(self, event: QEvent) -> bool:
        """Paint the ring: the paint events of the area itself come here, those of the viewport
        go elsewhere."""
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
