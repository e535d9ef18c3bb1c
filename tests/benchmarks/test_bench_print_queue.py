"""Handing a receipt over to a printer that is dead: what the window waits, and until it is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from posapp.domain.roll import Draw, Roll
from posapp.services.ports.receipt_printer import PrinterState
from posapp.services.printing.print_queue import PrintQueue
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from posapp.system.clock import SystemClock
from posapp.ui.core.fonts import load_fonts
from posapp.ui.printing.paper import Paper
from posapp.ui.printing.roll_printing import RollPrinting
from tests.benchmarks.figures import quantile, report_line
from tests.benchmarks.test_bench_receipt_printer import SALE

pytestmark = pytest.mark.bench

ROUNDS = 30
MOST_MS = 50
PATIENCE_S = 20


class DeadPrinter:
    """Takes a paper and never answers, until the test ends."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def at(self, address: str) -> DeadPrinter:
        return self

    def open_drawer(self) -> None:
        raise AssertionError("no drawer is opened here")

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        self.let_go.wait(PATIENCE_S)
        return PrinterState.READY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(tmp_path / "posapp.db")
    yield made
    made.close()


def test_hand_over_to_a_dead_printer(qapp, measuring: bool, store: SqlStore) -> None:
    assert load_fonts()
    queue, dead = PrintQueue(store, SystemClock()), DeadPrinter()
    roll = RollPrinting(dead.at, address="tcp:printer:9100")
    roll.use_queue(queue)
    handed, kept = [], []
    for number in range(ROUNDS if measuring else 1):
        paper = _numbered(number)
        begun = time.perf_counter()
        roll.print(paper, None, lambda: None, lambda _: None)
        handed.append((time.perf_counter() - begun) * 1000)
        while queue.backlog().count <= number and time.perf_counter() - begun < PATIENCE_S:
            QCoreApplication.processEvents()
        kept.append((time.perf_counter() - begun) * 1000)
    dead.let_go.set()
    roll.stop()
    report_line("hand-over to print, printer dead, p95", quantile(handed, 0.95), "ms", MOST_MS)
    report_line("the same until it is committed, p95", quantile(kept, 0.95), "ms", 2 * MOST_MS)


def _numbered(number: int) -> Paper:
    return replace(SALE, name=f"receipt {number}")
