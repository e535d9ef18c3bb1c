"""The code of an order at the end of a printed paper: a QR with its text below."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPainter, QPainterPath

from posapp.ui.printing.laid_text import centred_text, draw_text
from posapp.ui.printing.order_code import code_matrix

SIDE_MM = 22.0
"""Side of the QR in millimetres with its quiet zone, at least: read by every scanner's camera, and
as wide as half a narrow roll."""

_POINTS = 10
_MM_PER_INCH = 25.4


class PrintedCode:
    """The QR of a code on one device, and its text below.

    A module is a whole number of dots, so that no printer blurs an edge, and the QR somewhat larger
    than ``SIDE_MM``. It is smaller only where the page has no room for that.

    Args:
        code: what a scanner reads, such as ``PO1024``.
        room: of an empty page, in dots.
    """

    def __init__(self, code: str, device: QPagedPaintDevice, room: QSizeF) -> None:
        self._matrix = code_matrix(code)
        side, dots = self._matrix.side, device.logicalDpiX() / _MM_PER_INCH
        self._text = centred_text(device, _POINTS, code, room.width())
        below = self._text.size().height()
        most = min(room.width(), room.height() - below) // side
        self._module = max(1, min(math.ceil(SIDE_MM * dots / side), int(most)))
        self._side = self._module * side
        self._width = max(self._side, math.ceil(self._text.idealWidth()))
        self.size = QSizeF(self._width, self._side + below)
        """Size of the QR and its text in dots."""

    def area(self, middle: float, top: float) -> QRectF:
        """Return what it takes at a place: no other ink may be there."""
        return QRectF(QPointF(round(middle - self._width / 2), round(top)), self.size)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint it into its area."""
        painter.save()
        painter.translate(area.left() + round((self._width - self._side) / 2), area.top())
        painter.fillPath(self._modules(), painter.pen().color())
        painter.restore()
        painter.save()
        left = area.center().x() - self._text.textWidth() / 2
        painter.translate(left, area.top() + self._side)
        draw_text(painter, self._text)
        painter.restore()

    def _modules(self) -> QPainterPath:
        """Return the dark modules as one path, without seams where a viewer smooths edges."""
        path, side, size = QPainterPath(), self._matrix.side, self._module
        for y in range(side):
            row = self._matrix.pixels[y * side : (y + 1) * side]
            start = row.find(0)
            while start >= 0:
                end = row.find(255, start)
                path.addRect(start * size, y * size, (end - start) * size, size)
                start = row.find(0, end)
        return path
