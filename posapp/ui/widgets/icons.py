"""Icons drawn by strokes on a grid of 24, in any colour and size.

They need no image files and no SVG library, and are sharp on every screen.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

_SHARPNESS = 3
"""Pixels drawn for each requested pixel: enough for screens of 300 %."""


def _lines(*strokes: tuple[tuple[float, float], ...]) -> Callable[[], QPainterPath]:
    def path() -> QPainterPath:
        drawn = QPainterPath()
        for first, *others in strokes:
            drawn.moveTo(*first)
            for point in others:
                drawn.lineTo(*point)
        return drawn

    return path


def _search() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(10.5, 10.5), 6.5, 6.5)
    path.moveTo(15.5, 15.5)
    path.lineTo(20.5, 20.5)
    return path


def _sun() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(12, 12), 4, 4)
    for step in range(8):
        x, y = cos(step * pi / 4), sin(step * pi / 4)
        path.moveTo(12 + 7 * x, 12 + 7 * y)
        path.lineTo(12 + 9.2 * x, 12 + 9.2 * y)
    return path


def _moon() -> QPainterPath:
    path = QPainterPath(QPointF(19.5, 14.2))
    path.arcTo(QRectF(4.5, 4.5, 15, 15), -18, -236)
    path.cubicTo(9.2, 9.6, 12.6, 14.6, 19.5, 14.2)
    return path


def _half() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(12, 12), 8, 8)
    for x, reach in ((12.0, 8.0), (14.5, 7.4), (17.0, 5.9)):
        path.moveTo(x, 12 - reach)
        path.lineTo(x, 12 + reach)
    return path


def _screen() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(3.5, 5, 17, 11.5), 2, 2)
    path.moveTo(9, 20)
    path.lineTo(15, 20)
    return path


def _circled(*strokes: tuple[tuple[float, float], ...]) -> Callable[[], QPainterPath]:
    inner = _lines(*strokes)

    def path() -> QPainterPath:
        drawn = inner()
        drawn.addEllipse(QPointF(12, 12), 9, 9)
        return drawn

    return path


def _warning() -> QPainterPath:
    path = _lines(((12, 4), (21, 19.5), (3, 19.5), (12, 4)), ((12, 10), (12, 14)))()
    path.addEllipse(QPointF(12, 16.9), 0.2, 0.2)
    return path


def _cross_box() -> QPainterPath:
    corner = 5.2
    points = (
        (3 + corner, 3), (21 - corner, 3), (21, 3 + corner), (21, 21 - corner),
        (21 - corner, 21), (3 + corner, 21), (3, 21 - corner), (3, 3 + corner),
    )  # fmt: skip
    return _lines((*points, points[0]), ((9, 9), (15, 15)), ((15, 9), (9, 15)))()


def _dotted_ring() -> QPainterPath:
    path, ring = QPainterPath(), QRectF(3, 3, 18, 18)
    for step in range(8):
        path.arcMoveTo(ring, step * 45)
        path.arcTo(ring, step * 45, 18)
    return path


def _receipt() -> QPainterPath:
    paper = (
        (6, 3.5), (18, 3.5), (18, 20.5), (15, 18.6), (12, 20.5), (9, 18.6), (6, 20.5), (6, 3.5),
    )  # fmt: skip
    return _lines(paper, ((9, 8.5), (15, 8.5)), ((9, 12.5), (15, 12.5)))()


SIGNS: dict[str, Callable[[], QPainterPath]] = {
    "back": _lines(((14.5, 5), (7.5, 12), (14.5, 19))),
    "forward": _lines(((9.5, 5), (16.5, 12), (9.5, 19))),
    "first": _lines(((17, 5), (10, 12), (17, 19)), ((6, 5), (6, 19))),
    "last": _lines(((7, 5), (14, 12), (7, 19)), ((18, 5), (18, 19))),
    "close": _lines(((6.5, 6.5), (17.5, 17.5)), ((17.5, 6.5), (6.5, 17.5))),
    "search": _search,
    "light": _sun,
    "dark": _moon,
    "contrast": _half,
    "auto": _screen,
    "success": _circled(((8, 12.3), (11, 15.2), (16.2, 9.2))),
    "error": _cross_box,
    "warning": _warning,
    "notice": _circled(((12, 11), (12, 16.4)), ((12, 7.6), (12, 7.7))),
    "busy": _circled(((12, 7), (12, 12.2), (15.4, 14))),
    "idle": _dotted_ring,
    "receipt": _receipt,
}
"""Icons by name; each result has its own shape, so that colour is never the only difference."""


def paint_sign(painter: QPainter, name: str, into: QRectF, colour: QColor) -> None:
    """Draw an icon into a square.

    Raises:
        KeyError: the icon does not exist.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(into.topLeft())
    painter.scale(into.width() / 24, into.height() / 24)
    pen = QPen(colour, 2.0)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(QtCore.Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(SIGNS[name]())
    painter.restore()


def sign(name: str, colour: QColor, size: int) -> QPixmap:
    """Return an icon as a pixmap of ``size`` device-independent pixels, transparent around it."""
    picture = QPixmap(size * _SHARPNESS, size * _SHARPNESS)
    picture.setDevicePixelRatio(_SHARPNESS)
    picture.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_sign(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return picture


def sign_icon(name: str, colour: QColor, size: int = 24) -> QIcon:
    """Return an icon for a button."""
    return QIcon(sign(name, colour, size))
