"""Home and the list of items to ship, in a shop of a million orders."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import TO_SHIP
from posapp.services.orders.order_summaries import OrderSummaryService
from posapp.services.orders.sales_report import MOST_PRODUCTS, SalesReportService
from posapp.services.orders.today_figures import TodayFiguresService
from posapp.services.orders.work_counts import WorkCountService
from posapp.services.ports.fulfilment_search import FulfilmentFilter
from posapp.services.requests.buyer_lists import BuyerLists
from posapp.store.columns import to_microseconds
from posapp.store.open_store import open_store
from posapp.store.search.buyer_search import SqlBuyerSearch
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.store.unit_of_work import SqlStore
from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.million_orders import million_orders
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.requests.million import NEWEST, million

pytestmark = pytest.mark.bench

SELLER = 1
SIZE = 50
ROUNDS = 40
A_FRAME = 16
READ_MS = 250
"""What is read in the background, once, when a page is opened."""

MONTH = timedelta(days=30)
FIVE_YEARS_US = 5 * 365 * 86_400 * 1_000_000


@pytest.fixture(scope="module")
def orders(rows: int) -> Iterator[SqlStore]:
    store = SqlStore(million_orders(rows))
    yield store
    store.close()


@pytest.fixture(scope="module")
def requests(rows: int) -> Iterator[SqlStore]:
    store = SqlStore(million(rows))
    yield store
    store.close()


@pytest.fixture(scope="module")
def money(tmp_path_factory: pytest.TempPathFactory, rows: int) -> Iterator[SqlStore]:
    """So many payments of five years, and a refund of every twentieth one."""
    path = tmp_path_factory.mktemp("money") / "shop.db"
    open_store(path).close()
    newest, step = to_microseconds(NEWEST), FIVE_YEARS_US // rows
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("CREATE TEMP TABLE n (value INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO n VALUES (?)", ((n,) for n in range(1, rows + 1)))
        connection.execute(
            "INSERT INTO payments (id, imp_uid, merchant_uid, order_id, amount, paid_at, standing,"
            " receipt_url, sandbox, problem)"
            " SELECT value, 'imp_' || value, 'm-' || value, value, 9000, ? - (? - value) * ?,"
            " 'ACCEPTED', '', 1, '' FROM n",
            (newest, rows, step),
        )
        connection.execute(
            "INSERT INTO refunds (id, imp_uid, order_id, item_id, origin, amount, reason, tag,"
            " asked_by, approved_by, created_at, state, sends, confirmed_at, cancellation_id,"
            " raw_text)"
            " SELECT value, 'imp_' || value, value, value, 'ITEM', 900, '', 'RF-' || value,"
            " 'buyer:1', 'seller:1', ? - (? - value) * ?, 'CONFIRMED', 1, ? - (? - value) * ?,"
            " 'C-' || value, '' FROM n WHERE value % 20 = 0",
            (newest, rows, step, newest, rows, step),
        )
        connection.execute(
            "INSERT INTO order_items (id, order_id, buyer_id, seller_id, product_id, name, price,"
            " count, status, cancel_reason, position)"
            " SELECT value, value, 1, 1, 1 + value % 200, 'Item', 9000, 1, 'DELIVERY_COMPLETE',"
            " '', 1 FROM n WHERE value > ?",
            (rows - MONTH // timedelta(microseconds=step),),
        )
        connection.commit()
    store = SqlStore(path)
    yield store
    store.close()


Report = Callable[..., None]


@pytest.fixture(scope="module")
def report(measuring: bool) -> Report:
    """Report the p95 of an action in milliseconds; one round before warms up."""

    def run(name: str, action: Callable[[], object], most: float = A_FRAME) -> None:
        action()
        taken = []
        for _ in range(ROUNDS if measuring else 1):
            start = time.perf_counter_ns()
            action()
            taken.append((time.perf_counter_ns() - start) / 1e6)
        report_line(f"{name}, p95", quantile(taken, 0.95), "ms", most)

    return run


@pytest.mark.parametrize("actor", [Actor.person(), Actor.seller(SELLER)], ids=["all", "a seller"])
def test_the_counts_of_home(
    orders: SqlStore, requests: SqlStore, report: Report, actor: Actor
) -> None:
    for name, store in (("orders", orders), ("requests", requests)):
        counts = WorkCountService(store, FakeClock())
        report(f"work counts of {actor}, file of {name}", lambda: counts.read(actor))  # noqa: B023


def test_todays_figures(money: SqlStore, report: Report, rows: int) -> None:
    figures = TodayFiguresService(money, FakeClock(NEWEST), EVERYTHING)
    report(f"today's figures of {rows:,} payments", lambda: figures.read(Actor.person()))
    found = figures.read(Actor.person())
    assert found is not None and found.paid.count > 0


def test_the_sales_of_a_month(money: SqlStore, report: Report, rows: int) -> None:
    """Read in the background when the page of sales is opened."""
    sales = SalesReportService(money, EVERYTHING)
    span = NEWEST - MONTH, NEWEST
    report(
        f"sales of 30 days of {rows:,} payments",
        lambda: sales.read(Actor.person(), *span),
        READ_MS,
    )
    found = sales.read(Actor.person(), *span)
    assert found.total.net > 0 and len(found.products) == MOST_PRODUCTS


def test_the_newest_orders(orders: SqlStore, report: Report) -> None:
    summaries = OrderSummaryService(orders)
    report("eight newest orders", lambda: summaries.recent(8))


@pytest.mark.parametrize("seller", [None, SELLER], ids=["all", "a seller"])
def test_the_items_to_ship(orders: SqlStore, report: Report, seller: int | None) -> None:
    search = SqlFulfilmentSearch(orders)
    of = "all" if seller is None else "a seller"
    filters = {
        "none": FulfilmentFilter(),
        "to ship": FulfilmentFilter(TO_SHIP),
        "number": FulfilmentFilter(number=900_000),
        "text, frequent": FulfilmentFilter(text="빵"),
        "text, none": FulfilmentFilter(text="붕붕"),
    }
    for name, wanted in filters.items():
        report(f"items to ship of {of}, filter {name}", lambda: search.page(seller, wanted, SIZE))  # noqa: B023
        report(
            f"items to ship of {of}, counts, filter {name}",
            lambda: search.status_counts(seller, wanted, 999),  # noqa: B023
        )
    page = search.page(seller, FulfilmentFilter(), SIZE)
    after = (page.rows[-1].ordered_at, page.rows[-1].item_id)
    report(
        f"items to ship of {of}, second page",
        lambda: search.page(seller, FulfilmentFilter(), SIZE, after),
    )


def test_the_lists_of_a_buyer(orders: SqlStore, requests: SqlStore, report: Report) -> None:
    buyer = Actor.buyer(101)
    report(
        "items that a buyer can ask back",
        lambda: BuyerLists(orders, SqlBuyerSearch(orders)).requestable_items(buyer, SIZE),
    )
    search = SqlBuyerSearch(requests)
    report("requests of a buyer", lambda: search.requests(101, SIZE))
