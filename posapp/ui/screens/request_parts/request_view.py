"""The table of requests: what keys and pointers do in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts
from posapp.ui.models.requests import RequestTable
from posapp.ui.models.requests_lines import ACT, AMOUNT, REASON, TICK
from posapp.ui.screens.request_parts.heading import Heading
from posapp.ui.screens.request_parts.row_painter import RowPainter
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.table import Table

ROW_HEIGHT = 64
"""Pixels: two lines, and buttons of 48."""

_WIDE = (48, 132, 96, 108, 96, 0, 112, 148, 132, 192)
_NARROW = (44, 104, 92, 108, 98, 0, 0, 144, 100, 184)
_NARROW_BELOW = 1150
_PAGE_KEYS = {
    Qt.Key.Key_PageUp: "previous",
    Qt.Key.Key_PageDown: "next",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}

_Index = QModelIndex | QPersistentModelIndex


class RequestView(Table):
    """One tab stop. Arrows move from row to row, Space ticks, Enter opens the order, page keys
    turn pages."""

    pressed_deed = Signal(str, int)
    """A button of a row was pressed: its name (see ``row_painter``) and the row."""

    opened = Signal(int)
    """Enter or a double click on a row."""

    turned = Signal(str)
    """first, previous, next or last."""

    painted = Signal()
    """The page that was shown last stands on the screen."""

    def __init__(
        self, model: RequestTable, texts: Texts, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self._fresh = False
        self.painter_of_rows = RowPainter(model, texts, theme, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalHeader(Heading(theme, self))
        self.show_rows(model)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._widths: tuple[int, ...] = ()
        self._fit_columns()
        self.doubleClicked.connect(self._double_clicked)
        theme.changed.connect(self._restyle)

    @property
    def row(self) -> int:
        """The row under the cursor, or -1."""
        return self.currentIndex().row()

    def select(self, row: int) -> None:
        """Put the cursor on a row, or on the last one if there are not so many."""
        rows = self._model.rowCount()
        if rows:
            self.setCurrentIndex(self._model.index(max(0, min(row, rows - 1)), REASON))

    def expect_page(self) -> None:
        """Another page was put in: ``painted`` is emitted when it stands on the screen."""
        self._fresh = True
        self.viewport().update()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Say the row under the cursor."""
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row() and self.hasFocus():
            announce(self, self._model.spoken_at(current.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages, Space ticks, Ctrl+A ticks all, Enter opens."""
        key = Qt.Key(event.key())
        if key in _PAGE_KEYS:
            self.turned.emit(_PAGE_KEYS[key])
        elif key == Qt.Key.Key_Space and self.row >= 0:
            self._toggle(self.row)
        elif key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            waiting = sum(1 for at in range(self._model.rowCount()) if self._can_tick(at))
            self._model.tick_all(len(self._model.ticked_rows) < waiting)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row >= 0:
            if not event.isAutoRepeat():
                self.opened.emit(self.row)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a button belongs to it; on a tick, to the tick."""
        super().mousePressEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == TICK:
            self._toggle(index.row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Letting go on a button presses it."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        deed = self._deed_under(event)
        row = self.indexAt(event.position().toPoint()).row()
        if deed and row == self.row:
            self.pressed_deed.emit(deed, row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Buttons show that they are under the pointer."""
        super().mouseMoveEvent(event)
        deed = self._deed_under(event)
        row = self.indexAt(event.position().toPoint()).row()
        if self.painter_of_rows.set_hovered(row, deed):
            shape = Qt.CursorShape.PointingHandCursor if deed else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns where there is less room."""
        super().resizeEvent(event)
        self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and tell when a new page stands; with the focus, the cursor has an edge."""
        painter = QPainter(self.viewport())
        self.painter_of_rows.paint(painter, event.rect())
        painter.end()
        if self._fresh:
            self._fresh = False
            QTimer.singleShot(0, self, self.painted.emit)

    def _deed_under(self, event: QMouseEvent) -> str:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or index.column() != ACT:
            return ""
        return self.painter_of_rows.deed_at(index.row(), self.visualRect(index), at)

    def _toggle(self, row: int) -> None:
        if self._can_tick(row):
            self._model.tick(row, not self._model.is_ticked(row))

    def _can_tick(self, row: int) -> bool:
        flags = self._model.flags(self._model.index(row, TICK))
        return bool(flags & Qt.ItemFlag.ItemIsUserCheckable)

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() not in (TICK, ACT):
            self.opened.emit(index.row())

    def _restyle(self) -> None:
        self.painter_of_rows.forget_theme()
        self.viewport().update()

    def _fit_columns(self) -> None:
        widths = _NARROW if self.width() < _NARROW_BELOW else _WIDE
        if widths == self._widths:
            return
        self._widths = widths
        self.set_widths(widths, stretched=REASON)
        self.setColumnHidden(AMOUNT, widths[AMOUNT] == 0)
