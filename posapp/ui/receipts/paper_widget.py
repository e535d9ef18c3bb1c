"""Paper slip widget with a torn lower edge."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.core.theme import Theme

TOOTH = 8
"""Height of the torn edge's teeth in pixels; they are twice as wide."""

_ROUNDING = 16


class PaperWidget(QWidget):
    """Shows the contents of ``body`` on a slip, in the theme's colours.

    Args:
        width: in pixels; the height depends on the contents.
    """

    def __init__(self, theme: Theme, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(32, 24, 32, 24 + TOOTH)
        self.body.setSpacing(4)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the height of the contents at the fixed width."""
        return QSize(self.maximumWidth(), self.body.totalHeightForWidth(self.maximumWidth()))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a slip is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slip, with round upper corners and a torn lower edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("hairline"), 1))
        painter.setBrush(self._theme.colour("surface-raised"))
        painter.drawPath(_slip(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)))
        painter.end()


class DashedLine(QWidget):
    """Dashed separator."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(17)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashes in the middle of the height."""
        painter = QPainter(self)
        pen = QPen(self._theme.colour("border"), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, 8.5), QPointF(self.width(), 8.5))
        painter.end()


def _slip(area: QRectF) -> QPainterPath:
    teeth = max(1, round(area.width() / (2 * TOOTH)))
    step = area.width() / teeth
    foot = area.bottom() - TOOTH
    path = QPainterPath(QPointF(area.left(), foot))
    path.lineTo(area.left(), area.top() + _ROUNDING)
    path.quadTo(area.topLeft(), QPointF(area.left() + _ROUNDING, area.top()))
    path.lineTo(area.right() - _ROUNDING, area.top())
    path.quadTo(area.topRight(), QPointF(area.right(), area.top() + _ROUNDING))
    path.lineTo(area.right(), foot)
    for tooth in range(teeth, 0, -1):
        path.lineTo(area.left() + (tooth - 0.5) * step, area.bottom())
        path.lineTo(area.left() + (tooth - 1) * step, foot)
    path.closeSubpath()
    return path


CENTRE = Qt.AlignmentFlag.AlignHCenter
"""Alignment of a slip's head."""
