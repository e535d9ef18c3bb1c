"""Column headings of the request table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHeaderView, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.requests.paint_cache import PaintCache
from posapp.ui.requests.request_row_text import ACT, AMOUNT, TICK
from posapp.ui.requests.row_painter import PADDING

_HEIGHT = 44
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class TableHeader(QHeaderView):
    """Headings with the alignment and padding of the cells below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._cache = PaintCache(theme, self)
        self._key: tuple[object, ...] = ()
        self._picture = QPixmap()
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionsMovable(False)
        theme.changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings from a pixmap, which is drawn again only when its content changes.

        Every new page repaints the headings.
        """
        cache, model = self._cache, self.model()
        cache.begin()
        sections = tuple(
            (self.sectionViewportPosition(section), self.sectionSize(section), str(text or ""))
            for section in range(self.count())
            if (text := model.headerData(section, Qt.Orientation.Horizontal)) is not None
        )
        size = self.viewport().size()
        key = (size.toTuple(), sections, cache.small_bold.font.key(), self.devicePixelRatioF())
        if key != self._key:
            self._key = key
            self._picture = QPixmap(size * self.devicePixelRatioF())
            self._picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._draw(sections, size)
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _draw(self, sections: Sequence[tuple[int, int, str]], size: QSize) -> None:
        cache, height = self._cache, size.height()
        self._picture.fill(cache.colour("surface-raised"))
        painter = QPainter(self._picture)
        painter.fillRect(0, height - 1, size.width(), 1, cache.colour("hairline"))
        painter.setFont(cache.small_bold.font)
        painter.setPen(cache.colour("text-muted"))
        metrics = painter.fontMetrics()
        for section, (at, width, text) in enumerate(sections):
            if section == TICK or not width:
                continue  # narrower than its heading, which is for screen readers only
            left = PADDING // 2 if section == ACT else PADDING
            room = width - left - PADDING
            side = _RIGHT if section == AMOUNT else _LEFT
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(at + left, 0, room, height), side, cut)
        painter.end()

    def _restyle(self) -> None:
        self._cache.forget()
        self._key = ()
        self.viewport().update()
