"""Reader of a CSV file of order lines: one line for each item of each order."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from posapp.domain.money import ZERO
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.services.importing.columns import Columns, columns_of, delimiter_of
from posapp.services.importing.fields import (
    read_count,
    read_id,
    read_item_status,
    read_name,
    read_reason,
    read_short,
    read_text,
    read_time,
    read_won,
)
from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable
from posapp.services.importing.order_drafts import DraftLine, Named, OrderDraft
from posapp.services.importing.rows import ImportOrderRow, ProductRow, RowReader, UserRow

ROW_LIMIT = 500_000
ITEMS_OF_ORDER = 999
"""Items of an order that can be numbered when the file has no item ids."""

HEAD_LIMIT = 10_000
"""Maximum length of a header line in characters."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class OrderLines:
    """Content of a CSV file: valid orders, and the users and products that they name."""

    users: list[UserRow] = field(default_factory=list)
    products: list[ProductRow] = field(default_factory=list)
    orders: list[ImportOrderRow] = field(default_factory=list)


def read_order_lines(data: bytes, encoding: str, complaints: Complaints) -> OrderLines:
    """Read all lines; an order with one bad line is refused as a whole.

    Raises:
        FileUnusable: no header, a quote that is never closed, too many lines.
    """
    reader = _LinesReader(complaints)
    records = _records(data, encoding, complaints, reader)
    for line, titles in records:
        columns = columns_of(line, titles, complaints)
        break
    else:
        raise FileUnusable(Cause.FILE_EMPTY)
    for line, cells in records:
        reader.take(line, cells, columns)
    return reader.finish()


def _records(
    data: bytes, encoding: str, complaints: Complaints, reader: _LinesReader
) -> Iterator[tuple[int, list[str]]]:
    """Yield non-blank records, each with its first line number."""
    with io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="") as text:
        head = next((line for line in text if line.strip()), "")
        if len(head) > HEAD_LIMIT:
            raise FileUnusable(Cause.COLUMN_MISSING, 1, "order_id", "주문번호")
        text.seek(0)
        rows = csv.reader(text, delimiter=delimiter_of(head), strict=True)
        found = 0
        while True:
            line = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                _refuse_broken(error, line)
                complaints.add(line, Cause.QUOTE_STRAY)
                reader.doubt(line)
                continue
            if not any(cell.strip() for cell in cells):
                continue
            found += 1
            if found > ROW_LIMIT:
                raise FileUnusable(Cause.TOO_MANY_ROWS, line, limit=ROW_LIMIT)
            yield line, cells


def _refuse_broken(error: csv.Error, line: int) -> None:
    """Refuse the file if the rest would be inside an open quote: its lines cannot be told apart."""
    if "unexpected end of data" in str(error):
        raise FileUnusable(Cause.QUOTE_OPEN, line) from None
    if "field limit" in str(error):
        raise FileUnusable(Cause.CELL_TOO_LARGE, line, limit=csv.field_size_limit()) from None


class _LinesReader:
    """Groups lines into orders."""

    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints
        self._drafts: dict[int, OrderDraft] = {}
        self._bad: set[int] = set()
        self._item_lines: dict[int, tuple[int, int]] = {}
        self._last_order = 0
        self._doubtful = False
        self._texts: dict[str, str] = {}

    def doubt(self, line: int) -> None:
        """Reject both neighbouring orders: a line without a readable order id may belong to either,
        and an order that lacks a line would have too small a total."""
        if self._last_order:
            self._leave_out(line, self._last_order)
        self._doubtful = True

    def _leave_out(self, line: int, order_id: int) -> None:
        if order_id not in self._bad:
            self._bad.add(order_id)
            self._complaints.add(line, Cause.NEIGHBOUR_UNREADABLE, value=order_id)

    def take(self, line: int, cells: list[str], columns: Columns) -> None:
        """Read one line."""
        row = RowReader(self._complaints, line)
        if any(cell.strip() for cell in cells[columns.width :]):
            row.complain(Cause.CELLS_EXTRA, value=cells[columns.width])
        value = _Cells(cells, columns)
        order_id = row.read(value.title("order_id"), value["order_id"], read_id, 0)
        if not order_id:
            self.doubt(line)
            return
        if self._doubtful:
            self._leave_out(line, order_id)
        self._doubtful = False
        self._last_order = order_id
        draft = self._read_head(row, value, order_id)
        self._read_item(row, value, draft)
        if row.bad:
            self._bad.add(order_id)

    def _read_head(self, row: RowReader, value: _Cells, order_id: int) -> OrderDraft:
        buyer_id = row.read(value.title("buyer_id"), value["buyer_id"], read_id, 0)
        at = row.read(value.title("ordered_at"), value["ordered_at"], read_time, _NEVER)
        name = row.read(value.title("buyer_name"), value["buyer_name"], read_name, "")
        phone = row.read(value.title("buyer_phone"), value["buyer_phone"], read_short, "")
        draft = self._drafts.get(order_id)
        if draft is None:
            draft = OrderDraft(
                row.line, order_id, buyer_id, at, self._once(name), self._once(phone)
            )
            self._drafts[order_id] = draft
            return draft
        # An unreadable value of the first line cannot be contradicted.
        for key, first, this in (
            ("buyer_id", draft.buyer_id, buyer_id),
            ("ordered_at", draft.ordered_at, at),
            ("buyer_name", draft.buyer_name, name),
        ):
            if first != this and first not in (0, _NEVER, "") and this not in (0, _NEVER, ""):
                row.complain(
                    Cause.CONTRADICTION, value.title(key), value[key], first_line=draft.line
                )
        return draft

    def _read_item(self, row: RowReader, value: _Cells, draft: OrderDraft) -> None:
        product_id = row.read(value.title("product_id"), value["product_id"], read_id, 0)
        seller_id = row.read(value.title("seller_id"), value["seller_id"], read_id, 0)
        name = row.read(value.title("product_name"), value["product_name"], read_name, "")
        price = row.read(value.title("price"), value["price"], read_won, ZERO)
        count = row.read(value.title("count"), value["count"], read_count, 1)
        status = row.read(
            value.title("status"), value["status"], read_item_status, ItemStatus.CANCEL
        )
        seller = row.read(value.title("seller_name"), value["seller_name"], read_text, "")
        reason = row.read(value.title("cancel_reason"), value["cancel_reason"], read_reason, "")
        row.refuse_vast(value.title("price"), price, count)
        item_id = self._number(row, value, draft)
        if not value["item_id"].strip() and draft.holds(product_id):
            row.complain(Cause.ITEM_TWICE, value.title("product_id"), value["product_id"])
        if item_id and value.has("item_id"):
            self._claim(row, value, item_id, draft.id)
        if row.bad:
            return
        item = OrderItem(
            item_id,
            draft.id,
            draft.buyer_id,
            seller_id,
            product_id,
            self._once(name),
            price,
            count,
            status,
            self._once(reason),
        )
        draft.lines.append(DraftLine(row.line, item, self._once(seller)))

    def _number(self, row: RowReader, value: _Cells, draft: OrderDraft) -> int:
        if value["item_id"].strip():
            return row.read(value.title("item_id"), value["item_id"], read_id, 0)
        position = len(draft.lines) + 1
        if position > ITEMS_OF_ORDER:
            row.complain(Cause.COUNT_RANGE, "item_id", highest=ITEMS_OF_ORDER)
            return 0
        number = draft.id * (ITEMS_OF_ORDER + 1) + position
        return row.read("item_id", number, read_id, 0)

    def _claim(self, row: RowReader, value: _Cells, item_id: int, order_id: int) -> None:
        first = self._item_lines.setdefault(item_id, (row.line, order_id))
        if first[0] != row.line:
            self._bad.add(first[1])
            row.complain(Cause.DUPLICATE, value.title("item_id"), item_id, first_line=first[0])

    def _once(self, text: str) -> str:
        """Intern a text: names repeat, one copy of each is kept."""
        return self._texts.setdefault(text, text)

    def finish(self) -> OrderLines:
        """Return the orders with only valid lines, and the users and products that they name."""
        found = OrderLines()
        named = Named()
        for order_id, draft in self._drafts.items():
            if order_id in self._bad or not draft.lines:
                continue
            named.note(draft)
            items = tuple(each.item for each in draft.lines)
            order = Order(order_id, draft.buyer_id, draft.ordered_at, items)
            lines = tuple(each.line for each in draft.lines)
            found.orders.append(ImportOrderRow(draft.line, order, lines))
        found.users = named.users()
        found.products = list(named.products.values())
        return found


class _Cells:
    """The cells of one line by our column names; a missing cell is empty."""

    __slots__ = ("_cells", "_columns")

    def __init__(self, cells: list[str], columns: Columns) -> None:
        self._cells = cells
        self._columns = columns

    def __getitem__(self, key: str) -> str:
        position = self._columns.positions.get(key)
        if position is None or position >= len(self._cells):
            return ""
        return self._cells[position]

    def has(self, key: str) -> bool:
        return key in self._columns.positions

    def title(self, key: str) -> str:
        return self._columns.titles.get(key, key)
