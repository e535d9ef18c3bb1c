"""Table model of the open orders: pages of prepared texts, read in the background."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from posapp.services.ports.order_search import OrderRow, OrderSearch
from posapp.ui.core.formats import phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner

PAGE = 50
"""Page size in rows: read in well under a frame, more than a screen shows."""

COLUMNS = ("order", "buyer", "phone", "product", "amount", "ordered")
"""Message ids of the headings below ``orders.``."""

AMOUNT = COLUMNS.index("amount")
PRODUCT = COLUMNS.index("product")

_LONGEST = 120
"""Limit in characters of external names passed to the view."""

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_FONT = int(Qt.ItemDataRole.FontRole)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGNMENTS = tuple(_RIGHT if column == AMOUNT else _LEFT for column in range(len(COLUMNS)))

_Index = QModelIndex | QPersistentModelIndex


class OrderReading(StrEnum):
    """State of reading."""

    WAITING = "waiting"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class OrderListModel(QAbstractTableModel):
    """Rows of open orders, newest first; further pages are read as the view requests them.

    The rows of the last search stay until the first page of the next one arrives, so that typing
    does not flicker. Results of an older search are dropped.
    """

    changed = Signal()
    """``reading`` or the number of rows changed."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        source: OrderSearch,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts, self._runner, self._source = texts, runner, source
        self._text = ""
        self._rows: list[OrderRow] = []
        self._row_texts: list[tuple[str, ...]] = []
        self._headings: tuple[str, ...] = ()
        self._bold = QFont()
        self._bold.setBold(True)  # only this: the rest is the view's own font
        self._complete = False
        self._reading = OrderReading.WAITING
        self._error: Exception | None = None
        texts.changed.connect(self._translate)
        self._translate()

    @property
    def reading(self) -> OrderReading:
        """Return the state of reading."""
        return self._reading

    @property
    def error(self) -> Exception | None:
        """Return why reading failed, if it did."""
        return self._error

    @property
    def text(self) -> str:
        """Return the last searched text."""
        return self._text

    @property
    def is_complete(self) -> bool:
        """Return whether there are no further pages."""
        return self._complete

    def search(self, text: str) -> None:
        """Read the first page of the matching orders."""
        self._text = text
        self._ask(None)

    def row_at(self, row: int) -> OrderRow | None:
        """Return the order of a row, or ``None``."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, order_id: int) -> int:
        """Return the row of an order among those read, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.order_id == order_id), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of rows read so far."""
        return 0 if parent.isValid() else len(self._row_texts)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of ``COLUMNS``."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return text, alignment and font; ``None`` for other roles."""
        if role == _DISPLAY:
            return self._row_texts[index.row()][index.column()] if index.isValid() else None
        if role == _ALIGNMENT:
            return _ALIGNMENTS[index.column()] if index.isValid() else None
        if role == _FONT:
            return self._bold if index.column() == AMOUNT else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return the headings of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == _DISPLAY:
            return self._headings[section]
        if role == _ALIGNMENT:
            return _ALIGNMENTS[section]
        return None

    def canFetchMore(self, parent: _Index) -> bool:
        """Return whether there is a further page that is not being read."""
        if parent.isValid() or not self._rows or self._complete:
            return False
        return self._reading is OrderReading.READY

    def fetchMore(self, parent: _Index) -> None:
        """Read the next page; its rows are added on arrival."""
        if self.canFetchMore(parent):
            last = self._rows[-1]
            self._ask((last.created_at, last.order_id))

    def _ask(self, before: tuple[datetime, int] | None) -> None:
        self._set_reading(OrderReading.LOADING)
        source, text = self._source, self._text
        self._runner.run(
            lambda: source.open_orders(text, before, PAGE),
            self._add_page if before is not None else self._replace,
            owner=self,
            key="page",
        )

    def _replace(self, outcome: TaskResult[tuple[OrderRow, ...]]) -> None:
        if self._failed(outcome):
            return
        page = outcome.value or ()
        self.beginResetModel()
        self._rows = list(page)
        self._row_texts = [self._row_text(row) for row in page]
        self._complete = len(page) < PAGE
        self.endResetModel()
        self._set_reading(OrderReading.READY)

    def _add_page(self, outcome: TaskResult[tuple[OrderRow, ...]]) -> None:
        if self._failed(outcome):
            return
        page = outcome.value or ()
        self._complete = len(page) < PAGE
        if page:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._rows.extend(page)
            self._row_texts.extend(self._row_text(row) for row in page)
            self.endInsertRows()
        self._set_reading(OrderReading.READY)

    def _failed(self, outcome: TaskResult[tuple[OrderRow, ...]]) -> bool:
        self._error = outcome.error
        if outcome.error is None:
            return False
        self._set_reading(OrderReading.FAILED)
        return True

    def _set_reading(self, reading: OrderReading) -> None:
        self._reading = reading
        self.changed.emit()

    def _row_text(self, row: OrderRow) -> tuple[str, ...]:
        texts = self._texts
        return (
            str(row.order_id),
            _one_line(row.buyer_name),
            _one_line(phone(row.buyer_phone)),
            _one_line(row.name),
            texts.won(row.total),
            texts.when(row.created_at),
        )

    def _translate(self) -> None:
        self._headings = tuple(self._texts(f"orders.{column}") for column in COLUMNS)
        self._row_texts = [self._row_text(row) for row in self._rows]
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._row_texts:
            last = self.index(len(self._row_texts) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _one_line(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(sign if sign.isprintable() else " " for sign in cut)
