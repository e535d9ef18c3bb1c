"""The sale page over a hundred thousand products: a scan to its row, ten scans a second, and the
search."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.many_products import many_products
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

PRODUCTS, FEW = 100_000, 2_000
SINGLE, MANY = 100, 600
SCANNED_MS, TYPED_MS, GAP_MS = 50, 50, 50


@pytest.fixture(scope="module")
def run(screen: Screen, measuring: bool) -> dict[str, Any]:
    file = many_products(PRODUCTS if measuring else FEW)
    single, many = (SINGLE, MANY) if measuring else (3, 10)
    found: dict[str, Any] = screen.run("sale_window.py", str(file), str(single), str(many))
    return found | {"many": many}


def test_a_scan_to_its_row(run: dict[str, Any]) -> None:
    scanned, empty = quantile(run["scans"], 0.95), quantile(run["empty_rows"], 0.95)
    report_line("sale, scan to row painted, p95", scanned, "ms", SCANNED_MS)
    ratio = scanned / empty
    report_line("sale, scan to row painted, times an empty row's repaint, p95", ratio, "×", 3)


def test_ten_scans_a_second(run: dict[str, Any]) -> None:
    """None is lost, and they are in their order."""
    assert run["counted"] == run["many"] and run["in_order"]
    lost = run["many"] - run["counted"]
    report_line(f"sale, ten scans a second, lost of {MANY}", lost, "scans", 0)
    report_line("sale, ten scans a second, longest GUI gap", run["gap_ms"], "ms", GAP_MS)


def test_a_keystroke_of_the_search(run: dict[str, Any]) -> None:
    typed, query = quantile(run["keystrokes"], 0.95), quantile(run["queries"], 0.95)
    report_line("sale, search to tiles painted, p95", typed, "ms", TYPED_MS)
    report_line("sale, search to tiles painted, times its query, p95", typed / query, "×", 5)
