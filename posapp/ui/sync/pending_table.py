"""Table of the unsent refunds: two lines in each cell, an icon before each row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from posapp.ui.core.theme import Theme
from posapp.ui.sync.pending_model import AMOUNT, NEXT, REFUND, STATE, PendingModel
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.icons import paint_sign
from posapp.ui.widgets.table import Table

ROW = 60
HEADER = 36
_SIGN = 22
_PADDING = 10
_RING = 3
_SHARES = {REFUND: 29, STATE: 31, AMOUNT: 21, NEXT: 19}
"""Percentage of the width for each column."""


class TwoLines(QStyledItemDelegate):
    """Paints a cell's two lines as plain text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the common row height."""
        return QSize(80, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint background, the row's icon in its first cell, and the lines."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = chosen and option.widget.hasFocus()
        self._ground(painter, area, index.column(), chosen=chosen, focused=focused)
        inner = area.adjusted(_PADDING, 0, -_PADDING, 0)
        if index.column() == REFUND:
            tone = index.data(PendingModel.ToneRole)
            sign = QRectF(inner.left(), inner.center().y() - _SIGN / 2, _SIGN, _SIGN)
            token = "on-selection" if chosen else TONES[tone]
            paint_sign(painter, tone, sign, self._theme.colour(token))
            inner.setLeft(sign.right() + 10)
        self._lines(painter, option, index, inner, chosen=chosen)
        painter.restore()

    def _ground(
        self, painter: QPainter, area: QRectF, column: int, *, chosen: bool, focused: bool
    ) -> None:
        colour = self._theme.colour
        if chosen:
            painter.fillRect(area, colour("selection"))
        else:
            line = QRectF(area.left(), area.bottom() - 1, area.width(), 1)
            painter.fillRect(line, colour("hairline"))
        if not focused:
            return
        ring = colour("text") if self._theme.name == "contrast" else colour("focus")
        for top in (area.top(), area.bottom() - _RING):
            painter.fillRect(QRectF(area.left(), top, area.width(), _RING), ring)
        if column == REFUND:
            painter.fillRect(QRectF(area.left(), area.top(), _RING, area.height()), ring)
        if column == NEXT:
            painter.fillRect(QRectF(area.right() - _RING, area.top(), _RING, area.height()), ring)

    def _lines(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        area: QRectF,
        *,
        chosen: bool,
    ) -> None:
        colour = self._theme.colour
        side = Qt.AlignmentFlag.AlignRight if index.column() == AMOUNT else Qt.AlignmentFlag(0)
        middle = Qt.AlignmentFlag.AlignVCenter
        upper = QRectF(area.left(), area.center().y() - 25, area.width(), 26)
        lower = QRectF(area.left(), area.center().y() + 1, area.width(), 22)
        font = option.font
        font.setBold(index.column() in (REFUND, STATE, AMOUNT))
        font.setPixelSize(self._theme.size("font-body"))
        painter.setFont(font)
        painter.setPen(colour("on-selection" if chosen else "text"))
        elided = painter.fontMetrics().elidedText
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(upper, middle | side, elided(str(index.data()), elide, int(upper.width())))
        font.setBold(False)
        font.setPixelSize(self._theme.size("font-caption"))
        painter.setFont(font)
        painter.setPen(colour("on-selection" if chosen else "text-muted"))
        second = str(index.data(PendingModel.SecondRole))
        elided = painter.fontMetrics().elidedText
        painter.drawText(lower, middle | side, elided(second, elide, int(lower.width())))


class PendingTable(Table):
    """Arrows move between rows; Enter moves the focus to the row's action."""

    entered = Signal()
    """Enter was pressed on a row."""

    def __init__(self, theme: Theme, model: PendingModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "lines")
        self.setItemDelegate(TwoLines(theme, self))
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(64)
        self.horizontalHeader().setFixedHeight(HEADER)
        self.show_rows(model)
        theme.changed.connect(self.viewport().update)

    def current(self) -> int:
        """Return the id of the current refund, or 0."""
        entry = self.currentIndex().data(PendingModel.EntryRole)
        return entry.refund_id if entry is not None else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit ``entered`` on Enter, once even if the key is held."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus, on the first row if none is current."""
        super().focusInEvent(event)
        model = self.model()
        if not self.currentIndex().isValid() and model.rowCount():
            self.setCurrentIndex(model.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Distribute the width among the columns."""
        super().resizeEvent(event)
        width = self.viewport().width()
        left = width
        for column in (STATE, AMOUNT, NEXT):
            share = width * _SHARES[column] // 100
            self.horizontalHeader().resizeSection(column, share)
            left -= share
        self.horizontalHeader().resizeSection(REFUND, left)
