"""Sends papers of the queue to the receipt printer, in the printer's own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState, ReceiptPrinter
from posapp.services.printing.print_queue import Backlog

if TYPE_CHECKING:
    from posapp.domain.roll import Draw
    from posapp.services.printing.print_queue import PrintQueue


@dataclass(frozen=True, slots=True)
class SendResult:
    """How one send ended.

    Attributes:
        state: of the printer that took the paper; ``None``: it did not, or nothing was sent.
        problem: why not.
        not_noted: why the queue does not know how it ended.
    """

    state: PrinterState | None = None
    problem: PrinterProblem | None = None
    not_noted: EnvironmentProblem | None = None


@dataclass(frozen=True, slots=True)
class PrinterReport:
    """What is known of the printer and of the papers that wait for it.

    Attributes:
        state, code: what the last send showed; both ``None``: nothing yet.
    """

    backlog: Backlog
    state: PrinterState | None = None
    code: EnvironmentCode | None = None


def send_job(
    queue: PrintQueue,
    connect: Callable[[], ReceiptPrinter],
    draw: Draw,
    job_id: int,
) -> SendResult:
    """Send one paper; the queue knows of it before, and how it ended afterwards."""
    try:
        roll = queue.begin(job_id)
    except EnvironmentProblem as problem:
        return SendResult(not_noted=problem)
    if roll is None:
        return SendResult()
    state = found = None
    try:
        state = connect().print(roll, draw)
    except PrinterProblem as problem:
        found = problem
    try:
        if found is None:
            queue.printed(job_id)
        elif found.may_be_out:
            queue.halted(job_id, found.code.value)
        else:
            queue.postpone(job_id, found.code.value)
    except EnvironmentProblem as problem:
        return SendResult(state, found, problem)
    return SendResult(state, found)


def send_due(queue: PrintQueue, connect: Callable[[], ReceiptPrinter], draw: Draw) -> PrinterReport:
    """Send what is due, oldest first, until the printer takes no more."""
    state = code = None
    for job_id in queue.due():
        result = send_job(queue, connect, draw, job_id)
        if result.state is not None:
            state, code = result.state, None
        if result.problem is not None:
            state, code = None, result.problem.code
        if result.problem is not None or result.not_noted is not None:
            break
    return PrinterReport(queue.backlog(), state, code)


def state_now(queue: PrintQueue | None, connect: Callable[[], ReceiptPrinter]) -> PrinterReport:
    """Ask the printer how it is; print nothing."""
    state = code = None
    try:
        state = connect().state()
    except PrinterProblem as problem:
        code = problem.code
    return PrinterReport(queue.backlog() if queue is not None else Backlog(), state, code)
