"""From the start of the process to a till that takes an id, beside an empty window.

The till is a shop's, opened before; the demo shop starts PortOne's stand-in as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.conftest import SHOP_SETTINGS
from tests.benchmarks.figures import median, report_line
from tests.benchmarks.processes import Screen

pytestmark = pytest.mark.bench

ROUNDS = 9
MIB = 1024


@pytest.fixture(scope="module")
def starts(
    screen: Screen, shop_home: Path, demo_home: Path, measuring: bool
) -> dict[str, list[dict[str, Any]]]:
    """Each kind of start, ``ROUNDS`` times, in turns; one round before them warms the disk. Once
    when nothing is to be measured."""
    reported: dict[str, list[dict[str, Any]]] = {
        each: [] for each in ("empty", "ready", "key", "demo")
    }
    for number in range(ROUNDS + 1) if measuring else (1,):
        for awaited in ("ready", "key"):
            empty = screen.run("empty_window.py")
            till = screen.run("till_start.py", "run", str(shop_home), awaited, **SHOP_SETTINGS)
            if number:
                reported["empty"].append(empty)
                reported[awaited].append(till)
        demo = screen.run("till_start.py", "demo", str(demo_home), "ready")
        if number:
            reported["demo"].append(demo)
    return reported | {"till": reported["ready"] + reported["key"]}


def test_first_painted_window(starts: dict[str, list[dict[str, Any]]]) -> None:
    ratio = _middle(starts, "till", "painted") / _middle(starts, "empty", "painted")
    report_line("start to first painted window", ratio, "× an empty QMainWindow", 1.5)


def test_peak_memory_at_the_first_painted_window(starts: dict[str, list[dict[str, Any]]]) -> None:
    peak = _middle(starts, "till", "peak_kib")
    report_line("peak memory at the first painted window", peak / MIB, "MiB", 70)
    ratio = peak / _middle(starts, "empty", "peak_kib")
    report_line(
        "peak memory at the first painted window, ratio", ratio, "× an empty QMainWindow", 2.2
    )


def test_ready_to_take_an_id(starts: dict[str, list[dict[str, Any]]]) -> None:
    """Digits typed from the first paint on are kept, and acted upon once the services are ready."""
    empty = _middle(starts, "empty", "painted")
    assert {start["text"] for start in starts["key"]} == {"7"}
    assert {start["focus"] for start in starts["ready"]} == {"homeSearch"}
    key = _middle(starts, "key", "key") / empty
    report_line("start to a typed digit in the search", key, "× an empty QMainWindow", 3)
    ready = _middle(starts, "ready", "ready") / empty
    report_line("start to services attached", ready, "× an empty QMainWindow", 6)
    demo = _middle(starts, "demo", "ready") / empty
    report_line("start to services attached, demo shop", demo, "× an empty QMainWindow", 9)


def _middle(starts: dict[str, list[dict[str, Any]]], kind: str, moment: str) -> float:
    return median([float(start[moment]) for start in starts[kind]])
