"""Table whose cells have two lines each, and whose columns are as wide as their texts."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.icons import paint_sign
from posapp.ui.widgets.rows_model import Cell, RowsModel
from posapp.ui.widgets.table import ROW_HEIGHT, Table, paint_row_ground

_HEADER = 36
_SIGN = 22
_GAP = 8
_PADDING = 12
_LINES = ((4, 26), (30, 22))
"""Top and height in pixels of the two lines of a row."""

_Index = QModelIndex | QPersistentModelIndex


class TwoLineDelegate(QStyledItemDelegate):
    """Paints cells as plain text in the colours of the theme."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def fonts(self, base: QFont) -> tuple[QFont, QFont]:
        """Return the fonts of the two lines."""
        first, second = QFont(base), QFont(base)
        first.setBold(True)
        first.setPixelSize(self._theme.size("font-body"))
        second.setPixelSize(self._theme.size("font-caption"))
        return first, second

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint ground, sign and lines."""
        cell: Cell = index.data(RowsModel.CellRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        paint_row_ground(
            *(painter, self._theme, area),
            is_chosen=is_chosen,
            has_focus=is_chosen and option.widget.hasFocus(),
            is_first=index.column() == 0,
            is_last=index.column() == index.model().columnCount() - 1,
        )
        area.adjust(_PADDING, 0, -_PADDING, 0)
        if cell.tone:
            sign = QRectF(area.left(), area.center().y() - _SIGN / 2, _SIGN, _SIGN)
            token = "on-selection" if is_chosen else TONES[cell.tone]
            paint_sign(painter, cell.tone, sign, self._theme.colour(token))
            area.setLeft(sign.right() + _GAP)
        model = index.model()
        is_right = isinstance(model, RowsModel) and model.columns[index.column()].is_right
        flags = Qt.AlignmentFlag.AlignVCenter
        flags |= Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        lines = zip(
            (cell.first, cell.second),
            self.fonts(option.font),
            ("text", "text-muted"),
            _LINES if cell.second else ((0, ROW_HEIGHT), (0, 0)),
            strict=True,
        )
        for text, font, token, (top, height) in lines:
            painter.setFont(font)
            painter.setPen(self._theme.colour("on-selection" if is_chosen else token))
            room = QRectF(area.left(), area.top() + top, area.width(), height)
            elide = Qt.TextElideMode.ElideRight
            cut = painter.fontMetrics().elidedText(text, elide, int(room.width()) + 1)
            painter.drawText(room, flags, cut)
        painter.restore()


class TwoLineTable(Table):
    """Arrows move between rows; Enter or a double click opens one.

    A fresh reading keeps the current row, or else the place of it, and what is scrolled to.
    """

    chosen = Signal()
    """Another row is current, or its state changed."""

    opened = Signal()
    """The current row is to be opened; once, even if Enter is held."""

    def __init__(self, theme: Theme, model: RowsModel) -> None:
        super().__init__()
        self.setProperty("role", "lines")
        self._model = model
        self._before: tuple[object, int, int] = (None, 0, 0)
        self._is_returning = False
        self._widest: list[int] = []
        self._measured_in: tuple[QFont, ...] = ()
        self._delegate = TwoLineDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.horizontalHeader().setFixedHeight(_HEADER)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.show_rows(model)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._measure)  # first: what is chosen may turn the page
        model.modelReset.connect(self._return_to_place)
        model.rowsInserted.connect(lambda _, first, last: self._measure_rows(first, last))
        model.headerDataChanged.connect(self._measure_headings)
        model.dataChanged.connect(lambda *_: self._measure())
        model.dataChanged.connect(lambda *_: self.chosen.emit())
        self.selectionModel().currentRowChanged.connect(self._tell_chosen)
        theme.changed.connect(self._measure)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        self._measure()

    @property
    def place(self) -> int:
        """Return the place of the current row, or -1."""
        return self.currentIndex().row()

    @property
    def current(self) -> object:
        """Return the current row, or ``None``."""
        return self._model.row_at(self.place)

    def select(self, at: int) -> None:
        """Make a row current; one beyond an end is the one at that end."""
        last = self._model.rowCount() - 1
        if last >= 0:
            self.setCurrentIndex(self._model.index(min(max(at, 0), last), 0))

    def select_by(self, by: int) -> None:
        """Make the row that is so many rows below current."""
        self.select(self.place + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row by Enter."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and self.place >= 0:
            self.opened.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus, on the first row if none is current."""
        super().focusInEvent(event)
        if self.place < 0:
            self.select(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room to the columns."""
        super().resizeEvent(event)
        if self._measured_in != self._fonts():
            self._measure()
        else:
            self._fit_columns()

    def _keep_place(self) -> None:
        at = self.place
        self._before = self._model.key_at(at), at, self.verticalScrollBar().value()

    def _return_to_place(self) -> None:
        key, at, scrolled = self._before
        found = self._model.place_of(key) if key is not None else -1
        self.verticalScrollBar().setValue(scrolled)
        self._is_returning = True
        self.select(found if found >= 0 else at)
        self._is_returning = False
        self.chosen.emit()

    def _tell_chosen(self) -> None:
        if not self._is_returning:  # which tells it once, also where no row is left
            self.chosen.emit()

    def _fonts(self) -> tuple[QFont, ...]:
        return *self._delegate.fonts(self.font()), self.horizontalHeader().font()

    def _measure(self) -> None:
        """Make each column as wide as its widest text."""
        self._measured_in = self._fonts()
        heading = QFontMetrics(self._measured_in[-1])
        self._widest = [
            heading.horizontalAdvance(column.heading()) + _GAP for column in self._model.columns
        ]
        self._measure_rows(0, self._model.rowCount() - 1)

    def _measure_headings(self) -> None:
        if not self._model.rowCount():  # rows change with the headings, and are measured then
            self._measure()

    def _measure_rows(self, first: int, last: int) -> None:
        """Make the columns wide enough for these rows, too."""
        above, below = (QFontMetrics(font) for font in self._measured_in[:2])
        for at, column in enumerate(self._model.columns):
            if column.stretches:
                continue
            cells = self._model.cells_of(at, first, last)
            widths = {
                (metrics.horizontalAdvance(text), bool(tone))
                for metrics, lines in (
                    (above, {(cell.first, cell.tone) for cell in cells}),
                    (below, {(cell.second, cell.tone) for cell in cells}),
                )
                for text, tone in lines
            }
            needed = (width + (_SIGN + _GAP) * has_sign for width, has_sign in widths)
            self._widest[at] = max(self._widest[at], *needed, 0)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Give each column its width, and what is left to the one that stretches."""
        header, left = self.horizontalHeader(), self.viewport().width()
        stretched = 0
        for at, (column, widest) in enumerate(zip(self._model.columns, self._widest, strict=True)):
            if column.stretches:
                stretched = at
                continue
            width = 2 * _PADDING + (min(widest, column.most) if column.most else widest)
            header.resizeSection(at, width)
            left -= width
        header.resizeSection(stretched, max(left, 1))
