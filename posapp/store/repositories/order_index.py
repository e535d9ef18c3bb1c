"""What orders are found by: their copied texts, and their rows of the text index."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import Connection, Executable, bindparam, or_, select, update

from posapp.domain.money import ZERO
from posapp.domain.orders import ItemStatus, Order
from posapp.domain.users import User
from posapp.store.columns import to_microseconds
from posapp.store.order_marks import IndexedOrder, folded, goods_text, phone_key
from posapp.store.search_index import SearchIndex
from posapp.store.tables import order_items, orders

BATCH = 500
"""Orders of one buyer that are read at once."""

_INDEXED = select(
    orders.c.id,
    orders.c.created_at,
    orders.c.amount,
    orders.c.ordered,
    orders.c.goods_text,
    orders.c.buyer_text,
    orders.c.phone_digits,
).order_by(orders.c.id)
_OF_IDS = _INDEXED.where(orders.c.id.in_(bindparam("ids", expanding=True)))
_NAMED_OTHERWISE = _INDEXED.where(
    orders.c.buyer_id == bindparam("buyer"),
    or_(orders.c.buyer_text != bindparam("name"), orders.c.phone_digits != bindparam("phone")),
).limit(BATCH)
_PRODUCTS = (
    select(order_items.c.order_id, order_items.c.product_id)
    .where(order_items.c.order_id.in_(bindparam("ids", expanding=True)))
    .distinct()
    .order_by(order_items.c.order_id, order_items.c.product_id)
)
_NAME = (
    update(orders)
    .where(orders.c.id == bindparam("of"))
    .values(buyer_text=bindparam("name"), phone_digits=bindparam("phone"))
)


def texts_of(order: Order, buyer: User | None) -> dict[str, object]:
    """Return the texts that a new order is found by, by their columns."""
    return {
        "goods_text": goods_text(item.name for item in order.items),
        "buyer_text": folded(buyer.name) if buyer else "",
        "phone_digits": phone_key(buyer.phone) if buyer else "",
    }


def indexed(order: Order, texts: dict[str, object]) -> IndexedOrder:
    """Return what a new order is found by."""
    ordered = sum((item.total for item in order.items), ZERO)
    is_living = any(item.status is not ItemStatus.CANCEL for item in order.items)
    return IndexedOrder(
        order.id,
        to_microseconds(order.created_at),
        int(order.total if is_living else ordered),
        int(ordered),
        str(texts["goods_text"]),
        str(texts["buyer_text"]),
        str(texts["phone_digits"]),
        tuple(sorted({item.product_id for item in order.items})),
    )


def read_indexed(connection: Connection, order_ids: Collection[int]) -> dict[int, IndexedOrder]:
    """Return what some orders are found by, by their ids."""
    if not order_ids:
        return {}
    return {one.id: one for one in _read(connection, _OF_IDS, ids=tuple(order_ids))}


def replace_indexed(
    connection: Connection, index: SearchIndex, before: dict[int, IndexedOrder]
) -> None:
    """Index orders again whose amounts have changed since they were read."""
    after = read_indexed(connection, before)
    for order_id, old in before.items():
        if after[order_id] != old:
            index.replace(old, after[order_id])


def update_buyers(connection: Connection, index: SearchIndex, buyers: Iterable[User]) -> None:
    """Update names and phone numbers of buyers in their orders and in the text index."""
    for buyer in buyers:
        new = {"name": folded(buyer.name), "phone": phone_key(buyer.phone)}
        while found := _read(connection, _NAMED_OTHERWISE, buyer=buyer.id, **new):
            for old in found:
                index.replace(old, replace(old, buyer=new["name"], phone=new["phone"]))
                connection.execute(_NAME, {"of": old.id, **new})


def _read(connection: Connection, query: Executable, **values: object) -> list[IndexedOrder]:
    rows = connection.execute(query, values).all()
    products: dict[int, list[int]] = {row.id: [] for row in rows}
    if rows:
        for order_id, product_id in connection.execute(_PRODUCTS, {"ids": tuple(products)}):
            products[order_id].append(product_id)
    return [
        IndexedOrder(
            order_id,
            to_microseconds(at),
            int(amount),
            int(ordered),
            goods,
            buyer,
            phone,
            tuple(products[order_id]),
        )
        for order_id, at, amount, ordered, goods, buyer, phone in rows
    ]
