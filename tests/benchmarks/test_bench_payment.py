"""A whole payment in the real window: how long people wait, and whether the window stays alive."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import median, quantile, tell
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

RUNS, SALES = 3, 8
DARK_RUNS, DARK_SALES = 2, 2
SHORT_CALLS = {"POSAPP_READ_MS": "1500", "POSAPP_TOTAL_MS": "2000"}
"""So that calls into the black hole end while the bench looks on."""

Runs = list[list[dict[str, Any]]]


@pytest.fixture(scope="module")
def runs(screen: Screen, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """``RUNS`` programs, each on its own copy of the shop, with ``SALES`` sales each."""
    return [
        _sell(screen, _copy(demo_home, tmp_path_factory), SALES, "plain", run, RUNS)
        for run in range(RUNS)
    ]


def test_from_the_press_to_the_code(runs: Runs) -> None:
    own = [sale["own_ms"] for run in runs for sale in run]
    tell("press of 결제 to QR painted, own share", median(own), "ms", 30)


def test_from_the_payment_to_the_success(runs: Runs) -> None:
    waits = [sale["to_success_ms"] / 1000 for run in runs for sale in run]
    tell("paid at the sandbox to success painted, p95", quantile(waits, 0.95), "s", 2)


def test_the_window_stays_alive_during_a_payment(runs: Runs) -> None:
    _tell_gaps("longest GUI gap during a whole payment", runs)


def test_the_window_stays_alive_while_portone_is_a_black_hole(
    screen: Screen, demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runs = [
        _sell(screen, _copy(demo_home, tmp_path_factory), DARK_SALES, "dark", run, DARK_RUNS)
        for run in range(DARK_RUNS)
    ]
    _tell_gaps("longest GUI gap with PortOne black-holed", runs)


def _sell(
    screen: Screen, home: str, sales: int, how: str, run: int, runs: int
) -> list[dict[str, Any]]:
    calls = SHORT_CALLS if how == "dark" else {}
    told = screen.run("sales.py", home, str(sales), how, str(run), str(runs), **calls)
    measured: list[dict[str, Any]] = told["sales"]
    return measured


def _tell_gaps(name: str, runs: Runs) -> None:
    """The till's own gaps, and what they were with the processor time that others took in them."""
    gaps = [[sale["gap_ms"] for sale in run] for run in runs]
    tell(f"{name}, median of the sales", max(median(run) for run in gaps), "ms", 50)
    tell(f"{name}, worst of all", max(max(run) for run in gaps), "ms", 50)
    with_others = max(sale["gap_with_others_ms"] for run in runs for sale in run)
    tell(f"{name}, worst, with what other programs took", with_others, "ms", 50)


def _copy(home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same shop again, its sandbox at a port of its own."""
    copied = tmp_path_factory.mktemp("sales") / "shop"
    shutil.copytree(home, copied)
    (copied / "sandbox.port").unlink(missing_ok=True)
    return str(copied)
