"""Table model of the open orders: pages of prepared texts, read in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from posapp.services.ports.order_search import (
    OrderFilter,
    OrderPage,
    OrderSearch,
    OrderSegment,
    OrderSummary,
)
from posapp.ui.core.formats import phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import single_line
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel

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

_Index = QModelIndex | QPersistentModelIndex


class OrderReading(StrEnum):
    """State of reading."""

    WAITING = "waiting"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class OrderListModel(RowsModel):
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
        super().__init__(
            texts,
            [Column(texts.bind(f"orders.{one}"), is_right=one == "amount") for one in COLUMNS],
            lambda row: row.order_id,
            lambda row: _cells(texts, row),
            self._read_more,
            parent,
        )
        self._runner, self._source = runner, source
        self._bold = QFont()
        self._bold.setBold(True)  # only this: the rest is the view's own font
        self.text = ""
        self.reading = OrderReading.WAITING
        self.error: Exception | None = None

    @property
    def is_complete(self) -> bool:
        """Return whether there are no further pages."""
        return not self._has_more

    def search(self, text: str) -> None:
        """Read the first page of the matching orders."""
        self.text = text
        self._read(None)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return text, alignment and font; ``None`` for other roles."""
        if role == _DISPLAY:
            return super().data(index, role)
        if role == _ALIGNMENT and index.isValid():
            return self.headerData(index.column(), Qt.Orientation.Horizontal, role)
        return self._bold if role == _FONT and index.column() == AMOUNT else None

    def canFetchMore(self, parent: _Index) -> bool:
        """Return whether there is a further page that is not being read."""
        return self.reading is OrderReading.READY and super().canFetchMore(parent)

    def _read_more(self) -> None:
        last: OrderSummary = self.rows[-1]
        self._read((last.created_at, last.order_id))

    def _read(self, before: tuple[datetime, int] | None) -> None:
        self._set_reading(OrderReading.LOADING)
        source, wanted = self._source, OrderFilter(self.text, OrderSegment.OPEN)
        self._runner.run(
            lambda: source.page(wanted, PAGE, before),
            partial(self._take, self.add if before is not None else self.show),
            owner=self,
            key="page",
        )

    def _take(self, show: Callable[..., None], outcome: TaskResult[OrderPage]) -> None:
        self.error = outcome.error
        page = outcome.value
        if page is None:
            self._set_reading(OrderReading.FAILED)
            return
        show(page.rows, has_more=page.more)
        self._set_reading(OrderReading.READY)

    def _set_reading(self, reading: OrderReading) -> None:
        self.reading = reading
        self.changed.emit()


def _cells(texts: Translator, row: OrderSummary) -> tuple[Cell, ...]:
    return (
        Cell(str(row.order_id)),
        Cell(single_line(row.buyer_name, _LONGEST)),
        Cell(single_line(phone(row.buyer_phone), _LONGEST)),
        Cell(single_line(row.name, _LONGEST)),
        Cell(texts.won(row.total)),
        Cell(texts.when(row.created_at)),
    )
