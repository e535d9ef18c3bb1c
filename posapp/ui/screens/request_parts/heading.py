"""The headings of the table, above the words that they name."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from posapp.ui.models.requests_lines import ACT, AMOUNT, TICK
from posapp.ui.screens.request_parts.row_painter import PADDING
from posapp.ui.theme import Theme

_HEIGHT = 44


class Heading(QHeaderView):
    """Stands on the same side as the cells below it, with the same white space."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionsMovable(False)
        theme.changed.connect(self.viewport().update)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint one heading."""
        words = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal)
        if logicalIndex == TICK:
            words = ""  # it is narrower than its word, which readers hear all the same
        font = QFont(self.font())
        font.setPixelSize(self._theme.size("font-caption"))
        font.setBold(True)
        left = PADDING // 2 if logicalIndex == ACT else PADDING
        room = rect.adjusted(left, 0, -PADDING, 0)
        right = logicalIndex == AMOUNT
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.save()
        painter.fillRect(rect, self._theme.colour("surface-raised"))
        painter.setPen(QPen(self._theme.colour("hairline"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(font)
        painter.setPen(self._theme.colour("text-muted"))
        cut = painter.fontMetrics().elidedText(
            str(words or ""), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, cut)
        painter.restore()
