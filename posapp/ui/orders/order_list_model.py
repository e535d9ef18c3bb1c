"""The list of orders: pages of rows and counts of the states, read in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import OrderState
from posapp.services.ports.order_search import OrderFilter, OrderPage, OrderSearch, OrderSummary
from posapp.services.ports.requests import LARGEST_PAGE, Cursor
from posapp.ui.core.formats import masked_phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.order_name import order_name
from posapp.ui.core.safe_text import single_line
from posapp.ui.core.status_text import of_order
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.orders.order_filter_bar import MOST_COUNTED
from posapp.ui.orders.order_list_filter import OrderListFilter
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel

PAGE = 50
"""Page size in rows: read in well under a frame, more than a screen shows."""

_LONGEST = 120
"""Limit in characters of external names passed to the view."""

_BUYER = 160
"""Largest width in pixels of a buyer's name."""

_Index = QModelIndex | QPersistentModelIndex


class OrderReading(StrEnum):
    """State of reading."""

    WAITING = "waiting"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


class OrderListModel(RowsModel):
    """Rows of orders, newest first; further pages are read as the view requests them.

    The rows of the last search stay until the first page of the next one arrives, so that typing
    does not flicker. Results of an older search are dropped. The order that a text names by its
    number is the first row.

    Args:
        now: returns the time (UTC), from which named periods are counted.

    Attributes:
        filters: those of the last search.
        named: the number of the order that the text names, or ``None``.
    """

    changed = Signal()
    """``reading`` or the number of rows changed."""

    counted = Signal(object)
    """Carries the number of orders by ``OrderSegment``, and of all by ``None``."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        source: OrderSearch,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        columns = (
            Column(texts.bind("orders.order")),
            Column(texts.bind("orders.state")),
            Column(texts.bind("orders.buyer"), most=_BUYER),
            Column(texts.bind("orders.product"), stretches=True),
            Column(texts.bind("orders.amount"), is_right=True),
        )
        super().__init__(
            texts,
            columns,
            lambda row: row.order_id,
            lambda row: _cells(texts, row),
            self._read_more,
            parent,
        )
        self._runner, self._source, self._now = runner, source, now
        self.filters = OrderListFilter()
        self.named: int | None = None
        self.reading = OrderReading.WAITING
        self.error: Exception | None = None

    @property
    def is_complete(self) -> bool:
        """Return whether there are no further pages."""
        return not self._has_more

    def search(self, filters: OrderListFilter) -> None:
        """Read the first page of the matching orders, and count them."""
        self.filters = filters
        self._read(PAGE, None)
        self.count()

    def search_again(self) -> None:
        """Read as many rows as there are now, and count."""
        self._read(min(max(len(self.rows), PAGE), LARGEST_PAGE), None)
        self.count()

    def count(self) -> None:
        """Count the orders of each state under the other conditions."""
        source, wanted = self._source, self.filters.filter_at(self._now())
        self._runner.run(
            lambda: source.counts(wanted, MOST_COUNTED), self._counted, owner=self, key="counts"
        )

    def update_rows(self) -> None:
        """Show what became of the rows, in their places; orders that came meanwhile are not added
        under a hand."""
        if self.reading is not OrderReading.READY or not self.rows:
            return
        source, wanted = self._source, self.filters.filter_at(self._now())
        wanted = replace(wanted, segment=None)  # a row that left its state stays where it is
        size = min(len(self.rows) + PAGE, LARGEST_PAGE)
        self._runner.run(lambda: source.page(wanted, size), self._updated, owner=self, key="update")
        self.count()

    def canFetchMore(self, parent: _Index) -> bool:
        """Return whether there is a further page that is not being read."""
        return self.reading is OrderReading.READY and super().canFetchMore(parent)

    def _read_more(self) -> None:
        last: OrderSummary = self.rows[-1]
        self._read(PAGE, (last.created_at, last.order_id))

    def _read(self, size: int, after: Cursor | None) -> None:
        self._set_reading(OrderReading.LOADING)
        source, wanted = self._source, self.filters.filter_at(self._now())
        self._runner.run(
            lambda: source.page(wanted, size, after),
            self._add_page if after is not None else partial(self._show_page, wanted),
            owner=self,
            key="page",
        )

    def _show_page(self, wanted: OrderFilter, outcome: TaskResult[OrderPage]) -> None:
        page = outcome.value
        if self._failed(outcome) or page is None:
            return
        named, rows = page.named, page.rows
        self.named = None if named is None else named.order_id
        if named is not None:
            rows = (named, *(row for row in rows if row.order_id != named.order_id))
        self.show(rows, has_more=page.more)
        self._set_reading(OrderReading.READY)

    def _add_page(self, outcome: TaskResult[OrderPage]) -> None:
        page = outcome.value
        if self._failed(outcome) or page is None:
            return
        rows = [row for row in page.rows if row.order_id != self.named]
        self.add(rows, has_more=page.more)
        self._set_reading(OrderReading.READY)

    def _updated(self, outcome: TaskResult[OrderPage]) -> None:
        if outcome.value is None:
            return
        now = {row.order_id: row for row in outcome.value.rows}
        for at, row in enumerate(self.rows):
            if now.get(row.order_id, row) != row:
                self.replace(at, now[row.order_id])

    def _counted(self, outcome: TaskResult[Mapping[OrderSegment | None, int]]) -> None:
        if outcome.value is not None:
            self.counted.emit(outcome.value)

    def _failed(self, outcome: TaskResult[OrderPage]) -> bool:
        self.error = outcome.error
        if outcome.error is not None:
            self._set_reading(OrderReading.FAILED)
        return outcome.error is not None

    def _set_reading(self, reading: OrderReading) -> None:
        self.reading = reading
        self.changed.emit()


def is_payable(row: OrderSummary) -> bool:
    """Return whether the order can be paid at a till."""
    waits = row.state is OrderState.WAITING_FOR_PAYMENT
    return waits and not row.is_claimed and row.total > 0


def _cells(texts: Translator, row: OrderSummary) -> tuple[Cell, ...]:
    status = of_order(texts, row)
    partly = row.cancelled_count and row.item_count
    cancelled = texts("orders.partly", amount=texts.won(row.cancelled_total)) if partly else ""
    return (
        Cell(str(row.order_id), texts.when(row.created_at)),
        Cell(status.label, cancelled, status.tone),
        Cell(single_line(row.buyer_name, _LONGEST), masked_phone(row.buyer_phone)),
        Cell(single_line(order_name(texts, row.name, row.named_count), _LONGEST)),
        Cell(texts.won(row.amount)),
    )
