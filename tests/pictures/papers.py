"""Papers that wait for the receipt printer of a counter, whose state is as it is given."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.codes import order_code
from posapp.domain.errors import EnvironmentCode
from posapp.domain.print_jobs import PrintJob
from posapp.domain.roll import Roll, RollCode, RollLine
from posapp.domain.roll_text import roll_to_text
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.printing.print_queue import PrintQueue
from posapp.system.clock import SystemClock
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.printing.roll_printing import RollPrinting
from tests.fakes.actors import WHO
from tests.ui.printing.test_roll_printing import FakePrinter

ADDRESS = "tcp:192.168.0.20:9100"
NO_PAPER = PrinterProblem(EnvironmentCode.PRINTER_PAPER)


def give_printer(counter: CounterWindow, now: PrinterState | PrinterProblem) -> RollPrinting:
    """Connect a printer in a state; with a problem, it prints nothing."""
    printer: FakePrinter = counter.printer  # type: ignore[attr-defined]
    printer.now = now
    printer.results = [now] * 9 if isinstance(now, PrinterProblem) else []
    roll: RollPrinting = counter.roll  # type: ignore[attr-defined]
    roll.choose("receipt_printer", ADDRESS)
    return roll


def leave_papers(counter: CounterWindow, order_id: int) -> None:
    """Leave papers that wait: one that may be half out, one of an hour ago, and a new one."""
    queue: PrintQueue = counter.demo.container.print_queue  # type: ignore[attr-defined]
    lines = Roll((RollLine("단팥빵 2,200원"), RollCode(order_code(order_id))), 42)
    half = queue.add("slip 7 returned", lines)
    queue.begin(half.id)
    queue.halted(half.id, EnvironmentCode.PRINTER_HALTED.value)
    past = SystemClock().now() - timedelta(hours=1)
    with counter.demo.container.store.transaction() as uow:  # type: ignore[attr-defined]
        uow.print_jobs.add(PrintJob(0, "z 12", roll_to_text(Roll((), 42)), past))
        uow.commit()
    new = queue.add(f"receipt {order_id}", lines)
    queue.begin(new.id)
    queue.postpone(new.id, EnvironmentCode.PRINTER_PAPER.value)


def take_printer_away(counter: CounterWindow) -> None:
    """Leave the counter without papers that wait, and without a printer."""
    roll: RollPrinting = counter.roll  # type: ignore[attr-defined]
    if not roll.is_set:
        return
    counter.demo.container.print_queue.drop_all(WHO)  # type: ignore[attr-defined]
    roll.choose("receipt_printer", "")
    drop_notices(counter)


def drop_notices(counter: CounterWindow) -> None:
    """Close what is said of the papers."""
    while counter.arrivals is not None and counter.arrivals.unseen:
        counter.arrivals._close()
