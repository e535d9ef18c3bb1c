"""Checkable chip: a box with a tick, and a text beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.ui.core.theme import Theme

_HEIGHT = 48
_SIDE = 22
_PADDING = 16
_GAP = 10
_TICK = ((6, 11.4), (9.6, 15), (16, 7.6))
_BARE = 13
"""Padding that centres a box without text in a square target."""


class CheckChip(QAbstractButton):
    """A chip that is checked or not; without a text it is a check box with a full-sized target.

    The checked state differs by the tick and not only by colour. Space toggles it, arrows move to
    the next.

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

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` is the text for screen readers if there is none."""
        self.setText(text)
        self.setAccessibleName(name or text)
        self.updateGeometry()
        self.update()

    def fill_width(self) -> None:
        """Fill the available width."""
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the width of the text and the height of a touch target."""
        text = self.text()
        if not text:
            return QSize(_HEIGHT, _HEIGHT)
        font = self.font()
        font.setBold(True)  # as when checked, so that nothing moves then
        width = QFontMetrics(font).horizontalAdvance(text) + 2
        return QSize(2 * _PADDING + _SIDE + _GAP + width, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the text is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint background, box, tick and text in the theme's colours."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.text():
            self._paint_ground(painter)
        elif self.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 3))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 5, -5, -5), 8, 8)
        left = _PADDING if self.text() else _BARE
        self._paint_box(painter, QRectF(left, (self.height() - _SIDE) / 2, _SIDE, _SIDE))
        self._paint_text(painter)
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

    def _paint_text(self, painter: QPainter) -> None:
        if not self.text():
            return
        font = self.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        token = "on-accent-soft" if self.isChecked() else "text"
        painter.setPen(self._theme.colour(token if self.isEnabled() else "on-disabled"))
        left = _PADDING + _SIDE + _GAP
        box = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())
