"""Something that is chosen or not: a box with a tick, and words beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui.theme import Theme

_HEIGHT = 48
_SIDE = 22
_PADDING = 16
_GAP = 10
_TICK = ((6, 11.4), (9.6, 15), (16, 7.6))
_BARE = 13
"""Padding that puts a box without words into the middle of a square target."""


class Choice(QAbstractButton):
    """A chip that is ticked or not; without words it is a tick box with a full-sized target.

    Chosen differs by the tick and not only by colour. Space toggles it, arrows go to the next.

    Args:
        round_box: a ring and a dot: one of several.
    """

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, round_box: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._round = round_box
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_words(self, words: str, *, name: str = "") -> None:
        """Set the words; ``name`` is what a screen reader says, where there are none."""
        self.setText(words)
        self.setAccessibleName(name or words)
        self.updateGeometry()
        self.update()

    def fill_width(self) -> None:
        """Be as wide as there is room."""
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its words, as high as a finger needs."""
        words = self.text()
        if not words:
            return QSize(_HEIGHT, _HEIGHT)
        font = self.font()
        font.setBold(True)  # as it is when it is chosen, so that nothing moves then
        width = QFontMetrics(font).horizontalAdvance(words) + 2
        return QSize(2 * _PADDING + _SIDE + _GAP + width, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The same: words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, box, tick and words in the theme's colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.text():
            self._paint_ground(painter)
        elif self.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 5, -5, -5), 8, 8)
        left = _PADDING if self.text() else _BARE
        self._paint_box(painter, QRectF(left, (self.height() - _SIDE) / 2, _SIDE, _SIDE))
        self._paint_words(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        colour = self._theme.colour
        chosen, focused = self.isChecked(), self.hasFocus()
        edge = colour("focus") if focused else colour("accent" if chosen else "border")
        width = 3 if focused else 2 if chosen else 1
        painter.setPen(QPen(edge, width))
        painter.setBrush(colour("accent-soft" if chosen else "surface-raised"))
        half = width / 2
        ground = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(ground, self._theme.size("radius"), self._theme.size("radius"))

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        colour = self._theme.colour
        inner = box.adjusted(1, 1, -1, -1)
        chosen = self.isChecked()
        edge = colour("accent" if chosen else "border")
        if not self.isEnabled():
            edge = colour("hairline")
        painter.setPen(QPen(edge, 2))
        painter.setBrush(edge if chosen else Qt.BrushStyle.NoBrush)
        radius = _SIDE / 2 if self._round else 6
        painter.drawRoundedRect(inner, radius, radius)
        if not chosen:
            return
        pen = QPen(colour("on-accent"), 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        left, top = box.left(), box.top()
        painter.drawPolyline([QPointF(left + x, top + y) for x, y in _TICK])

    def _paint_words(self, painter: QPainter) -> None:
        if not self.text():
            return
        font = self.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        token = "on-accent-soft" if self.isChecked() else "text"
        painter.setPen(self._theme.colour(token if self.isEnabled() else "on-disabled"))
        left = _PADDING + _SIDE + _GAP
        words = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
