"""Reader of a table of order lines: one line for each item of each order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.services.importing.columns import (
    HEAD_ROWS,
    NO_CHOICE,
    ColumnChoice,
    Columns,
    columns_of,
    is_header,
    known_columns,
)
from posapp.services.importing.derived_ids import buyer_number, product_number
from posapp.services.importing.fields import (
    ID_LIMIT,
    read_count,
    read_id,
    read_item_status,
    read_name,
    read_phone,
    read_reason,
    read_text,
    read_time,
    read_won,
)
from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable
from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.importing.order_drafts import DraftLine, Named, OrderDraft
from posapp.services.importing.rows import ImportOrderRow, ProductRow, RowReader, UserRow
from posapp.services.importing.titles import plain_title, shown_title

ROW_LIMIT = 500_000
ITEMS_OF_ORDER = 999
"""Items of an order that can be numbered when the file has no item ids."""

Row = tuple[int, Sequence[object] | None]
"""A line of the file, from 1, and its cells; ``None`` if the line cannot be read."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class OrderLines:
    """Content of a table: valid orders, and the users and products that they name.

    Attributes:
        columns: the columns that were found.
    """

    users: list[UserRow] = field(default_factory=list)
    products: list[ProductRow] = field(default_factory=list)
    orders: list[ImportOrderRow] = field(default_factory=list)
    columns: Columns | None = None


def _nothing(titles: tuple[str, ...]) -> ColumnChoice:
    """Default for ``remembered``: no choice."""
    return NO_CHOICE


@dataclass(slots=True)
class TableHead:
    """What is known of a table's columns before its lines are read, also if they cannot be.

    Attributes:
        choice: how a person maps the columns; with what was remembered, once the titles are known.
        remembered: returns how files with these titles were mapped before.
        titles: the titles of the header line, once it is found.
    """

    choice: ColumnChoice = NO_CHOICE
    remembered: Callable[[tuple[str, ...]], ColumnChoice] = _nothing
    titles: tuple[str, ...] = ()


def read_order_lines(
    rows: Iterator[Row],
    complaints: Complaints,
    table: TableHead,
    layouts: Layouts = NO_LAYOUTS,
) -> OrderLines:
    """Read all lines; an order with one bad line is refused as a whole.

    Args:
        rows: the lines that are not blank, in order.
        table: receives the titles.

    Raises:
        FileUnusable: no header, missing columns, too many lines, or what the rows raise.
    """
    line, titles, rest = find_header(rows, layouts, table.choice)
    table.titles = tuple(name for title in titles if (name := shown_title(title)))
    table.choice = table.remembered(table.titles) | table.choice
    columns = columns_of(line, titles, complaints, layouts, table.choice)
    reader = _LinesReader(complaints)
    for number, (line, cells) in enumerate(rest, start=2):
        if number > ROW_LIMIT:
            raise FileUnusable(Cause.TOO_MANY_ROWS, line, limit=ROW_LIMIT)
        if cells is None:
            reader.doubt(line)
        else:
            reader.take(line, cells, columns)
    lines = reader.finish()
    lines.columns = columns
    return lines


def find_header(
    rows: Iterator[Row], layouts: Layouts, choice: ColumnChoice
) -> tuple[int, Sequence[object], Iterator[Row]]:
    """Return line and cells of the header line, and the rows after it.

    It is the one of the first rows with the most known titles: some files have a notice above it.
    Without any known title it is the first row.

    Raises:
        FileUnusable: ``FILE_EMPTY``: there is no row.
    """
    first = list(islice(rows, HEAD_ROWS))
    counts = [
        known_columns(cells, layouts, choice) if cells is not None else 0 for _, cells in first
    ]
    at = counts.index(max(counts)) if counts and is_header(max(counts)) else 0
    if not first or first[at][1] is None:
        raise FileUnusable(Cause.FILE_EMPTY)
    line, titles = first[at]
    return line, titles or (), chain(first[at + 1 :], rows)


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

    def take(self, line: int, cells: Sequence[object], columns: Columns) -> None:
        """Read one line."""
        row = RowReader(self._complaints, line)
        extra = [cell for cell in cells[columns.width :] if not is_blank(cell)]
        if extra:
            row.complain(Cause.CELLS_EXTRA, value=extra[0])
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
        at = row.read(value.title("ordered_at"), value["ordered_at"], read_time, _NEVER)
        name = row.read(value.title("buyer_name"), value["buyer_name"], read_name, "")
        phone = row.read(value.title("buyer_phone"), value["buyer_phone"], read_phone, "")
        buyer_id = buyer_number(name, phone)
        if value.is_read("buyer_id"):
            buyer_id = row.read(value.title("buyer_id"), value["buyer_id"], read_id, 0)
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
        seller_id = row.read(value.title("seller_id"), value["seller_id"], read_id, 0)
        product = row.read(value.title("product_name"), value["product_name"], read_name, "")
        option = row.read(value.title("option_name"), value["option_name"], read_text, "")
        name = row.read(value.title("product_name"), with_option(product, option), read_name, "")
        product_id = product_number(product, seller_id)
        if value.is_read("product_id"):
            product_id = row.read(value.title("product_id"), value["product_id"], read_id, 0)
        price, count = self._price_and_count(row, value)
        status = row.read(value.title("status"), value["status"], value.status, ItemStatus.CANCEL)
        seller = row.read(value.title("seller_name"), value["seller_name"], read_text, "")
        reason = row.read(value.title("cancel_reason"), value["cancel_reason"], read_reason, "")
        row.refuse_vast(value.title("price"), price, count)
        item_id = self._number(row, value, draft)
        if not value.has("item_id") and draft.holds(product_id):
            row.complain(Cause.ITEM_TWICE, value.title("product_id"), value["product_id"])
        if item_id and value.has_column("item_id"):
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
        draft.lines.append(DraftLine(row.line, item, self._once(seller), self._once(product)))

    @staticmethod
    def _price_and_count(row: RowReader, value: _Cells) -> tuple[Won, int]:
        """Return price of one piece, as the file has it or of the line's total, and count."""
        is_total = value.has("line_total")
        key = "line_total" if is_total else "price"
        amount = row.read(value.title(key), value[key], read_won, ZERO)
        count = row.read(value.title("count"), value["count"], read_count, 1)
        if not is_total:
            return amount, count
        if int(amount) % count:
            row.complain(Cause.TOTAL_INDIVISIBLE, value.title(key), int(amount), count=count)
        return Won(int(amount) // count), count

    def _number(self, row: RowReader, value: _Cells, draft: OrderDraft) -> int:
        if value.has("item_id"):
            return row.read(value.title("item_id"), value["item_id"], read_id, 0)
        position = len(draft.lines) + 1
        if position > ITEMS_OF_ORDER:
            row.complain(Cause.COUNT_RANGE, "item_id", highest=ITEMS_OF_ORDER)
            return 0
        number = draft.id * (ITEMS_OF_ORDER + 1) + position
        if number > ID_LIMIT:
            # The file has no column of item numbers: its order number is too long to make one of.
            highest = ID_LIMIT // (ITEMS_OF_ORDER + 1)
            row.complain(Cause.ORDER_ID_LONG, value.title("order_id"), draft.id, highest=highest)
            return 0
        return number

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
    """The cells of one line by our column names. Where a cell is missing or blank, the value that
    stands in for it; else it is empty."""

    __slots__ = ("_cells", "_columns")

    def __init__(self, cells: Sequence[object], columns: Columns) -> None:
        self._cells = cells
        self._columns = columns

    def __getitem__(self, key: str) -> object:
        position = self._columns.positions.get(key)
        if position is not None and position < len(self._cells):
            cell = self._cells[position]
            if not is_blank(cell):
                return cell
        return self._columns.values.get(key, "")

    def has(self, key: str) -> bool:
        """Whether the line has a value."""
        return not is_blank(self[key])

    def has_column(self, key: str) -> bool:
        return key in self._columns.positions

    def is_read(self, key: str) -> bool:
        """Whether the number is read, and not made of names."""
        return key not in self._columns.derived or self.has(key)

    def status(self, value: object) -> ItemStatus:
        """Read a status: of the file's layout, or ours."""
        layout = self._columns.layout
        known = layout.statuses.get(plain_title(value)) if layout is not None else None
        return known if known is not None else read_item_status(value)

    def title(self, key: str) -> str:
        return self._columns.title(key)


def is_blank(cell: object) -> bool:
    """Whether a cell is empty, or shows nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def with_option(product: str, option: str) -> str:
    """Return a product's name with the option that was chosen."""
    return f"{product} ({option})" if option and option not in product else product
