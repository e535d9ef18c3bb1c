"""Icons of the payment phases: a shape for each, so that colour is never the only difference."""

from __future__ import annotations

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

_Points = tuple[tuple[float, float], ...]


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

    def set_side(self, size: int) -> None:
        """Set the side in pixels."""
        self._size = size
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc and strokes, on a grid of 24 in the middle of the disc."""
        ground, colour = (self._theme.colour(token) for token in TONE_COLOURS[self._tone])
        side = min(self.width(), self.height())
        edge, inner = side / 48, side * 0.56
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(ground)
        # The ring keeps the disc visible where soft backgrounds are black (high contrast).
        is_lost = ground == self._theme.colour("surface")
        painter.setPen(QPen(colour, edge) if is_lost else Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(edge, edge, side - 2 * edge, side - 2 * edge))
        painter.translate((side - inner) / 2, (side - inner) / 2)
        painter.scale(inner / 24, inner / 24)
        pen = QPen(colour, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(ICONS[self._mark])
        painter.end()


def _drawn(
    *lines: _Points,
    boxes: tuple[tuple[float, float, float, float], ...] = (),
    discs: tuple[tuple[float, float, float], ...] = (),
) -> QPainterPath:
    """Return lines, rounded boxes (left, top, width, height) and circles (middle, radius)."""
    path = QPainterPath()
    for first, *others in lines:
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
    for box in boxes:
        path.addRoundedRect(QRectF(*box), 2.5, 2.5)
    for x, y, radius in discs:
        path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _turned(*lines: _Points) -> QPainterPath:
    """Return an arrow that turns back, for money that goes back, with lines inside it."""
    path = _drawn(*lines)
    ring = QRectF(3, 3, 18, 18)
    path.arcMoveTo(ring, 150)
    path.arcTo(ring, 150, -300)
    x, y = 12 + 9 * cos(5 * pi / 6), 12 - 9 * sin(5 * pi / 6)
    path.addPath(_drawn(((x - 0.6, y - 5.4), (x, y), (x + 5.4, y - 0.4))))
    return path


def _viewfinder() -> tuple[_Points, ...]:
    corners = ((3, 3, 5, 5), (21, 3, -5, 5), (3, 21, 5, -5), (21, 21, -5, -5))
    return tuple(((x + dx, y), (x, y), (x, y + dy)) for x, y, dx, dy in corners)


_GLASS = ((6, 2.5), (18, 2.5), (18, 6.5), (6, 17.5), (6, 21.5), (18, 21.5), (18, 17.5), (6, 6.5))

ICONS: dict[str, QPainterPath] = {
    "ready": _drawn(((2.5, 10), (21.5, 10)), boxes=((2.5, 5, 19, 14),)),
    "preparing": _drawn(discs=((4, 12, 1.3), (12, 12, 1.3), (20, 12, 1.3))),
    "scan": _drawn(*_viewfinder(), ((6, 12), (18, 12))),
    "paying": _drawn(((10.5, 18.2), (13.5, 18.2)), boxes=((6, 2, 12, 20),)),
    "checking": _drawn(((12, 6.5), (12, 12.4), (16.2, 14.4)), discs=((12, 12, 9.5),)),
    "over": _drawn(
        *(((3, 6), (7, 2.5)), ((21, 6), (17, 2.5)), ((12, 9), (12, 13.5), (15, 13.5))),
        discs=((12, 13.5, 7.5),),
    ),
    "done": _drawn(((3.5, 12.8), (9.5, 18.6), (20.5, 6))),
    "expired": _drawn((*_GLASS, _GLASS[0])),
    "stopped": _drawn(boxes=((4.5, 4.5, 15, 15),)),
    "failed": _drawn(((5, 5), (19, 19)), ((19, 5), (5, 19))),
    "returning": _turned(),
    "returned": _turned(((8, 12.4), (11, 15.2), (16.2, 9.4))),
    "return_failed": _drawn(
        ((12, 2.5), (22.5, 20.5), (1.5, 20.5), (12, 2.5)),
        ((12, 9.5), (12, 14)),
        discs=((12, 17.2, 0.3),),
    ),
}
"""Icons by name: a card, dots, a viewfinder, a phone, a clock, a tick and others."""
