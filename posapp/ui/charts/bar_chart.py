"""Chart of bars that are walked through by keys; the same figures are in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.formats import grouped
from posapp.ui.core.theme import Theme

_WIDEST = 56.0
_GAP_SHARE = 0.25
"""Share of a bar's place that is left empty."""

_LINES = 4
_ROW, _BAR = 44.0, 14.0
_MARGIN = 8.0
_RING = 3.0
_LEAST = (240, 160)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        value: its length.
        second: the length of the hatched part that begins where the bar does.
        text: the value as it is written beside a lying bar.
    """

    label: str
    value: int
    second: int = 0
    text: str = ""


class BarChart(QWidget):
    """Bars that stand side by side, or lie below each other with their names above them.

    Arrows, Home, End and a click choose one, as the wheel does where not all of them fit.
    """

    chosen = Signal(int)
    """A person chose another bar. Carries its place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars: tuple[Bar, ...] = ()
        self._lies = False
        self.place = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar], *, lies: bool) -> None:
        """Show other bars; the first one is chosen, or the same place if there are as many."""
        same = len(bars) == len(self._bars) and lies == self._lies
        self._bars, self._lies = tuple(bars), lies
        self.place = self.place if same and self.place >= 0 else min(0, len(bars) - 1)
        self._describe()
        self.update()

    def choose(self, place: int) -> None:
        """Choose a bar; one that there is not changes nothing."""
        if 0 <= place < len(self._bars) and place != self.place:
            self.place = place
            self._describe()
            self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which two dozen bars can be told apart."""
        return QSize(480, 320)

    def minimumSizeHint(self) -> QSize:
        """Return the least size that shows anything."""
        return QSize(*_LEAST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the bars."""
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Up: -1, keys.Key_Right: 1, keys.Key_Down: 1}
        if event.key() in steps:
            self._go_to(self.place + steps[Qt.Key(event.key())])
        elif event.key() == keys.Key_Home:
            self._go_to(0)
        elif event.key() == keys.Key_End:
            self._go_to(len(self._bars) - 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the bar below the pointer."""
        at = event.position()
        for place, area in self._areas():
            if area.contains(at):
                self._go_to(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go on where not all of the bars fit."""
        if len(self._areas()) == len(self._bars):
            super().wheelEvent(event)
        else:
            self._go_to(self.place + (1 if event.angleDelta().y() < 0 else -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        if self._bars and self._lies:
            self._paint_lying(painter)
        elif self._bars:
            self._paint_upright(painter)
        painter.end()

    # Where they are

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._theme.size("font-caption"))
        return font

    @property
    def _highest(self) -> int:
        return round_up(max((max(bar.value, bar.second) for bar in self._bars), default=0))

    def _plot(self) -> QRectF:
        """Return the area of standing bars, without amounts and names."""
        metrics = QFontMetricsF(self._font())
        left = metrics.horizontalAdvance(grouped(self._highest)) + _MARGIN
        below = metrics.height() + _MARGIN
        return QRectF(self.rect()).adjusted(left, metrics.height(), -_MARGIN, -below)

    def _areas(self) -> list[tuple[int, QRectF]]:
        """Return the places of the bars that are seen, each as high or as wide as it may be."""
        if not self._lies:
            plot = self._plot()
            width = plot.width() / max(len(self._bars), 1)
            return [
                (place, QRectF(plot.left() + place * width, plot.top(), width, plot.height()))
                for place in range(len(self._bars))
            ]
        fitting = max(int(self.height() / _ROW), 1)
        first = max(0, min(self.place - fitting // 2, len(self._bars) - fitting))
        return [
            (place, QRectF(_MARGIN, (place - first) * _ROW, self.width() - 2 * _MARGIN, _ROW))
            for place in range(first, min(first + fitting, len(self._bars)))
        ]

    # How they are painted

    def _paint_upright(self, painter: QPainter) -> None:
        plot, highest = self._plot(), self._highest
        self._paint_scale(painter, plot, highest)
        areas = self._areas()
        metrics = painter.fontMetrics()
        widest = max(metrics.horizontalAdvance(bar.label) for bar in self._bars) + 2 * _MARGIN
        every = max(1, -(-int(widest) // max(int(areas[0][1].width()), 1)))
        for place, area in areas:
            bar = self._bars[place]
            width = min(area.width() * (1 - _GAP_SHARE), _WIDEST)
            left = area.center().x() - width / 2
            for length, is_second in ((bar.value, False), (bar.second, True)):
                height = plot.height() * length / highest if highest else 0
                shape = QRectF(left, plot.bottom() - height, width, height)
                self._fill(painter, shape, is_second=is_second, is_chosen=place == self.place)
            if place == self.place:
                self._paint_ring(painter, area.adjusted(1, -_RING, -1, _RING))
            if place % every == 0:
                painter.setPen(self._theme.colour("text-muted"))
                below = QRectF(area.center().x() - widest, plot.bottom() + 2, 2 * widest, _ROW)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
                painter.drawText(below, flags, bar.label)

    def _paint_scale(self, painter: QPainter, plot: QRectF, highest: int) -> None:
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for line in range(_LINES + 1):
            height = plot.bottom() - plot.height() * line / _LINES
            token = "text-muted" if line == 0 else "hairline"
            painter.setPen(QPen(self._theme.colour(token), 1))
            painter.drawLine(QPointF(plot.left(), height), QPointF(plot.right(), height))
            painter.setPen(self._theme.colour("text-muted"))
            beside = QRectF(0, height - _ROW / 2, plot.left() - _MARGIN, _ROW)
            if highest and (line in (0, _LINES) or plot.height() > _LINES * _ROW / 2):
                painter.drawText(beside, flags, grouped(highest * line // _LINES))

    def _paint_lying(self, painter: QPainter) -> None:
        highest = max((bar.value for bar in self._bars), default=0)
        metrics = painter.fontMetrics()
        for place, area in self._areas():
            bar = self._bars[place]
            is_chosen = place == self.place
            if is_chosen:
                painter.fillRect(area, self._theme.colour("selection"))
                self._paint_ring(painter, area.adjusted(1.5, 1.5, -1.5, -1.5))
            inside = area.adjusted(_MARGIN, 4, -_MARGIN, -4)
            painter.setPen(self._theme.colour("on-selection" if is_chosen else "text"))
            line = QRectF(inside.left(), inside.top(), inside.width(), metrics.height())
            room = inside.width() - metrics.horizontalAdvance(bar.text) - 2 * _MARGIN
            name = metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, name)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, bar.text)
            for length, is_second in ((bar.value, False), (bar.second, True)):
                width = inside.width() * length / highest if highest else 0
                shape = QRectF(inside.left(), inside.bottom() - _BAR, width, _BAR)
                self._fill(painter, shape, is_second=is_second, is_chosen=is_chosen)

    def _fill(self, painter: QPainter, shape: QRectF, *, is_second: bool, is_chosen: bool) -> None:
        if shape.isEmpty():
            return
        if is_second:
            surface, strokes = self._theme.colour("surface-raised"), self._theme.colour("text")
            painter.fillRect(shape, surface)
            painter.fillRect(shape, QBrush(strokes, Qt.BrushStyle.BDiagPattern))
            painter.setPen(QPen(strokes, 1))
            painter.drawRect(shape)
            return
        chosen = "on-selection" if self._lies else "accent-pressed"
        painter.fillRect(shape, self._theme.colour(chosen if is_chosen else "accent"))

    def _paint_ring(self, painter: QPainter, area: QRectF) -> None:
        token = "focus" if self.hasFocus() else "text-muted"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour(token), _RING if self.hasFocus() else 1))
        painter.drawRect(area)

    def _go_to(self, place: int) -> None:
        before = self.place
        self.choose(min(max(place, 0), len(self._bars) - 1))
        if self.place != before:
            self.chosen.emit(self.place)

    def _describe(self) -> None:
        bar = self._bars[self.place] if 0 <= self.place < len(self._bars) else None
        said = f"{bar.label}: {bar.text or grouped(bar.value)}" if bar is not None else ""
        self.setAccessibleDescription(said)


def round_up(value: int) -> int:
    """Return the least of 4, 8, 20, 40, 80, 200 … that is not below a value; 0 of 0: a scale of
    four lines has whole numbers."""
    if value <= 0:
        return 0
    step = 1
    while True:
        for times in (4, 8, 20):
            if times * step >= value:
                return times * step
        step *= 10
