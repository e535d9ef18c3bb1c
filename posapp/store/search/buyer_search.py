"""Search of one buyer's items and requests, along the buyer's orders and requests alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal, select, text, tuple_

from posapp.domain.orders import ItemStatus
from posapp.services.ports.buyer_search import (
    RequestableCursor,
    RequestableItem,
    RequestablePage,
)
from posapp.services.ports.requests import LARGEST_PAGE, Cursor, RequestPage
from posapp.store.columns import IntegerColumn, TimestampColumn, to_microseconds
from posapp.store.request_tables import REQUEST_WAITING, requests
from posapp.store.search.item_conditions import has_open_refund
from posapp.store.search.request_sql import request_row_of, requests_of_buyer
from posapp.store.tables import order_items, orders
from posapp.store.unit_of_work import SqlStore

_waits = (
    select(requests.c.id)
    .where(requests.c.item_id == order_items.c.id, text(f"requests.{REQUEST_WAITING}"))
    .correlate(order_items)
    .exists()
)
_ITEMS: Select[*tuple[Any, ...]] = (
    select(
        order_items.c.id,
        order_items.c.order_id,
        orders.c.created_at,
        order_items.c.position,
        order_items.c.name,
        order_items.c.count,
        order_items.c.price,
        order_items.c.discount,
        order_items.c.status,
        order_items.c.seller_id,
    )
    .join_from(orders, order_items, order_items.c.order_id == orders.c.id)
    .where(order_items.c.status == ItemStatus.DELIVERY_COMPLETE, ~_waits, ~has_open_refund())
    .order_by(orders.c.created_at.desc(), orders.c.id.desc(), order_items.c.position.desc())
)


class SqlBuyerSearch:
    """Port ``BuyerSearch``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def requestable_items(
        self, buyer_id: int, size: int, after: RequestableCursor | None = None
    ) -> RequestablePage:
        """Return a page of the buyer's items for which a request can be made now.

        Raises:
            EnvironmentProblem: a disk error.
        """
        size = _bounded(size)
        query = _ITEMS.where(orders.c.buyer_id == buyer_id).limit(size + 1)
        if after is not None:
            at, order, position = (
                literal(after[0], TimestampColumn()),
                literal(after[1], IntegerColumn()),
                literal(after[2], IntegerColumn()),
            )
            # The first bound is the seek in the index of the buyer's orders.
            query = query.where(
                tuple_(orders.c.created_at, orders.c.id) <= tuple_(at, order),
                tuple_(orders.c.created_at, orders.c.id, order_items.c.position)
                < tuple_(at, order, position),
            )
        with self._store.snapshot() as uow:
            rows = uow.connection.execute(query).all()
        found = tuple(
            RequestableItem(
                item, order, at, place, name, count, price * count - off, status, seller
            )
            for item, order, at, place, name, count, price, off, status, seller in rows[:size]
        )
        return RequestablePage(found, more=len(rows) > size)

    def requests(self, buyer_id: int, size: int, after: Cursor | None = None) -> RequestPage:
        """Return a page of the buyer's requests, newest first.

        Raises:
            EnvironmentProblem: a disk error.
        """
        size = _bounded(size)
        key = None if after is None else (to_microseconds(after[0]), after[1])
        statement = requests_of_buyer(buyer_id, key, size + 1)
        with self._store.snapshot() as uow:
            rows = uow.connection.exec_driver_sql(statement.sql, statement.values).all()
        return RequestPage(tuple(request_row_of(row) for row in rows[:size]), more=len(rows) > size)


def _bounded(size: int) -> int:
    return min(max(size, 1), LARGEST_PAGE)
