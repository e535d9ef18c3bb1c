"""The search of orders in a shop of a million: first and next pages, and counts of the segments."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from posapp.domain.order_segments import OrderSegment
from posapp.services.ports.order_search import OrderFilter
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.million_orders import million_orders
from tests.requests.million import NEWEST

pytestmark = pytest.mark.bench

SIZE = 50
ROUNDS = 30
A_FRAME = 16

LAST_DAY = NEWEST - timedelta(days=1)
FILTERS = {
    "none": OrderFilter(),
    **{f"segment {one}": OrderFilter(segment=one) for one in OrderSegment},
    "a day": OrderFilter(since=LAST_DAY),
    "a day three years ago": OrderFilter(
        since=NEWEST - timedelta(days=1001), until=NEWEST - timedelta(days=1000)
    ),
    "cancelled in a month": OrderFilter(
        segment=OrderSegment.CANCELLED, since=NEWEST - timedelta(days=30)
    ),
    "number": OrderFilter("900123"),
    "amount": OrderFilter("36,000원"),
    "name": OrderFilter("김민서"),
    "name, one letter": OrderFilter("김"),
    "last four digits": OrderFilter("4821"),
    "three digits of all phones": OrderFilter("010"),
    "whole phone": OrderFilter("010-1234-5678"),
    "product, frequent": OrderFilter("라떼"),
    "product and name": OrderFilter("라떼 김민서"),
    "product of segment CANCELLED": OrderFilter("라떼", OrderSegment.CANCELLED),
    "product of segment OPEN": OrderFilter("라떼", OrderSegment.OPEN),
    "product in a month": OrderFilter("라떼", since=NEWEST - timedelta(days=30)),
    "letters that no order has": OrderFilter("붕붕"),
    "pairs in another order": OrderFilter("떼라카"),
}


@pytest.fixture(scope="module")
def search(rows: int) -> Iterator[SqlOrderSearch]:
    store = SqlStore(million_orders(rows))
    yield SqlOrderSearch(store)
    store.close()


Times = Callable[[Callable[[], object]], float]


@pytest.fixture(scope="module")
def p95(measuring: bool) -> Times:
    """p95 of an action in milliseconds; one round before warms up."""

    def run(action: Callable[[], object]) -> float:
        action()
        taken = []
        for _ in range(ROUNDS if measuring else 1):
            start = time.perf_counter_ns()
            action()
            taken.append((time.perf_counter_ns() - start) / 1e6)
        return quantile(taken, 0.95)

    return run


@pytest.mark.parametrize("name", FILTERS)
def test_a_page_of_each_filter(search: SqlOrderSearch, p95: Times, name: str) -> None:
    wanted = FILTERS[name]
    first = p95(lambda: search.page(wanted, SIZE))
    report_line(f"orders, first page, filter {name}, p95", first, "ms", A_FRAME)
    page = search.page(wanted, SIZE)
    if page.more:
        after = (page.rows[-1].created_at, page.rows[-1].order_id)
        following = p95(lambda: search.page(wanted, SIZE, after))
        report_line(f"orders, second page, filter {name}, p95", following, "ms", A_FRAME)
    counted = p95(lambda: search.counts(wanted, 999))
    report_line(f"orders, counts of the segments, filter {name}, p95", counted, "ms", A_FRAME)
