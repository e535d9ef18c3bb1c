"""A filter in use: its words, and a cross that clears it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui.theme import Theme

_HEIGHT = 48
_DRAWN = 36
_PADDING = 14
_CROSS = 10
_GAP = 10
_LONGEST = 220


class Chip(QAbstractButton):
    """Pressing it clears its filter, as Delete and Backspace do while it has the focus.

    It is drawn lower than it is: the room around it belongs to the finger.
    """

    cleared = Signal(str)
    """The name of its filter."""

    def __init__(self, theme: Theme, filter_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.filter_name = filter_name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.cleared.emit(self.filter_name))
        theme.changed.connect(self.update)

    def set_words(self, words: str, *, name: str) -> None:
        """Set the words; ``name`` says what pressing does."""
        self.setText(words)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Its words and the cross."""
        words = min(QFontMetrics(self._bold()).horizontalAdvance(self.text()) + 2, _LONGEST)
        return QSize(words + 2 * _PADDING + _GAP + _CROSS, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete clears; everything else is a button's."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the theme's colours."""
        colour = self._theme.colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = (self.height() - _DRAWN) / 2
        place = QRectF(0, margin, self.width(), _DRAWN).adjusted(1.5, 1.5, -1.5, -1.5)
        focused = self.hasFocus()
        painter.setPen(QPen(colour("focus" if focused else "accent"), 3 if focused else 1))
        painter.setBrush(colour("selection" if self.underMouse() else "accent-soft"))
        painter.drawRoundedRect(place, _DRAWN / 2, _DRAWN / 2)
        ink = colour("on-selection" if self.underMouse() else "on-accent-soft")
        font = self._bold()
        painter.setFont(font)
        painter.setPen(ink)
        room = self.width() - 2 * _PADDING - _GAP - _CROSS
        words = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 2)
        where = QRectF(_PADDING, 0, room + 2, self.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(QPen(ink, 2))
        left, top = self.width() - _PADDING - _CROSS, (self.height() - _CROSS) / 2
        painter.drawLine(QPointF(left, top), QPointF(left + _CROSS, top + _CROSS))
        painter.drawLine(QPointF(left + _CROSS, top), QPointF(left, top + _CROSS))
        painter.end()

    def _bold(self) -> QFont:
        font = self.font()
        font.setBold(True)
        return font
