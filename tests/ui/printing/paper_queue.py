"""A file with the queue of papers, and papers of it: for the tests of printing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.receipt_printer import PrinterProblem
from posapp.services.printing.print_queue import PrintQueue
from posapp.store.open_store import open_store
from posapp.ui.printing.paper import LineKind, Paper, PaperLine
from posapp.ui.printing.roll_printing import RollPrinting
from tests.fakes.world import FakeClock

EMPTY = PrinterProblem(EnvironmentCode.PRINTER_PAPER)
HALTED = PrinterProblem(EnvironmentCode.PRINTER_HALTED, may_be_out=True)


def paper(number: int = 1) -> Paper:
    lines = (PaperLine(LineKind.TEXT, f"영수증 {number}"),)
    return Paper("receipt", f"receipt {number}", "영수증", f"영수증 {number}", lines, f"PO{number}")


class Till:
    """A file, a clock, and the queue."""

    def __init__(self, path: Path) -> None:
        self.store, self.clock = open_store(path), FakeClock()
        self.print_queue = PrintQueue(self.store, self.clock)


def press(roll: RollPrinting, number: int = 1) -> list[Any]:
    results: list[Any] = []
    roll.print(paper(number), None, lambda: None, results.append)
    return results
