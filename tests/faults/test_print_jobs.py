"""docs/faults.md, rows 110 to 112: the printer, and what ends the program while it prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from posapp.domain.errors import EnvironmentCode
from posapp.domain.print_jobs import PrintJobState
from posapp.domain.roll import Draw, Roll, RollLine
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.printing.print_queue import Backlog, PrintQueue
from posapp.ui.printing.queued_printing import send_due
from tests.fakes.till import Till
from tests.integration.test_print_queue import PAPER, ROLL, STAMP, job

CHILD = """
import sys, time
from pathlib import Path
from posapp.domain.roll import Roll, RollLine
from posapp.services.printing.print_queue import PrintQueue
from posapp.store.open_store import open_store
from posapp.system.clock import SystemClock

queue = PrintQueue(open_store(Path(sys.argv[1])), SystemClock())
roll = Roll((RollLine("bread"),), 42)
first, second = queue.add("receipt 1", roll), queue.add("receipt 2", roll)
if sys.argv[2] == "sending":
    assert queue.begin(first.id) is not None
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def till(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[Till]:
    made = Till(tmp_path / "posapp.db", sandbox, clock)
    yield made
    made.close()


class Printer:
    """Keeps what it prints; its results are given, then it is ready."""

    def __init__(self, *results: PrinterProblem | PrinterState) -> None:
        self.papers: list[list[str]] = []
        self.results = list(results)

    def open_drawer(self) -> None:
        raise AssertionError("no drawer is opened here")

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        result = self.results.pop(0) if self.results else PrinterState.READY
        if isinstance(result, PrinterProblem) and not result.may_be_out:
            raise result
        self.papers.append([part.text for part in roll.parts])
        if isinstance(result, PrinterProblem):
            raise result
        return result


def send(queue: PrintQueue, printer: Printer) -> Backlog:
    return send_due(queue, lambda: printer, draw).backlog


def draw(*_: object) -> Any:
    raise AssertionError("nothing is drawn here")


def killed(folder: Path, step: str) -> Path:
    """The file of a program that was killed, two papers in its queue."""
    path = folder / "killed.db"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), step],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return path


# 110: no paper, cover open, off.


def test_fault_110_papers_wait_and_come_out_once_in_their_order(till: Till) -> None:
    queue = till.print_queue
    empty = PrinterProblem(EnvironmentCode.PRINTER_PAPER)
    printer = Printer(empty, empty)
    names = ["receipt 1", "receipt 2", "receipt 3"]
    for name in names:
        queue.add(name, Roll((RollLine(name),), 42))
    assert send(queue, printer) == Backlog(3, 3)
    till.clock.advance(seconds=60)
    assert send(queue, printer) == Backlog(3, 3)
    assert send(queue, printer) == Backlog()
    assert printer.papers == [[name] for name in names]


def test_fault_110_a_paper_of_an_hour_ago_is_asked_about(till: Till) -> None:
    queue, printer = till.print_queue, Printer()
    queue.add(PAPER, ROLL)
    till.clock.advance(seconds=3_600)
    assert send(queue, printer) == Backlog(1, 0)
    assert printer.papers == []


# 111: it stops in the middle of a paper.


def test_fault_111_half_a_paper_is_not_sent_again_by_itself(till: Till) -> None:
    queue = till.print_queue
    halted = PrinterProblem(EnvironmentCode.PRINTER_HALTED, may_be_out=True)
    printer = Printer(halted)
    queue.add(PAPER, Roll((RollLine("단팥빵"),), 42))
    assert send(queue, printer) == Backlog(1, 0)
    assert send(queue, printer) == Backlog(1, 0)
    assert len(printer.papers) == 1


# 112: killed before, while and after a paper is sent.


def test_fault_112_a_paper_that_waited_comes_out_after_a_kill(
    till: Till, tmp_path: Path, sandbox: Any, clock: Any
) -> None:
    path = killed(tmp_path, "waiting")
    again = Till(path, sandbox, clock)
    queue, printer = again.print_queue, Printer()
    assert queue.recover().count == 2
    queue.print_all(again.session.actor)
    assert send(queue, printer) == Backlog()
    assert printer.papers == [["bread"], ["bread"]]
    again.close()


def test_fault_112_a_paper_that_was_being_sent_is_a_copy_after_a_kill(
    till: Till, tmp_path: Path, sandbox: Any, clock: Any
) -> None:
    path = killed(tmp_path, "sending")
    again = Till(path, sandbox, clock)
    queue, printer = again.print_queue, Printer()
    assert queue.recover().count == 2
    assert job(again, 1).may_be_out and not job(again, 2).may_be_out
    queue.print_all(again.session.actor)
    assert send(queue, printer) == Backlog()
    assert printer.papers == [[STAMP, "bread", STAMP], ["bread"]]
    again.close()


def test_fault_112_twin_that_forgets_the_send_prints_two_originals(till: Till) -> None:
    queue, printer = till.print_queue, Printer()
    made = queue.add(PAPER, Roll((RollLine("단팥빵"),), 42))
    roll = queue.begin(made.id)
    assert roll is not None
    printer.print(roll, draw)
    with mock.patch.object(PrintQueue, "recover", lambda one: one.backlog()):
        queue.recover()
    with till.store.transaction() as uow:
        assert job(till).state is PrintJobState.WAITING
        uow.commit()
    send(queue, printer)
    assert printer.papers == [["단팥빵"], ["단팥빵"]]
