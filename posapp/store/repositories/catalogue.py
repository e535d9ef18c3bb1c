"""Bulk reads and writes of records with given ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Row, Select, Table, bindparam, insert, select
from sqlalchemy import update as update_of
from sqlalchemy.exc import IntegrityError

from posapp.domain.orders import Order, OrderItem, Product
from posapp.domain.users import User
from posapp.store.columns import digits_of
from posapp.store.constraints import primary_key_name, violated_name
from posapp.store.product_marks import IndexedProduct, found_by
from posapp.store.repositories.order_index import indexed, texts_of, update_buyers
from posapp.store.repositories.orders import (
    HEAD_COLUMNS,
    ITEM_COLUMNS,
    PRODUCT_COLUMNS,
    order_of,
)
from posapp.store.repositories.product_index import read_products
from posapp.store.repositories.requests import rename_buyer
from posapp.store.repositories.row_mapping import to_row
from posapp.store.repositories.users import USER_COLUMNS
from posapp.store.search_index import SearchIndex
from posapp.store.tables import order_items, orders, products, users

BATCH_SIZE = 500
"""Ids per query: SQLite allows 32,766 parameters, but Python handles short lists better."""

T = TypeVar("T")


class SqlCatalogue:
    """Port ``Catalogue``."""

    def __init__(self, connection: Connection, search_index: SearchIndex) -> None:
        self._connection = connection
        self._search_index = search_index

    def existing_users(self, ids: Iterable[int]) -> dict[int, User]:
        """Return the known ones of these users, by id."""
        return self._known(select(*USER_COLUMNS), users.c.id, ids, lambda row: User(*row))

    def existing_products(self, ids: Iterable[int]) -> dict[int, Product]:
        """Return the known ones of these products, by id."""
        query = select(*PRODUCT_COLUMNS)
        return self._known(query, products.c.id, ids, lambda row: Product(*row))

    def existing_items(self, ids: Iterable[int]) -> dict[int, OrderItem]:
        """Return the known ones of these order items, by id."""
        query = select(*ITEM_COLUMNS)
        return self._known(query, order_items.c.id, ids, lambda row: OrderItem(*row))

    def existing_orders(self, ids: Iterable[int]) -> dict[int, Order]:
        """Return the known ones of these orders, with their items, by id."""
        found: dict[int, Order] = {}
        heads = select(*HEAD_COLUMNS)
        lines = select(*ITEM_COLUMNS).order_by(order_items.c.order_id, order_items.c.position)
        for portion in _portions(ids):
            rows = self._connection.execute(lines.where(order_items.c.order_id.in_(portion)))
            items = {
                order_id: tuple(group)
                for order_id, group in groupby(
                    (OrderItem(*row) for row in rows), key=lambda item: item.order_id
                )
            }
            for row in self._connection.execute(heads.where(orders.c.id.in_(portion))):
                found[row.id] = order_of(row, items.get(row.id, ()))
        return found

    def add_users(self, users_to_add: Sequence[User]) -> None:
        """Store new users.

        Raises:
            ValueError: an id exists already; nothing of this call was stored.
        """
        self._insert((users, [_user_values(user) for user in users_to_add]))
        update_buyers(self._connection, self._search_index, users_to_add)

    def update_users(self, users_to_update: Sequence[User]) -> None:
        """Write all fields of known users.

        Raises:
            LookupError: one of them is unknown.
        """
        self._update(users, [_user_values(user) for user in users_to_update])
        for user in users_to_update:
            rename_buyer(self._connection, self._search_index, user.id, user.name)
        update_buyers(self._connection, self._search_index, users_to_update)

    def add_products(self, products_to_add: Sequence[Product]) -> None:
        """Store new products; raises like ``add_users``."""
        self._insert((products, [_product_values(product) for product in products_to_add]))
        self._search_index.add(
            *(IndexedProduct(one.id, found_by(one.name)) for one in products_to_add)
        )

    def update_products(self, products_to_update: Sequence[Product]) -> None:
        """Write all fields of known products; raises like ``update_users``."""
        before = read_products(self._connection, [one.id for one in products_to_update])
        self._update(products, [_product_values(product) for product in products_to_update])
        for product in products_to_update:
            new = IndexedProduct(product.id, found_by(product.name))
            if before[product.id] != new:
                self._search_index.replace(before[product.id], new)

    def add_orders(self, orders_to_add: Sequence[Order]) -> None:
        """Store new orders with their items, in the given order of the items.

        Raises:
            ValueError: an order's or item's id exists already, or an item names another order;
                nothing of this call was stored.
        """
        lines: list[dict[str, object]] = []
        for order in orders_to_add:
            for position, item in enumerate(order.items):
                if item.order_id != order.id or item.buyer_id != order.buyer_id:
                    raise ValueError(f"item {item.id} is not of order {order.id}")
                copied = {
                    "position": position,
                    "ordered_at": order.created_at,
                    "first_count": item.count,
                    "first_discount": item.discount,
                }
                lines.append({**to_row(item), **copied})
        buyers = self.existing_users({order.buyer_id for order in orders_to_add})
        texts = [texts_of(order, buyers.get(order.buyer_id)) for order in orders_to_add]
        self._insert(
            (
                orders,
                [
                    {**to_row(order, without=("items",)), **found_by}
                    for order, found_by in zip(orders_to_add, texts, strict=True)
                ],
            ),
            (order_items, lines),
        )
        self._search_index.add(*map(indexed, orders_to_add, texts))

    def _known(
        self,
        query: Select[*tuple[Any, ...]],
        key: Column[int],
        ids: Iterable[int],
        record: Callable[[Row[*tuple[Any, ...]]], T],
    ) -> dict[int, T]:
        found: dict[int, T] = {}
        for portion in _portions(ids):
            for row in self._connection.execute(query.where(key.in_(portion))):
                found[row.id] = record(row)
        return found

    def _insert(self, *batches: tuple[Table, list[dict[str, object]]]) -> None:
        """Insert all batches or none: a clash rolls this call's inserts back."""
        savepoint = self._connection.begin_nested()
        for table, rows in batches:
            try:
                if rows:
                    self._connection.execute(insert(table), rows)
            except IntegrityError as error:
                savepoint.rollback()
                if violated_name(error) == primary_key_name(table):
                    raise ValueError(f"{table.name}.id exists already") from error
                raise
        savepoint.commit()

    def _update(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        if not rows:
            return
        names = [name for name in rows[0] if name != "id"]
        statement = (
            update_of(table)
            .where(table.c.id == bindparam("of"))
            .values({name: bindparam(name) for name in names})
        )
        for row in rows:
            values = {"of": row["id"], **{name: row[name] for name in names}}
            if self._connection.execute(statement, values).rowcount != 1:
                raise LookupError(f"no row {row['id']} in {table.name}")


def _product_values(product: Product) -> dict[str, object]:
    # The name of its picture is written with the picture: an older copy of a product keeps it.
    row = to_row(product, without=("picture",))
    return {**row, "found_by": found_by(product.name)}


def _user_values(user: User) -> dict[str, object]:
    return {**to_row(user), "phone_digits": digits_of(user.phone)}


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while portion := list(islice(remaining, BATCH_SIZE)):
        yield portion
