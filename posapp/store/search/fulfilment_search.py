"""Search of the items to ship: keyset pages along the small index of items in fulfilment.

Each status is a range of that index, in the order of the list. A page reads at most its size of
each and sorts those few; buyers, refunds and mismatches are looked up for its rows alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    TextClause,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    union_all,
)

from posapp.domain.errors import ErrorCode
from posapp.domain.orders import IN_FULFILMENT, ItemStatus
from posapp.domain.users import LARGEST_ID
from posapp.services.ports.fulfilment_search import (
    FulfilmentCursor,
    FulfilmentFilter,
    FulfilmentPage,
    FulfilmentRow,
)
from posapp.services.ports.requests import LARGEST_PAGE
from posapp.store.columns import IntegerColumn, TimestampColumn
from posapp.store.repositories.counting import count_rows
from posapp.store.search.item_conditions import (
    has_open_refund,
    is_money_in_doubt,
    is_replacement,
)
from posapp.store.search.spellings import spellings
from posapp.store.tables import (
    ITEM_IN_FULFILMENT,
    ITEM_OF_SELLER_IN_FULFILMENT,
    order_items,
    users,
)
from posapp.store.unit_of_work import SqlStore

_IN_FULFILMENT = text(f"order_items.{ITEM_IN_FULFILMENT}")
_OF_SELLER = text(f"order_items.{ITEM_OF_SELLER_IN_FULFILMENT}")
_buyers, _sellers = users.alias("buyers"), users.alias("sellers")
_ROWS = (
    select(
        order_items.c.id,
        order_items.c.order_id,
        order_items.c.ordered_at,
        order_items.c.status,
        order_items.c.name,
        order_items.c.count,
        order_items.c.price,
        order_items.c.discount,
        order_items.c.buyer_id,
        func.coalesce(_buyers.c.name, ""),
        func.coalesce(_buyers.c.phone, ""),
        order_items.c.seller_id,
        func.coalesce(_sellers.c.name, ""),
        is_replacement(),
        has_open_refund(),
        is_money_in_doubt(),
    )
    .join_from(order_items, _buyers, _buyers.c.id == order_items.c.buyer_id, isouter=True)
    .join(_sellers, _sellers.c.id == order_items.c.seller_id, isouter=True)
    .order_by(order_items.c.ordered_at, order_items.c.id)
)


class SqlFulfilmentSearch:
    """Port ``FulfilmentSearch``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def page(
        self,
        seller_id: int | None,
        filter: FulfilmentFilter,
        size: int,
        after: FulfilmentCursor | None = None,
    ) -> FulfilmentPage:
        """Return the page after ``after``, oldest order first.

        Raises:
            EnvironmentProblem: a disk error.
        """
        size = min(max(size, 1), LARGEST_PAGE)
        statuses = sorted(IN_FULFILMENT.intersection(filter.statuses))
        conditions = _conditions(seller_id, filter)
        if conditions is None or not statuses:
            return FulfilmentPage((), more=False)
        if after is not None:
            at, number = after
            key = tuple_(literal(at, TimestampColumn()), literal(number, IntegerColumn()))
            conditions.append(tuple_(order_items.c.ordered_at, order_items.c.id) > key)
        ranges = [_range(status, conditions, size + 1).subquery() for status in statuses]
        found = union_all(*(select(one.c.id, one.c.ordered_at) for one in ranges)).subquery()
        first = (
            select(found.c.id).order_by(found.c.ordered_at, found.c.id).limit(size + 1)
        ).scalar_subquery()
        with self._store.snapshot() as uow:
            rows = uow.connection.execute(_ROWS.where(order_items.c.id.in_(first))).all()
        return FulfilmentPage(tuple(_row_of(row) for row in rows[:size]), more=len(rows) > size)

    def status_counts(
        self, seller_id: int | None, filter: FulfilmentFilter, cap: int
    ) -> dict[ItemStatus, int]:
        """Return the number of rows by status, without regard to ``filter.statuses``.

        Raises:
            EnvironmentProblem: a disk error.
        """
        conditions = _conditions(seller_id, filter)
        if conditions is None or cap < 0:
            return dict.fromkeys(sorted(IN_FULFILMENT), 0)
        with self._store.snapshot() as uow:
            return {
                status: count_rows(uow.connection, _items(status, conditions), cap)
                for status in sorted(IN_FULFILMENT)
            }


def _conditions(
    seller_id: int | None, filter: FulfilmentFilter
) -> list[ColumnElement[bool] | TextClause] | None:
    """Return the conditions on an item but its status; ``None`` if no item can meet them."""
    found: list[ColumnElement[bool] | TextClause] = []
    if seller_id is None:
        found.append(_IN_FULFILMENT)
    else:
        found += [_OF_SELLER, order_items.c.seller_id == seller_id]
    if filter.number is not None:
        if not 1 <= filter.number <= LARGEST_ID:
            return None
        number = literal(filter.number, IntegerColumn())
        items = union_all(
            select(literal(filter.number, IntegerColumn())),
            select(order_items.c.id).where(order_items.c.order_id == number),
        )
        found.append(order_items.c.id.in_(items))
    named = []
    for wanted in spellings(filter.text):
        buyer = select(users.c.id).where(
            users.c.id == order_items.c.buyer_id, func.instr(func.lower(users.c.name), wanted) > 0
        )
        named += [
            func.instr(func.lower(order_items.c.name), wanted) > 0,
            buyer.correlate(order_items).exists(),
        ]
    if named:
        found.append(or_(*named))
    return found


def _items(
    status: ItemStatus, conditions: Sequence[ColumnElement[bool] | TextClause]
) -> Select[Any]:
    return select(order_items.c.id, order_items.c.ordered_at).where(
        order_items.c.status == status, *conditions
    )


def _range(
    status: ItemStatus, conditions: Sequence[ColumnElement[bool] | TextClause], limit: int
) -> Select[Any]:
    ordered = _items(status, conditions).order_by(order_items.c.ordered_at, order_items.c.id)
    return ordered.limit(limit)


def _row_of(row: Sequence[Any]) -> FulfilmentRow:
    (
        item, order, ordered_at, status, product, count, price, discount, buyer, buyer_name, phone,
        seller, seller_name, replaces, refunded, doubtful,
    ) = row  # fmt: skip
    hold = ErrorCode.MONEY_IN_DOUBT if doubtful else None
    return FulfilmentRow(
        item_id=item,
        order_id=order,
        ordered_at=ordered_at,
        status=status,
        product_name=product,
        count=count,
        total=price * count - discount,
        buyer_id=buyer,
        buyer_name=buyer_name,
        buyer_phone=phone,
        seller_id=seller,
        seller_name=seller_name,
        is_replacement=bool(replaces) and status is not ItemStatus.COMPLETE_PAYMENT,
        hold=ErrorCode.REFUND_IN_FLIGHT if refunded else hold,
    )
