"""Boxes that are ticked or not, in the theme's colours.

A ticked box is filled and has a tick, an unticked one shows ``surface-raised``, whatever is around
it; one that is disabled has a dashed edge and no fill.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from posapp.ui.core.theme import Theme

_SHARPNESS = 3
"""Pixels drawn for each requested pixel: enough for screens of 300 %."""

_TICK = ((6.0, 11.4), (9.6, 15.0), (16.0, 7.6))
"""Points of the tick in a box of 22 pixels."""


def box_icon(theme: Theme, kind: str, gap: int = 0) -> QIcon:
    """Return the icon of a button, which shows whether that is checked and enabled.

    Args:
        kind: check, radio or switch.
        gap: pixels on its right, beside a text.
    """
    box, icon = box_size(theme, kind), QIcon()
    size = box + QSize(gap, 0)
    for enabled, mode in ((True, QIcon.Mode.Normal), (False, QIcon.Mode.Disabled)):
        for ticked, state in ((False, QIcon.State.Off), (True, QIcon.State.On)):
            picture = QPixmap(size * _SHARPNESS)
            picture.setDevicePixelRatio(_SHARPNESS)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            place = QRectF(QPointF(0, 0), box.toSizeF())
            paint_box(painter, theme, kind, place, ticked=ticked, enabled=enabled)
            painter.end()
            icon.addPixmap(picture, mode, state)
    return icon


def box_size(theme: Theme, kind: str) -> QSize:
    """Return the size of a box; a switch is twice as wide."""
    side = theme.size("box")
    return QSize(2 * side if kind == "switch" else side, side)


def paint_box(
    painter: QPainter,
    theme: Theme,
    kind: str,
    place: QRectF,
    *,
    ticked: bool,
    enabled: bool = True,
) -> None:
    """Paint a box into a rectangle of ``box_size``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour, side = theme.colour, place.height()
    edge = colour("accent" if ticked else "border") if enabled else colour("on-disabled")
    pen = QPen(edge, 2 if enabled else 1)
    if not enabled:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    fill = colour("accent" if ticked else "surface-raised")
    painter.setBrush(fill if enabled else Qt.BrushStyle.NoBrush)
    round_side = side / 2 if kind != "check" else side / 4
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), round_side, round_side)
    mark = colour("on-accent") if enabled else edge
    if kind == "switch":
        _paint_knob(painter, place, mark if ticked else edge, ticked=ticked)
    elif ticked:
        _paint_tick(painter, place, mark)
    painter.restore()


def _paint_knob(painter: QPainter, place: QRectF, colour: QColor, *, ticked: bool) -> None:
    side = place.height()
    left = place.right() - side if ticked else place.left()
    centre = QPointF(left + side / 2, place.center().y())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(centre, side / 2 - 5, side / 2 - 5)


def _paint_tick(painter: QPainter, place: QRectF, colour: QColor) -> None:
    scale = place.height() / 22
    pen = QPen(colour, 2.4 * scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([place.topLeft() + QPointF(x, y) * scale for x, y in _TICK])
