"""The headings of the table, above the words that they name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHeaderView, QWidget

from posapp.ui.models.requests_lines import ACT, AMOUNT, TICK
from posapp.ui.screens.request_parts.row_inks import Inks
from posapp.ui.screens.request_parts.row_painter import PADDING
from posapp.ui.theme import Theme

_HEIGHT = 44
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Heading(QHeaderView):
    """Stands on the same side as the cells below it, with the same white space."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._inks = Inks(theme, self)
        self._key: tuple[object, ...] = ()
        self._picture = QPixmap()
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionsMovable(False)
        theme.changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings: one picture, that is drawn anew when it would be another one. Every
        new page asks for them again."""
        inks, model = self._inks, self.model()
        inks.begin()
        sections = tuple(
            (self.sectionViewportPosition(section), self.sectionSize(section), str(words or ""))
            for section in range(self.count())
            if (words := model.headerData(section, Qt.Orientation.Horizontal)) is not None
        )
        size = self.viewport().size()
        key = (size.toTuple(), sections, inks.small_bold.font.key(), self.devicePixelRatioF())
        if key != self._key:
            self._key = key
            self._picture = QPixmap(size * self.devicePixelRatioF())
            self._picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._draw(sections, size)
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _draw(self, sections: Sequence[tuple[int, int, str]], size: QSize) -> None:
        inks, height = self._inks, size.height()
        self._picture.fill(inks.colour("surface-raised"))
        painter = QPainter(self._picture)
        painter.fillRect(0, height - 1, size.width(), 1, inks.colour("hairline"))
        painter.setFont(inks.small_bold.font)
        painter.setPen(inks.colour("text-muted"))
        metrics = painter.fontMetrics()
        for section, (at, width, words) in enumerate(sections):
            if section == TICK or not width:
                continue  # the tick's is narrower than its word, which readers hear all the same
            left = PADDING // 2 if section == ACT else PADDING
            room = width - left - PADDING
            side = _RIGHT if section == AMOUNT else _LEFT
            cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(at + left, 0, room, height), side, cut)
        painter.end()

    def _restyle(self) -> None:
        self._inks.forget()
        self._key = ()
        self.viewport().update()
