"""The request desk's window over a million rows: each filter, page and jump within one frame."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posapp.store.columns import to_microseconds
from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.processes import Screen
from tests.requests.million import NEWEST, million

pytestmark = pytest.mark.bench

RUNS, ROUNDS = 2, 10
FRAME_MS = 16
"""A frame: for what is painted, and for the longest time in which the window does not react."""

SELLER = "seller_id = 1"
LONG_AGO = to_microseconds(NEWEST - timedelta(days=1500))
BEFORE = to_microseconds(NEWEST - timedelta(days=1530))


def text(part: str) -> str:
    return f"(product_name LIKE '%{part}%' OR reason LIKE '%{part}%')"


FILTERS = {
    "none": SELLER,
    "state": f"{SELLER} AND state = 'WAIT'",
    "kind": f"{SELLER} AND kind = 'REFUND'",
    "state and kind": f"{SELLER} AND state = 'OK' AND kind = 'EXCHANGE'",
    "dates": f"{SELLER} AND created_at BETWEEN {BEFORE} AND {LONG_AGO}",
    "money": f"{SELLER} AND money = 'NEEDS_PERSON'",
    "number": f"{SELLER} AND (item_id = 1700000 OR order_id = 1700000)",
    "buyer": f"{SELLER} AND buyer_name LIKE '%김민서%'",
    "frequent text": f"{SELLER} AND {text('라떼')}",
    "rare text": f"{SELLER} AND {text('누수')}",
    "text that is nowhere": f"{SELLER} AND {text('붕붕')}",
    "text, state and dates": f"{SELLER} AND {text('라떼')} AND state = 'OK'"
    f" AND created_at <= {LONG_AGO}",
    "oldest first": SELLER,
}
"""The filters of ``programs/desk_window.py`` in plain SQL."""


@dataclass(frozen=True)
class Runs:
    """Measurements of the program: one entry a run."""

    file: Path
    all: list[dict[str, Any]]

    def parts(self, beginning: str) -> list[str]:
        """Return the measured values whose name begins so, in order."""
        return [part for part in self.all[0]["taken"] if part.startswith(beginning)]

    def p95(self, *parts: str) -> float:
        """Return the 95th percentile of all runs, in ms."""
        return quantile(
            [ms for run in self.all for part in parts for ms in run["taken"][part]], 0.95
        )

    def most(self, figure: str) -> float:
        """Return the largest of all runs."""
        return max(run[figure] for run in self.all)


@pytest.fixture(scope="module")
def runs(screen: Screen, measuring: bool, rows: int) -> Runs:
    """The program ``RUNS`` times."""
    file, rounds = million(rows), ROUNDS if measuring else 1
    times = RUNS if measuring else 1
    return Runs(file, [screen.run("desk_window.py", str(file), str(rounds)) for _ in range(times)])


def test_the_rows_are_those_of_plain_sql(runs: Runs) -> None:
    """It is not faster by showing other rows."""
    with closing(sqlite3.connect(runs.file)) as connection:
        expected = {name: _ids(connection, name) for name in FILTERS}
        oldest = _ids(connection, "oldest first")[0]
    for run in runs.all:
        assert run["ids"] == expected
        assert run["oldest"] == oldest
        assert run["rows_seen"] > 5


def test_first_page_painted(runs: Runs) -> None:
    cold = max(run["taken"]["first page"][0] for run in runs.all)
    report_line("request desk, first page painted, first of the program", cold, "ms", FRAME_MS)
    _report_frame("first page painted", runs, "first page")


def test_each_filter_painted(runs: Runs) -> None:
    """From the choice to the paint; the pause before a typed filter is searched for is not
    counted."""
    for part in runs.parts("filter "):
        _report_frame(f"{part} painted", runs, part)
    _report_frame("all filters painted", runs, *runs.parts("filter "))


def test_each_page_painted(runs: Runs) -> None:
    pages = [*runs.parts("next page of "), "page before"]
    for part in pages:
        _report_frame(f"{part} painted", runs, part)
    _report_frame("all pages painted", runs, *pages)


def test_each_jump_painted(runs: Runs) -> None:
    for part in runs.parts("jump "):
        _report_frame(f"{part} painted", runs, part)


def test_memory(runs: Runs) -> None:
    """From the empty table to the maximum after any action."""
    report_line("request desk, memory growth", runs.most("growth_mib"), "MiB", 40)


def test_the_window_stays_alive(runs: Runs) -> None:
    """The table's own gaps, and the gaps with the processor time of other programs."""
    report_line("request desk, longest GUI gap", runs.most("gap_ms"), "ms", FRAME_MS)
    name = "request desk, longest GUI gap, with what other programs took"
    report_line(name, runs.most("gap_with_others_ms"), "ms", 50)
    print(f"longest GUI gap at: {', '.join(run['gap_at'] for run in runs.all)}")


def _report_frame(name: str, runs: Runs, *parts: str) -> None:
    report_line(f"request desk, {name}, p95", runs.p95(*parts), "ms", FRAME_MS)


def _ids(connection: sqlite3.Connection, name: str) -> list[int]:
    way = "ASC" if name == "oldest first" else "DESC"
    found = connection.execute(
        f"SELECT id FROM requests WHERE {FILTERS[name]} ORDER BY created_at {way}, id {way} LIMIT 5"
    )
    return [int(row[0]) for row in found]
