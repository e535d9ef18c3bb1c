"""Orders, their items, and stock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Row,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.store.columns import IntegerColumn, WonColumn
from posapp.store.constraints import primary_key_name, violated_name
from posapp.store.repositories.counting import count_rows
from posapp.store.repositories.order_index import read_indexed, replace_indexed
from posapp.store.repositories.row_mapping import columns_of
from posapp.store.search_index import SearchIndex
from posapp.store.tables import (
    ITEM_IN_FULFILMENT,
    ITEM_OF_SELLER_IN_FULFILMENT,
    ORDER_HAS_RECEIPT,
    ORDER_OPEN,
    ORDER_RESERVED,
    order_items,
    orders,
    products,
)

ITEM_COLUMNS: tuple[Column[Any], ...] = (
    order_items.c.id,
    order_items.c.order_id,
    order_items.c.buyer_id,
    order_items.c.seller_id,
    order_items.c.product_id,
    order_items.c.name,
    order_items.c.price,
    order_items.c.count,
    order_items.c.status,
    order_items.c.cancel_reason,
    order_items.c.part_of,
    order_items.c.discount,
    order_items.c.tax,
    order_items.c.options,
    order_items.c.measure,
)
"""Columns in the order of the fields of ``OrderItem``."""

PRODUCT_COLUMNS: tuple[Column[Any], ...] = tuple(products.c[name] for name in columns_of(Product))
"""Columns in the order of the fields of ``Product``."""

HEAD_COLUMNS: tuple[Column[Any], ...] = (
    orders.c.id,
    orders.c.buyer_id,
    orders.c.created_at,
    orders.c.counter,
    orders.c.note,
    orders.c.receipt_no,
)
"""Columns that ``order_of`` reads."""

_ORDER = select(*HEAD_COLUMNS).where(orders.c.id == bindparam("id"))
_ITEMS = (
    select(*ITEM_COLUMNS)
    .where(order_items.c.order_id == bindparam("id"))
    .order_by(order_items.c.position)
)
_NEWEST = (
    select(*HEAD_COLUMNS)
    .order_by(orders.c.created_at.desc(), orders.c.id.desc())
    .limit(bindparam("limit"))
)
_ITEMS_OF_ORDERS = (
    select(*ITEM_COLUMNS)
    .where(order_items.c.order_id.in_(bindparam("ids", expanding=True)))
    .order_by(order_items.c.order_id, order_items.c.position)
)
_places = order_items.alias("places")
_ITEM = select(*ITEM_COLUMNS).where(order_items.c.id == bindparam("id"))
_OPEN = select(literal(1)).select_from(orders).where(ORDER_OPEN)
_RESERVED = (
    select(orders.c.id)
    .where(
        ORDER_RESERVED,
        or_(orders.c.created_at < bindparam("since"), orders.c.created_at > bindparam("until")),
    )
    .order_by(orders.c.created_at, orders.c.id)
)
_GIVE_RECEIPT = (
    update(orders)
    .where(orders.c.id == bindparam("of"), orders.c.counter, orders.c.receipt_no.is_(None))
    .values(receipt_no=bindparam("receipt_no"))
)
_LAST_RECEIPT = (
    select(orders.c.receipt_no)
    .where(
        ORDER_HAS_RECEIPT,
        orders.c.receipt_no >= bindparam("beginning"),
        orders.c.receipt_no < bindparam("behind"),
    )
    # A day has more than 9,999 receipts: those have a digit more.
    .order_by(func.length(orders.c.receipt_no).desc(), orders.c.receipt_no.desc())
    .limit(1)
)
_ITEMS_OF = (
    select(literal(1))
    .select_from(order_items)
    .where(ITEM_IN_FULFILMENT, order_items.c.status.in_(bindparam("statuses", expanding=True)))
)
_ITEMS_OF_SELLER = (
    select(literal(1))
    .select_from(order_items)
    .where(
        ITEM_OF_SELLER_IN_FULFILMENT,
        order_items.c.status.in_(bindparam("statuses", expanding=True)),
        order_items.c.seller_id == bindparam("seller"),
    )
)
_SAVE_ITEM = (
    update(order_items)
    .where(order_items.c.id == bindparam("of"))
    .values(status=bindparam("status"), cancel_reason=bindparam("cancel_reason"))
)
_DIVIDE = insert(order_items).from_select(
    [column.name for column in order_items.c],
    select(
        bindparam("number", type_=IntegerColumn),
        *(order_items.c[name] for name in ("order_id", "buyer_id", "seller_id", "product_id")),
        *(order_items.c[name] for name in ("name", "price")),
        bindparam("pieces", type_=IntegerColumn),
        *(order_items.c[name] for name in ("status", "cancel_reason")),
        select(func.max(_places.c.position) + 1)
        .where(_places.c.order_id == order_items.c.order_id)
        .scalar_subquery(),
        order_items.c.ordered_at,
        order_items.c.id,
        bindparam("pieces", type_=IntegerColumn),
        bindparam("discount", type_=WonColumn),
        *(order_items.c[name] for name in ("tax", "options", "measure")),
        bindparam("discount", type_=WonColumn),
    ).where(order_items.c.id == bindparam("whole")),
)
_PRODUCT = select(*PRODUCT_COLUMNS).where(products.c.id == bindparam("id"))
_RESTOCK = (
    update(products)
    .where(products.c.id == bindparam("of"))
    .values(stock=products.c.stock + bindparam("count") * products.c.tracked)
)
_TAKE = (
    update(products)
    .where(
        products.c.id == bindparam("of"),
        products.c.stock >= bindparam("count") * products.c.tracked,
    )
    .values(stock=products.c.stock - bindparam("count") * products.c.tracked)
)


_BEHIND_DIGITS = ":"
"""The character of ASCII behind the digits."""

_NOT_DIVISIBLE = ("order_items_parts", "order_items_counted", primary_key_name(order_items))


def order_of(head: Row[*tuple[Any, ...]], items: Iterable[OrderItem]) -> Order:
    """Return the order of a row of ``HEAD_COLUMNS`` with its items."""
    return Order(
        head.id,
        head.buyer_id,
        head.created_at,
        tuple(items),
        is_counter=head.counter,
        note=head.note,
        receipt_no=head.receipt_no,
    )


class SqlOrders:
    """Port ``Orders``."""

    def __init__(self, connection: Connection, search_index: SearchIndex) -> None:
        self._connection = connection
        self._search_index = search_index

    def get(self, order_id: int) -> Order | None:
        """Return the order with its items in their order, or ``None``."""
        row = self._connection.execute(_ORDER, {"id": order_id}).one_or_none()
        if row is None:
            return None
        rows = self._connection.execute(_ITEMS, {"id": order_id})
        return order_of(row, (OrderItem(*item) for item in rows))

    def newest(self, limit: int) -> tuple[Order, ...]:
        """Return the newest orders in any state, newest first."""
        heads = self._connection.execute(_NEWEST, {"limit": limit}).all()
        lines: dict[int, list[OrderItem]] = {row.id: [] for row in heads}
        for row in self._connection.execute(_ITEMS_OF_ORDERS, {"ids": tuple(lines)}):
            lines[row.order_id].append(OrderItem(*row))
        return tuple(order_of(row, lines[row.id]) for row in heads)

    def item(self, item_id: int) -> OrderItem | None:
        """Return one order item, or ``None``."""
        row = self._connection.execute(_ITEM, {"id": item_id}).one_or_none()
        return None if row is None else OrderItem(*row)

    def count_open(self, cap: int) -> int:
        """Return the number of orders that wait for payment, at most ``cap + 1``."""
        return count_rows(self._connection, _OPEN, cap)

    def reserved_outside(self, since: datetime, until: datetime) -> tuple[int, ...]:
        """Return the numbers of the counter's orders that wait for payment and were made before or
        after this time, oldest first."""
        return tuple(
            self._connection.execute(_RESERVED, {"since": since, "until": until}).scalars()
        )

    def last_receipt_no(self, beginning: str) -> str | None:
        """Return the last number of a receipt with this beginning, or ``None``."""
        values = {"beginning": beginning, "behind": beginning + _BEHIND_DIGITS}
        found: str | None = self._connection.execute(_LAST_RECEIPT, values).scalar_one_or_none()
        return found

    def give_receipt_no(self, order_id: int, receipt_no: str) -> bool:
        """Number the receipt of an order of the counter; ``False`` without a change if the order
        has a number already, or is none of the counter."""
        values = {"of": order_id, "receipt_no": receipt_no}
        return self._connection.execute(_GIVE_RECEIPT, values).rowcount == 1

    def count_items(self, statuses: Collection[ItemStatus], seller_id: int | None, cap: int) -> int:
        """Return the number of items in fulfilment with one of these statuses, at most
        ``cap + 1``."""
        if seller_id is None:
            return count_rows(self._connection, _ITEMS_OF, cap, statuses=tuple(statuses))
        values = {"statuses": tuple(statuses), "seller": seller_id}
        return count_rows(self._connection, _ITEMS_OF_SELLER, cap, **values)

    def save_items(self, items: Iterable[OrderItem]) -> None:
        """Write status and cancel reason of existing items.

        Raises:
            LookupError: one of them does not exist.
        """
        items = tuple(items)
        # Only a cancelled item changes an amount that the order is found by.
        cancelled = {item.order_id for item in items if item.status is ItemStatus.CANCEL}
        before = read_indexed(self._connection, cancelled)
        for item in items:
            done = self._connection.execute(
                _SAVE_ITEM,
                {"of": item.id, "status": item.status, "cancel_reason": item.cancel_reason},
            )
            if done.rowcount != 1:
                raise LookupError(f"no order item {item.id}")
        replace_indexed(self._connection, self._search_index, before)

    def divide(self, part: OrderItem) -> None:
        """Store a part of an item as an item of its own; triggers take its pieces out of that one.

        Raises:
            UserError: ``PART_REFUSED``: the item is not paid, is a part itself, has too few pieces,
                or a refund or a waiting request is about it; or another item has the number.
            LookupError: there is no such item.
        """
        values = {
            "number": part.id,
            "pieces": part.count,
            "whole": part.part_of,
            "discount": part.discount,
        }
        try:
            done = self._connection.execute(_DIVIDE, values)
        except IntegrityError as error:
            if violated_name(error) in _NOT_DIVISIBLE:
                raise UserError(ErrorCode.PART_REFUSED) from error
            raise
        if done.rowcount != 1:
            raise LookupError(f"no order item {part.part_of}")

    def product(self, product_id: int) -> Product | None:
        """Return the product, or ``None`` if it is unknown or deleted."""
        row = self._connection.execute(_PRODUCT, {"id": product_id}).one_or_none()
        return None if row is None else Product(*row)

    def restock(self, product_id: int, count: int) -> bool:
        """Add ``count`` to a product's stock, if that is counted; ``False`` without a change if it
        is deleted."""
        _above_zero(count)
        done = self._connection.execute(_RESTOCK, {"of": product_id, "count": count})
        return done.rowcount == 1

    def take_stock(self, product_id: int, count: int) -> bool:
        """Take ``count`` off a product's stock, if that is counted; ``False`` without a change if
        it is deleted.

        Raises:
            UserError: ``OUT_OF_STOCK`` with the product's name: the stock would fall below 0.
        """
        _above_zero(count)
        done = self._connection.execute(_TAKE, {"of": product_id, "count": count})
        if done.rowcount == 1:
            return True
        product = self.product(product_id)
        if product is None:
            return False
        raise UserError(ErrorCode.OUT_OF_STOCK, product=product.name)


def _above_zero(count: int) -> None:
    if count < 1:
        raise ValueError(f"a count of {count}")
