"""Icons of the payment phases: a shape for each, so that colour is never the only difference."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.theme import Theme

TONE_COLOURS = {
    "success": ("success-soft", "success"),
    "error": ("danger-soft", "danger"),
    "warning": ("warning-soft", "warning"),
    "notice": ("notice-soft", "notice"),
    "busy": ("surface-sunken", "text-muted"),
}
"""Colour tokens of each tone: disc and strokes."""


class PhaseIcon(QWidget):
    """An icon on a soft disc. Decoration beside text, so screen readers skip it."""

    def __init__(self, theme: Theme, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark, self._tone = "scan", "notice"
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def mark(self) -> str:
        """Return the name of the current icon."""
        return self._mark

    def show_mark(self, mark: str, tone: str) -> None:
        """Show an icon.

        Raises:
            KeyError: the icon or the tone does not exist.
        """
        _, _ = ICONS[mark], TONE_COLOURS[tone]
        self._mark, self._tone = mark, tone
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc and strokes, on a grid of 24 in the middle of the disc."""
        ground, colour = (self._theme.colour(token) for token in TONE_COLOURS[self._tone])
        side = min(self.width(), self.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        # The ring keeps the disc visible where soft backgrounds are black (high contrast).
        painter.setPen(
            QPen(colour, side / 48) if ground == self._theme.colour("surface") else _NONE
        )
        edge = side / 48
        painter.drawEllipse(QRectF(edge, edge, side - 2 * edge, side - 2 * edge))
        inner = side * 0.56
        painter.translate((side - inner) / 2, (side - inner) / 2)
        painter.scale(inner / 24, inner / 24)
        pen = QPen(colour, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(ICONS[self._mark]())
        painter.end()


_NONE = Qt.PenStyle.NoPen

_Stroke = tuple[tuple[float, float], ...]


def _strokes(*strokes: _Stroke) -> QPainterPath:
    path = QPainterPath()
    for first, *others in strokes:
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    return path


def _scan() -> QPainterPath:
    """Draw the corners of a viewfinder."""
    path = _strokes(((6, 12), (18, 12)))
    for x, y, dx, dy in ((3, 3, 5, 5), (21, 3, -5, 5), (3, 21, 5, -5), (21, 21, -5, -5)):
        path.moveTo(x + dx, y)
        path.lineTo(x, y)
        path.lineTo(x, y + dy)
    return path


def _paying() -> QPainterPath:
    """Draw a phone."""
    path = _strokes(((10.5, 18.2), (13.5, 18.2)))
    path.addRoundedRect(QRectF(6, 2, 12, 20), 2.5, 2.5)
    return path


def _checking() -> QPainterPath:
    """Draw three dots."""
    path = QPainterPath()
    for x in (4.0, 12.0, 20.0):
        path.addEllipse(QPointF(x, 12), 1.3, 1.3)
    return path


def _done() -> QPainterPath:
    return _strokes(((3.5, 12.8), (9.5, 18.6), (20.5, 6)))


def _expired() -> QPainterPath:
    """Draw an hourglass."""
    glass = ((6, 2.5), (18, 2.5), (18, 6.5), (6, 17.5), (6, 21.5), (18, 21.5), (18, 17.5), (6, 6.5))
    return _strokes((*glass, glass[0]))


def _stopped() -> QPainterPath:
    """Draw the stop symbol of a media player."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(4.5, 4.5, 15, 15), 2.5, 2.5)
    return path


def _failed() -> QPainterPath:
    return _strokes(((5, 5), (19, 19)), ((19, 5), (5, 19)))


def _round(*, ends_in_check: bool) -> QPainterPath:
    """Draw a returning arrow for a refund."""
    path = QPainterPath()
    path.arcMoveTo(QRectF(3, 3, 18, 18), 150)
    path.arcTo(QRectF(3, 3, 18, 18), 150, -300)
    start = QPointF(12 + 9 * cos(5 * pi / 6), 12 - 9 * sin(5 * pi / 6))
    path.moveTo(start.x() - 0.6, start.y() - 5.4)
    path.lineTo(start)
    path.lineTo(start.x() + 5.4, start.y() - 0.4)
    if ends_in_check:
        path.addPath(_strokes(((8, 12.4), (11, 15.2), (16.2, 9.4))))
    return path


def _returning() -> QPainterPath:
    return _round(ends_in_check=False)


def _returned() -> QPainterPath:
    return _round(ends_in_check=True)


def _return_failed() -> QPainterPath:
    """Draw a warning triangle: staff must act."""
    path = _strokes(((12, 2.5), (22.5, 20.5), (1.5, 20.5), (12, 2.5)), ((12, 9.5), (12, 14)))
    path.addEllipse(QPointF(12, 17.2), 0.3, 0.3)
    return path


ICONS: dict[str, Callable[[], QPainterPath]] = {
    "scan": _scan,
    "paying": _paying,
    "checking": _checking,
    "done": _done,
    "expired": _expired,
    "stopped": _stopped,
    "failed": _failed,
    "returning": _returning,
    "returned": _returned,
    "return_failed": _return_failed,
}
