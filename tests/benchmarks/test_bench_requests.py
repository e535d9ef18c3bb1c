"""The request desk over a million rows, beside plain sqlite3 on the same file in the same run."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from tests.benchmarks.figures import median, quantile, report_line
from tests.requests.million import NEWEST, million

pytestmark = pytest.mark.bench

SELLER = 1
SIZE = 50
ROUNDS = 40

WAIT, OK = RequestState.WAIT, RequestState.OK
REFUND, EXCHANGE = RequestKind.REFUND, RequestKind.EXCHANGE
LONG_AGO = NEWEST - timedelta(days=1500)

FILTERS = {
    "none": RequestFilter(),
    "state": RequestFilter(state=WAIT),
    "kind": RequestFilter(kind=REFUND),
    "state and kind": RequestFilter(state=OK, kind=EXCHANGE),
    "dates": RequestFilter(since=LONG_AGO - timedelta(days=30), until=LONG_AGO),
    "all of these": RequestFilter(state=OK, kind=REFUND, since=LONG_AGO),
    "money": RequestFilter(money=RefundProgress.NEEDS_REVIEW),
    "number": RequestFilter(number=1_700_000),
    "buyer, one letter": RequestFilter(buyer="김"),
    "buyer, whole name": RequestFilter(buyer="김민서"),
    "text, two letters, frequent": RequestFilter(text="라떼"),
    "text, two letters, rare": RequestFilter(text="누수"),
    "text, one letter": RequestFilter(text="떼"),
    "text, a sentence": RequestFilter(text="주문한 것과 다른 상품"),
    "text, none": RequestFilter(text="붕붕"),
    "text, long ago": RequestFilter(text="라떼", until=LONG_AGO),
    "text and money": RequestFilter(text="라떼", money=RefundProgress.NEEDS_REVIEW),
    "text and buyer": RequestFilter(text="라떼", buyer="김"),
}


@pytest.fixture(scope="module")
def file(rows: int) -> Path:
    return million(rows)


@pytest.fixture(scope="module")
def search(file: Path) -> Iterator[SqlRequestSearch]:
    store = SqlStore(file)
    yield SqlRequestSearch(store)
    store.close()


Times = Callable[..., list[float]]


@pytest.fixture(scope="module")
def times(measuring: bool) -> Times:
    """Milliseconds of each round of an action; one round before them warms up. One round when
    nothing is to be measured."""

    def run(action: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
        action()
        taken = []
        for _ in range(rounds if measuring else 1):
            start = time.perf_counter_ns()
            action()
            taken.append((time.perf_counter_ns() - start) / 1e6)
        return taken

    return run


@pytest.mark.parametrize("name", FILTERS)
def test_a_page_of_each_kind_of_filter(search: SqlRequestSearch, times: Times, name: str) -> None:
    wanted = FILTERS[name]
    first = times(lambda: search.page(SELLER, wanted, SIZE))
    report_line(f"requests, first page, filter {name}, p95", quantile(first, 0.95), "ms", 100)
    last = times(lambda: search.last_page(SELLER, wanted, SIZE))
    report_line(f"requests, last page, filter {name}, p95", quantile(last, 0.95), "ms", 100)
    counted = times(lambda: search.count(SELLER, wanted, 1000), 10)
    report_line(
        f"requests, count capped at 1000, filter {name}, p95", quantile(counted, 0.95), "ms", 250
    )
    states = times(lambda: search.state_counts(SELLER, 999, wanted))
    report_line(
        f"requests, counts of the states up to 999, filter {name}, p95",
        quantile(states, 0.95),
        "ms",
        16,
    )


RAW = (
    "SELECT id, created_at, buyer_id, buyer_name, item_id, order_id, product_name, kind, reason,"
    " state, processed_at, ended_by, note, amount, money, refund_id FROM requests"
    " WHERE seller_id = 1 AND state = 'OK' AND (created_at, id) < (?, ?)"
    " ORDER BY created_at DESC, id DESC LIMIT 51"
)


def test_beside_plain_sqlite3(search: SqlRequestSearch, file: Path, times: Times) -> None:
    wanted = RequestFilter(state=OK)
    key = search.page(SELLER, wanted, SIZE).rows[-1]
    after = (key.created_at, key.id)
    with closing(sqlite3.connect(file)) as connection:
        values = (key.created_at.timestamp() * 1_000_000, key.id)
        ours, raw = [], []
        for _ in range(10):  # in turns, so that other load slows both
            ours += times(lambda: search.page(SELLER, wanted, SIZE, after), 20)
            raw += times(lambda: connection.execute(RAW, values).fetchall(), 20)
    report_line("requests, keyset page of 50", median(ours) / median(raw), "× plain sqlite3", 6)


def test_the_last_page_beside_the_first(search: SqlRequestSearch, times: Times) -> None:
    for name in ("none", "state", "kind", "state and kind"):
        first, last = [], []
        for _ in range(10):
            first += times(lambda: search.page(SELLER, FILTERS[name], SIZE), 10)  # noqa: B023
            last += times(lambda: search.last_page(SELLER, FILTERS[name], SIZE), 10)  # noqa: B023
        ratio = median(last) / median(first)
        report_line(f"requests, last page, filter {name}", ratio, "× the first page", 1.5)


def test_far_pages(search: SqlRequestSearch, times: Times, rows: int) -> None:
    everything = RequestFilter()
    number = 13 * rows // 1000
    far = times(lambda: search.nth_page(SELLER, everything, SIZE, number), 10)
    report_line("requests, page 13,000 of 14,000", quantile(far, 0.95), "ms", 100)
    page = search.nth_page(SELLER, everything, SIZE, number)
    after = (page.rows[-1].created_at, page.rows[-1].id)
    deep = times(lambda: search.page(SELLER, everything, SIZE, after))
    report_line("requests, the page behind it", quantile(deep, 0.95), "ms", 10)
    found = times(
        lambda: search.nth_page(SELLER, FILTERS["text, two letters, frequent"], SIZE, 200), 5
    )
    report_line("requests, page 200 of a frequent text", quantile(found, 0.95), "ms", 250)


PROGRAM = """
import sys, time
from pathlib import Path
from posapp.services.requests.export_requests import write_requests
from posapp.services.ports.requests import RequestFilter
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore

search = SqlRequestSearch(SqlStore(Path(sys.argv[1])))
path, some, most = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])

def newest(number):
    row, = search.nth_page(1, RequestFilter(), 1, number - 1).rows
    return RequestFilter(since=row.created_at)

def peak():
    # Not ru_maxrss: a child begins with its parent's there.
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])

write_requests(search, 1, newest(some), path, lambda _: True)
before, start = peak(), time.perf_counter()
rows = write_requests(search, 1, newest(most), path, lambda _: True)
print(rows, time.perf_counter() - start, peak() - before)
"""
"""Writes some rows, so that everything is loaded, then many: how long, and how many KiB more."""


@pytest.mark.parametrize(("kind", "seconds"), [("csv", 5), ("xlsx", 20)])
def test_exports(file: Path, tmp_path: Path, rows: int, kind: str, seconds: int) -> None:
    some, most = rows // 200, rows // 10
    path = tmp_path / f"all.{kind}"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, (file, path, some, most))],
        capture_output=True,
        text=True,
        check=True,
    )
    written, taken, growth = done.stdout.split()
    assert int(written) == most
    report_line(f"export of {most:,} requests to .{kind}", float(taken), "s", seconds)
    report_line(f"memory growth of the export to .{kind}", int(growth) / 1024, "MiB", 16)
