"""Chip of an active filter: its text, and a cross that clears it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui.core.theme import Theme

_HEIGHT = 48
_DRAWN = 36
_PADDING = 14
_CROSS = 10
_GAP = 10
_LONGEST = 220


class Chip(QAbstractButton):
    """A press clears its filter, as do Delete and Backspace while it has the focus.

    It is drawn lower than its height, which is that of a touch target.
    """

    cleared = Signal(str)
    """Carries the name of its filter."""

    def __init__(self, theme: Theme, filter_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.filter_name = filter_name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.cleared.emit(self.filter_name))
        theme.changed.connect(self.update)

    def set_text(self, text: str, *, name: str) -> None:
        """Set the text; ``name`` describes the effect of a press."""
        self.setText(text)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of text and cross."""
        width = min(QFontMetrics(self._bold()).horizontalAdvance(self.text()) + 2, _LONGEST)
        return QSize(width + 2 * _PADDING + _GAP + _CROSS, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the filter on Delete or Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip in the theme's colours."""
        colour = self._theme.colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = (self.height() - _DRAWN) / 2
        place = QRectF(0, margin, self.width(), _DRAWN).adjusted(1.5, 1.5, -1.5, -1.5)
        focused = self.hasFocus()
        painter.setPen(QPen(colour("focus" if focused else "accent"), 3 if focused else 1))
        painter.setBrush(colour("selection" if self.underMouse() else "accent-soft"))
        painter.drawRoundedRect(place, _DRAWN / 2, _DRAWN / 2)
        text_colour = colour("on-selection" if self.underMouse() else "on-accent-soft")
        font = self._bold()
        painter.setFont(font)
        painter.setPen(text_colour)
        room = self.width() - 2 * _PADDING - _GAP - _CROSS
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 2)
        where = QRectF(_PADDING, 0, room + 2, self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(text_colour, 2))
        left, top = self.width() - _PADDING - _CROSS, (self.height() - _CROSS) / 2
        painter.drawLine(QPointF(left, top), QPointF(left + _CROSS, top + _CROSS))
        painter.drawLine(QPointF(left + _CROSS, top), QPointF(left, top + _CROSS))
        painter.end()

    def _bold(self) -> QFont:
        font = self.font()
        font.setBold(True)
        return font
