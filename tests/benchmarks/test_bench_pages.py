"""Pages of the counter's own sale: from the press to the page painted with all that it reads."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from posapp.ui.shell import routes
from tests.benchmarks.figures import median, quantile, report_line
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

RUNS, ROUNDS = 3, 20
FIRST_MS, AGAIN_MS = 250, 100
"""The first visit makes the page; a person takes 100 ms for at once."""

PAGES = (routes.SALE, routes.PRODUCTS, routes.SHIFT, routes.CHARTS, routes.CASH_RECEIPTS)


@pytest.fixture(scope="module")
def runs(
    screen: Screen, demo_home: Path, measuring: bool, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    """The program ``RUNS`` times, each on its own copy of the shop."""
    reported = []
    for _ in range(RUNS if measuring else 1):
        home = tmp_path_factory.mktemp("pages") / "shop"
        shutil.copytree(demo_home, home)
        (home / "sandbox.port").unlink(missing_ok=True)
        rounds = ROUNDS if measuring else 1
        reported.append(screen.run("pages_window.py", str(home), str(rounds)))
    return reported


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_painted(runs: list[dict[str, Any]], page: str) -> None:
    first = [run[f"{page} first"][0] for run in runs]
    again = [ms for run in runs for ms in run[page]]
    report_line(f"page {page}, first press to painted, median", median(first), "ms", FIRST_MS)
    report_line(f"page {page}, press to painted again, p95", quantile(again, 0.95), "ms", AGAIN_MS)
