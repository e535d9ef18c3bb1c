"""Keyboard and mouse handling of the request table."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.request_row_text import ACT, AMOUNT, REASON, TICK
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.row_painter import RowPainter
from posapp.ui.requests.table_header import TableHeader
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.table import Table

ROW_HEIGHT = 64
"""Height in pixels: two lines, and buttons of 48."""

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


class RequestTableView(Table):
    """One tab stop: arrows move, Space ticks, Enter opens the order, page keys turn pages."""

    pressed_action = Signal(str, int)
    """A button of a row was pressed: its name (see ``row_painter``) and the row."""

    opened = Signal(int)
    """Enter or a double click on a row. Carries the row."""

    turned = Signal(str)
    """Carries first, previous, next or last."""

    painted = Signal()
    """The page set last is painted."""

    def __init__(
        self,
        model: RequestTableModel,
        texts: Translator,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self._fresh = False
        self.painter_of_rows = RowPainter(model, texts, theme, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalHeader(TableHeader(theme, self))
        self.show_rows(model)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._widths: tuple[int, ...] = ()
        self._fit_columns()
        self.doubleClicked.connect(self._double_clicked)
        theme.changed.connect(self._restyle)

    @property
    def row(self) -> int:
        """Return the current row, or -1."""
        return self.currentIndex().row()

    def select(self, row: int) -> None:
        """Make a row current, or the last one if there are fewer."""
        rows = self._model.rowCount()
        if rows:
            self.setCurrentIndex(self._model.index(max(0, min(row, rows - 1)), REASON))

    def expect_page(self) -> None:
        """Emit ``painted`` once the new page is painted."""
        self._fresh = True
        self.viewport().update()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Announce the current row."""
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row() and self.hasFocus():
            announce(self, self._model.spoken_at(current.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle page keys (turn pages), Space (tick), Ctrl+A (tick all) and Enter (open)."""
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
        """Toggle the tick on a press in its column."""
        super().mousePressEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == TICK:
            self._toggle(index.row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press the button under the pointer on release."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        action = self._action_under(event)
        row = self.indexAt(event.position().toPoint()).row()
        if action and row == self.row:
            self.pressed_action.emit(action, row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Highlight the button under the pointer."""
        super().mouseMoveEvent(event)
        action = self._action_under(event)
        row = self.indexAt(event.position().toPoint()).row()
        if self.painter_of_rows.set_hovered(row, action):
            shape = Qt.CursorShape.PointingHandCursor if action else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show fewer columns in a narrow view."""
        super().resizeEvent(event)
        self._fit_columns()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and emit ``painted`` for a new page."""
        painter = QPainter(self.viewport())
        self.painter_of_rows.paint(painter, event.rect())
        painter.end()
        if self._fresh:
            self._fresh = False
            QTimer.singleShot(0, self, self.painted.emit)

    def _action_under(self, event: QMouseEvent) -> str:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or index.column() != ACT:
            return ""
        return self.painter_of_rows.action_at(index.row(), self.visualRect(index), at)

    def _toggle(self, row: int) -> None:
        if self._can_tick(row):
            self._model.set_checked(row, not self._model.is_ticked(row))

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
