"""View of the request table: keyboard, mouse, columns by width, and heights of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHeaderView, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.paint_cache import PaintCache
from posapp.ui.requests.request_row_text import ACT, AMOUNT, COLUMNS, REASON, TICK
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.row_painter import RowPainter
from posapp.ui.requests.row_picture import PADDING
from posapp.ui.requests.table_layout import NARROW, UNIT, WIDE, Column, columns_for
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.table import Table

ROW_HEIGHT = 8 * UNIT
"""Height in pixels: three lines of text, and buttons of 48."""

ROOMY_ROW_HEIGHT = 9 * UNIT
"""Height in pixels of a narrow table's rows, if at least ``_FEW`` of them fit."""

_FEW = 5
_TICK_WIDTH = 48
"""Width in pixels in which a press ticks a row: a touch target."""

_HEADER_HEIGHT, _LOW_HEADER_HEIGHT = 44, 36
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_AT_ONCE = 10
LATER_MS = 40
"""Milliseconds after which what nobody sees follows: below the window, and for screen readers."""

_PAGE_KEYS = {
    Qt.Key.Key_PageUp: "previous",
    Qt.Key.Key_PageDown: "next",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}

_Index = QModelIndex | QPersistentModelIndex


def single_shot(after_ms: int, then: Callable[[], object], parent: QObject) -> QTimer:
    """Return a timer that calls once after it is started; starting it again begins anew."""
    timer = QTimer(parent, singleShot=True, interval=after_ms)
    timer.timeout.connect(then)
    return timer


class RequestTableView(Table):
    """One tab stop: arrows move, Space ticks, Enter opens the order, page keys turn pages.

    A row is as high as its texts need that are never cut. Height that no row needs goes to reasons
    that are cut.

    Args:
        room_taken: returns the pixels that passing messages take of the height; the heights of the
            rows do not follow them.
    """

    pressed_action = Signal(str, int)
    """A button of a row was pressed: its name (see ``row_painter``) and the row."""

    opened = Signal(int)
    """Enter or a double click on a row. Carries the row."""

    turned = Signal(str)
    """Carries first, previous, next or last."""

    painted = Signal()
    """The page set last is painted."""

    entered = Signal()
    """The focus came."""

    fitting_changed = Signal()
    """``fitting_rows`` may have changed."""

    def __init__(
        self,
        model: RequestTableModel,
        texts: Translator,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        room_taken: Callable[[], int] = int,
    ) -> None:
        super().__init__(parent)
        self._model, self._theme, self._room_taken = model, theme, room_taken
        self._fresh = self._fills = False
        self._measured = 0
        self.painter_of_rows = RowPainter(model, texts, theme, self)
        self.setObjectName("requestTable")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header = TableHeader(theme, self)
        self.setHorizontalHeader(self._header)
        self.show_rows(model)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._refit = single_shot(0, self._resized, self)
        self._rest = single_shot(LATER_MS, self._measure_rest, self)
        self._speech = single_shot(LATER_MS, self._speak, self)
        self._fit_columns()
        for change in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
            change.connect(self._fit_rows)
        self.doubleClicked.connect(self._double_clicked)
        theme.changed.connect(self._restyle)

    @property
    def row(self) -> int:
        """Return the current row, or -1."""
        return self.currentIndex().row()

    @property
    def fitting_rows(self) -> int:
        """Return how many whole rows fit the height; at least one."""
        return max(1, self._room // self._usual_height)

    def set_low(self, low: bool) -> None:
        """Set whether the headings take as little height as they can."""
        self._header.setMaximumHeight(_LOW_HEADER_HEIGHT if low else _HEADER_HEIGHT)

    def set_fills(self, fills: bool) -> None:
        """Set whether a page of ``fitting_rows`` fills the height to its end."""
        self._fills = fills
        self._fit_rows()

    def select(self, row: int) -> None:
        """Make a row current, or the last one if there are fewer; a negative one is ignored."""
        rows = self._model.rowCount()
        if rows and row >= 0:
            self.setCurrentIndex(self._model.index(min(row, rows - 1), REASON))

    def expect_page(self) -> None:
        """Emit ``painted`` once the new page is painted."""
        self._fresh = True
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Emit ``entered``."""
        super().focusInEvent(event)
        self.entered.emit()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Announce the current row, once it stays."""
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self._speech.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle page keys (turn pages), Space (tick), Ctrl+A (tick all) and Enter (open)."""
        key = Qt.Key(event.key())
        if key in _PAGE_KEYS:
            self.turned.emit(_PAGE_KEYS[key])
        elif key == Qt.Key.Key_Space and self.row >= 0:
            self._toggle(self.row)
        elif key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            waiting = sum(
                1 for at in range(self._model.rowCount()) if self._model.can_be_ticked(at)
            )
            self._model.tick_all(len(self._model.ticked_rows) < waiting)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row >= 0:
            if not event.isAutoRepeat():
                self.opened.emit(self.row)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Toggle the tick on a press at the row's beginning."""
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and event.position().x() < _TICK_WIDTH:
            self._toggle(self.rowAt(int(event.position().y())))

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
        """Show the columns that fit the width."""
        super().resizeEvent(event)
        self._fit_columns()
        self._refit.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and emit ``painted`` for a new page."""
        painter = QPainter(self.viewport())
        self.painter_of_rows.paint(painter, event.rect())
        painter.end()
        if self._fresh:
            self._fresh = False
            QTimer.singleShot(0, self, self.painted.emit)

    @property
    def _room(self) -> int:
        return self.viewport().height() + self._room_taken()

    @property
    def _usual_height(self) -> int:
        """Return the height of a row whose texts need no more."""
        room = self._room
        shares_cells = len(self.painter_of_rows.columns) < len(WIDE)
        roomy = shares_cells and room >= _FEW * ROOMY_ROW_HEIGHT
        return ROOMY_ROW_HEIGHT if roomy else ROW_HEIGHT

    def _action_under(self, event: QMouseEvent) -> str:
        at = event.position().toPoint()
        index = self.indexAt(at)
        if not index.isValid() or index.column() != ACT:
            return ""
        return self.painter_of_rows.action_at(index.row(), self.visualRect(index), at)

    def _toggle(self, row: int) -> None:
        if self._model.can_be_ticked(row):
            self._model.set_checked(row, not self._model.is_ticked(row))

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() not in (TICK, ACT):
            self.opened.emit(index.row())

    def _speak(self) -> None:
        if self.hasFocus():
            announce(self, self._model.spoken_at(self.row))

    def _restyle(self) -> None:
        self.painter_of_rows.forget_theme()
        self.viewport().update()

    def _fit_columns(self) -> None:
        columns = columns_for(self.width())
        if columns is self.painter_of_rows.columns:
            return
        self.painter_of_rows.columns = columns
        widths = {one.column: one.width * UNIT for one in columns}
        self.set_widths([widths.get(at, 0) for at in range(len(COLUMNS))], stretched=REASON)
        for at in range(len(COLUMNS)):
            self.setColumnHidden(at, at not in widths)
        self._header.show_columns(columns)

    def _resized(self) -> None:
        self._fit_rows()
        self.fitting_changed.emit()

    def _fit_rows(self) -> None:
        """Set the heights of the rows on view; those below follow."""
        rows, room, usual = self._model.rowCount(), self._room, self._usual_height
        if self.verticalHeader().defaultSectionSize() != usual:
            self.verticalHeader().setDefaultSectionSize(usual)
        heights, total = [], 0
        for at in range(rows):
            if total >= room:
                break
            row = self.painter_of_rows.measure(at)
            heights.append((max(usual, row.least), row.whole))
            total += heights[-1][0]
        spare = max(0, room - total) if len(heights) == rows else 0
        each = spare // rows if self._fills and rows >= self.fitting_rows else 0
        for at, (height, whole) in enumerate(heights):
            more = max(each, min(spare, whole - height))
            spare -= more
            self.setRowHeight(at, height + more)
        self._measured = len(heights)
        if self._measured < rows:
            self._rest.start()

    def _measure_rest(self) -> None:
        """Measure some of the rows that are not on view."""
        usual = self.verticalHeader().defaultSectionSize()
        end = min(self._measured + _AT_ONCE, self._model.rowCount())
        for at in range(self._measured, end):
            self.setRowHeight(at, max(usual, self.painter_of_rows.measure(at).least))
        self._measured = end
        if end < self._model.rowCount():
            self._rest.start()


class TableHeader(QHeaderView):
    """Headings with the alignment and padding of the cells below.

    Cells that show two columns have both headings. A heading wraps rather than being cut.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._cache = PaintCache(theme, self)
        self._columns: tuple[Column, ...] = NARROW
        self._key: tuple[object, ...] = ()
        self._picture = QPixmap()
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setSectionsMovable(False)
        theme.changed.connect(self._restyle)

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Set the columns to show."""
        self._columns = columns
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(super().sizeHint().width(), _HEADER_HEIGHT)

    def lines_of(self, column: Column) -> tuple[str, ...]:
        """Return the lines of a column's headings."""
        room = self.sectionSize(column.column) - 2 * PADDING
        self._cache.begin()
        return tuple(
            line
            for one in column.headings
            for line in self._cache.small_bold.lines(self._heading(one), room)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings from a pixmap, which is drawn again only when its content changes.

        Every new page repaints the headings.
        """
        self._cache.begin()
        places = [self.sectionViewportPosition(one.column) for one in self._columns]
        texts = [self._heading(one) for column in self._columns for one in column.headings]
        size, ratio = self.viewport().size(), self.devicePixelRatioF()
        key = (self._columns, size.toTuple(), *places, *texts, self._cache.small_bold, ratio)
        if key != self._key:
            self._key = key
            self._picture = QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._draw(places, size)
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _heading(self, column: int) -> str:
        return str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")

    def _draw(self, places: Sequence[int], size: QSize) -> None:
        cache, height = self._cache, size.height()
        self._picture.fill(cache.colour("surface-raised"))
        painter = QPainter(self._picture)
        painter.fillRect(0, height - 1, size.width(), 1, cache.colour("hairline"))
        painter.setFont(cache.small_bold.font)
        painter.setPen(cache.colour("text-muted"))
        for column, left in zip(self._columns, places, strict=True):
            if column.column == TICK:
                continue  # its heading is for screen readers only
            side = (
                Qt.AlignmentFlag.AlignRight
                if column.column == AMOUNT
                else Qt.AlignmentFlag.AlignLeft
            )
            room = self.sectionSize(column.column) - 2 * PADDING
            place = QRect(left + PADDING, 0, room, height)
            text = "\n".join(self.lines_of(column))
            painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()

    def _restyle(self) -> None:
        self._cache.forget()
        self._key = ()
        self.viewport().update()
