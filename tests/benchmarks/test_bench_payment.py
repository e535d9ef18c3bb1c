"""A whole payment in the real window: how long people wait, and whether the window stays alive."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posapp.ui.scanner.burst import GAP_MS
from tests.benchmarks.figures import median, quantile, report_line
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

RUNS, SALES = 3, 8
DARK_RUNS, DARK_SALES = 2, 2
DARK_S = 4.0
"""Longer than a call to PortOne may take in these runs: some time out while they are watched."""
SHORT_CALLS = {"POSAPP_READ_MS": "1500", "POSAPP_TOTAL_MS": "2000"}
"""So that calls into the black hole end while the bench looks on."""

Runs = list[list[dict[str, Any]]]


Sell = Callable[[int, int, float], Runs]


@pytest.fixture(scope="module")
def sell(
    screen: Screen, demo_home: Path, tmp_path_factory: pytest.TempPathFactory, measuring: bool
) -> Sell:
    """Runs so many programs, each on its own copy of the shop, with so many sales each; one with
    one sale when nothing is to be measured."""

    def run(runs: int, sales: int, dark_s: float) -> Runs:
        if not measuring:
            runs = sales = 1
        calls = SHORT_CALLS if dark_s else {}
        reported = []
        for number in range(runs):
            text = (_copy(demo_home, tmp_path_factory), sales, dark_s, number, runs)
            reported.append(screen.run("sales.py", *map(str, text), **calls)["sales"])
        return reported

    return run


@pytest.fixture(scope="module")
def runs(sell: Sell) -> Runs:
    return sell(RUNS, SALES, 0)


def test_from_the_press_to_the_code(runs: Runs) -> None:
    sales = [sale for run in runs for sale in run]
    held = [sale["held_ms"] for sale in sales]  # for so long a scanner's next key could follow
    own = [sale["own_ms"] for sale in sales]
    assert min(own) >= 0
    report_line("press of 결제 held for a scanner's next key", median(held), "ms", GAP_MS + 16)
    report_line("결제 to QR painted, own share after that wait", median(own), "ms", 16)


def test_from_the_payment_to_the_success(runs: Runs) -> None:
    waits = [sale["to_success_ms"] / 1000 for run in runs for sale in run]
    report_line("paid at the sandbox to success painted, p95", quantile(waits, 0.95), "s", 1)


def test_the_window_stays_alive_during_a_payment(runs: Runs) -> None:
    _report_gaps("longest GUI gap during a whole payment", runs)


def test_the_window_stays_alive_while_portone_is_a_black_hole(sell: Sell) -> None:
    _report_gaps("longest GUI gap with PortOne black-holed", sell(DARK_RUNS, DARK_SALES, DARK_S))


def _report_gaps(name: str, runs: Runs) -> None:
    """The till's own gaps, and what they were with the processor time that others took in them."""
    gaps = [[sale["gap_ms"] for sale in run] for run in runs]
    report_line(f"{name}, median of the sales", max(median(run) for run in gaps), "ms", 50)
    report_line(f"{name}, worst of all", max(max(run) for run in gaps), "ms", 50)
    with_others = max(sale["gap_with_others_ms"] for run in runs for sale in run)
    report_line(f"{name}, worst, with what other programs took", with_others, "ms", 50)


def _copy(home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same shop again, its sandbox at a port of its own."""
    copied = tmp_path_factory.mktemp("sales") / "shop"
    shutil.copytree(home, copied)
    (copied / "sandbox.port").unlink(missing_ok=True)
    return str(copied)
