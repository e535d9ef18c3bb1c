"""The list of orders in its window over a million orders: each filter painted, and no gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from posapp.ui.core.periods import Period
from posapp.ui.orders.order_list_filter import OrderListFilter
from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.million_orders import million_orders
from tests.benchmarks.processes import Screen
from tests.requests.million import NEWEST

pytestmark = pytest.mark.bench

RUNS, ROUNDS = 2, 10
PAINTED_MS = 100
FRAME_MS = 16


@dataclass(frozen=True)
class Runs:
    """Measurements of the program: one entry a run."""

    rows: int
    all: list[dict[str, Any]]

    def p95(self, *parts: str) -> float:
        """Return the 95th percentile of all runs, in ms."""
        taken = [ms for run in self.all for part in parts for ms in run["taken"][part]]
        return quantile(taken, 0.95)


@pytest.fixture(scope="module")
def runs(screen: Screen, measuring: bool, rows: int) -> Runs:
    """The program ``RUNS`` times."""
    file, rounds = million_orders(rows), ROUNDS if measuring else 1
    times = RUNS if measuring else 1
    return Runs(
        rows, [screen.run("orders_window.py", str(file), str(rounds)) for _ in range(times)]
    )


def test_the_rows_are_those_of_the_search(runs: Runs) -> None:
    store = SqlStore(million_orders(runs.rows))
    wanted = {
        "today": OrderListFilter(),
        "every day": OrderListFilter(chosen=Period.ALL),
        "frequent product": OrderListFilter("라떼"),
        "letters that no order has": OrderListFilter("붕붕"),
    }
    search = SqlOrderSearch(store)
    for name, filters in wanted.items():
        found = [row.order_id for row in search.page(filters.filter_at(NEWEST), 5).rows]
        assert all(run["ids"][name] == found for run in runs.all), name
    assert all(run["scrolled"] for run in runs.all)
    store.close()


def test_each_filter_painted(runs: Runs) -> None:
    """From the choice to the paint; the pause before a typed text is searched for is not
    counted."""
    parts = [part for part in runs.all[0]["taken"] if part.startswith("filter ")]
    for part in parts:
        report_line(f"orders, {part} painted, p95", runs.p95(part), "ms", PAINTED_MS)
    report_line("orders, all filters painted, p95", runs.p95(*parts), "ms", PAINTED_MS)


def test_more_rows_painted(runs: Runs) -> None:
    """From scrolling to the end of the rows to the paint of the next ones."""
    parts = [part for part in runs.all[0]["taken"] if part.startswith("more of ")]
    report_line("orders, more rows painted, p95", runs.p95(*parts), "ms", PAINTED_MS)


def test_the_window_stays_alive(runs: Runs) -> None:
    """The list's own gaps, and the gaps with the processor time of other programs."""
    own = max(run["gap_ms"] for run in runs.all)
    report_line("orders, longest GUI gap", own, "ms", FRAME_MS)
    others = max(run["gap_with_others_ms"] for run in runs.all)
    report_line("orders, longest GUI gap, with what other programs took", others, "ms", 50)
    print(f"longest GUI gap at: {', '.join(run['gap_at'] for run in runs.all)}")
