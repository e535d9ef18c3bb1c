"""Search of orders in every state, over a million of them: keyset pages, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posapp.domain.order_segments import OrderSegment
from posapp.services.ports.order_search import OrderFilter, OrderPage, OrderSummary
from posapp.services.ports.requests import LARGEST_PAGE, Cursor
from posapp.store.columns import to_microseconds
from posapp.store.search.indexed_query import IndexedQuery
from posapp.store.search.order_sql import COUNTED_IN, OrderTexts, order_query
from posapp.store.search.statement import Statement, numbers
from posapp.store.search.text_matches import count_groups, first_rows
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork

_CLAIMED = "SELECT order_id FROM payment_claims WHERE state = 'WAITING' AND order_id IN ({})"
_EVERY = (None, *OrderSegment)


class SqlOrderSearch:
    """Port ``OrderSearch``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def page(self, filter: OrderFilter, size: int, after: Cursor | None = None) -> OrderPage:
        """Return the page after ``after``, newest first.

        Raises:
            EnvironmentProblem: a disk error.
        """
        size = min(max(size, 1), LARGEST_PAGE)
        with self._store.snapshot() as uow:
            texts = OrderTexts.of(uow.connection, filter.text)
            query = order_query(texts, filter, filter.segment)
            if query is None:
                return OrderPage((), more=False)
            if after is not None:
                query = query.after(to_microseconds(after[0]), after[1])
            found = [int(str(row[0])) for row in first_rows(uow.connection, query, size + 1)]
            named = _named(uow, query, texts.named) if after is None else None
            shown = found[:size]
            summaries = _summaries(uow, {*shown, *([named] if named else [])})
        return OrderPage(
            tuple(summaries[number] for number in shown),
            more=len(found) > size,
            named=summaries[named] if named else None,
        )

    def counts(self, filter: OrderFilter, cap: int) -> Mapping[OrderSegment | None, int]:
        """Return the number of orders of each segment, and of all (``None``), under the filter's
        other conditions; all of one moment.

        Raises:
            EnvironmentProblem: a disk error.
        """
        with self._store.snapshot() as uow:
            texts = OrderTexts.of(uow.connection, filter.text)
            query = order_query(texts, filter, None)
            if query is None or cap < 0:
                return dict.fromkeys(_EVERY, 0)
            queries = {one: order_query(texts, filter, one) for one in _EVERY}
            return count_groups(uow.connection, query, queries, cap + 1, counted_in=COUNTED_IN)


def _named(uow: SqlUnitOfWork, query: IndexedQuery, number: int | None) -> int | None:
    """Return the number if the order is in the result, or ``None``."""
    if number is None or not numbers(uow.connection, query.among([number]).count(1))[0]:
        return None
    return number


def _summaries(uow: SqlUnitOfWork, ids: set[int]) -> dict[int, OrderSummary]:
    orders = uow.catalogue.existing_orders(sorted(ids))
    buyers = uow.catalogue.existing_users({one.buyer_id for one in orders.values()})
    claimed = _claimed(uow, sorted(ids))
    return {
        one.id: OrderSummary.of(one, buyers.get(one.buyer_id), is_claimed=one.id in claimed)
        for one in orders.values()
    }


def _claimed(uow: SqlUnitOfWork, ids: Sequence[int]) -> set[int]:
    sql = _CLAIMED.format(", ".join("?" * len(ids)))
    return set(numbers(uow.connection, Statement(sql, tuple(ids)))) if ids else set()
