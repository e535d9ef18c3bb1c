"""Progress of an item's fulfilment."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.orders import ItemStatus
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme

STEPS = (
    ItemStatus.COMPLETE_PAYMENT,
    ItemStatus.WAITING_FOR_DELIVERY,
    ItemStatus.SHIPPING,
    ItemStatus.DELIVERY_COMPLETE,
)
_HEIGHT = 84
_RADIUS = 13
_TOP = 24
_TICK = ((-5.0, 0.2), (-1.6, 3.8), (5.2, -4.0))


class FulfilmentSteps(QWidget):
    """Four dots on a line: completed ones are ticked, the current one has a ring and bold text."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._status = ItemStatus.COMPLETE_PAYMENT
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_status(self, status: ItemStatus) -> None:
        """Show the status; an unpaid or cancelled item is on no step."""
        self._status = status
        label = self._texts(f"order_page.item_{status.value}")
        self.setAccessibleName(f"{self._texts('deliveries.status')}: {label}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for dots and texts."""
        return QSize(420, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line, dots and texts."""
        colour = self._theme.colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = STEPS.index(self._status) if self._status in STEPS else -1
        width = self.width() / len(STEPS)
        for at in range(len(STEPS) - 1):
            painter.setPen(QPen(colour("accent" if at < here else "border"), 3))
            start = QPointF(width * (at + 0.5) + _RADIUS + 4, _TOP)
            painter.drawLine(start, QPointF(width * (at + 1.5) - _RADIUS - 4, _TOP))
        for at, status in enumerate(STEPS):
            self._paint_step(painter, at, here, status, width)
        painter.end()

    def _paint_step(
        self, painter: QPainter, at: int, here: int, status: ItemStatus, width: float
    ) -> None:
        colour, centre = self._theme.colour, QPointF(width * (at + 0.5), _TOP)
        passed, present = at <= here, at == here
        painter.setPen(QPen(colour("accent" if passed else "border"), 2))
        painter.setBrush(colour("accent") if passed else colour("surface-raised"))
        painter.drawEllipse(centre, _RADIUS, _RADIUS)
        if present:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, _RADIUS + 5, _RADIUS + 5)
        if passed:
            painter.setPen(QPen(colour("on-accent"), 2.4))
            painter.drawPolyline([centre + QPointF(x, y) for x, y in _TICK])
        font = self.font()
        font.setBold(present)
        painter.setFont(font)
        painter.setPen(colour("text" if passed else "text-muted"))
        box = QRectF(width * at, _TOP + _RADIUS + 10, width, _HEIGHT - _TOP - _RADIUS - 10)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(box, flags, self._texts(f"order_page.item_{status.value}"))
