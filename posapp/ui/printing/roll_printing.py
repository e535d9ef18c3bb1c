"""Prints papers on the shop's receipt printer, in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.roll_letters import Hangul
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState, ReceiptPrinter
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.queued_printing import PrinterReport, send_due, send_job, state_now

if TYPE_CHECKING:
    from posapp.domain.actors import Actor
    from posapp.domain.print_jobs import PrintJob
    from posapp.domain.roll import Draw, Roll
    from posapp.services.printing.print_queue import PrintQueue, WaitingPaper
    from posapp.ui.printing.page_layout import CopyMark
    from posapp.ui.printing.paper import Paper

AGAIN_MS = 10_000
"""Pause until papers that wait are tried again."""

DRAWER_WAIT_S = 3.0
"""Seconds that opening the drawer waits for a paper at most."""

ROLL_SETTINGS = ("receipt_printer", "receipt_columns", "receipt_hangul", "receipt_auto")
"""Settings of the receipt printer: its address, the cells of a line, what it draws, and whether it
prints the receipt of each sale at the counter."""


@dataclass(frozen=True, slots=True)
class RollResult:
    """How a print ended.

    Attributes:
        state: of the printer that took the paper; ``None``: it was not printed as a whole.
        problem: why not.
        not_noted: why the print is not in the order's records.
    """

    state: PrinterState | None = None
    problem: PrinterProblem | None = None
    not_noted: EnvironmentProblem | None = None

    @property
    def is_out(self) -> bool:
        """Return whether the paper, or a part of it, may have come out: the next one is a copy."""
        return self.state is not None or (self.problem is not None and self.problem.may_be_out)


class RollPrinting(QObject):
    """Prints one paper after the other in a thread of its own: a printer that is slow or away
    delays the papers behind it, and nothing else.

    With a queue each paper is committed first, in another thread, and waits there until the printer
    takes it, also over the end of the program. Without one (a kiosk: its buyers leave), papers that
    wait when the program ends are not printed.

    Args:
        connect: returns the printer at an address.
        address: of the shop's printer; empty: it has none.
        find: returns the addresses of this machine at which a printer may be; may take a while.
        runner: prints; ``None`` makes the thread.
        keeper: commits papers to the queue; ``None`` makes the thread.
    """

    unexpected = Signal(object)
    """An exception that is a bug, on the GUI thread."""

    reported = Signal(object)
    """Something is known of the printer or the papers that wait. Carries a ``PrinterReport``."""

    chosen = Signal()
    """One of its settings has another value."""

    queue_failed = Signal(object)
    """What a person wanted of the papers that wait was not stored. Carries the exception."""

    drawer_failed = Signal(object)
    """The drawer did not open, and nobody else was told. Carries the exception."""

    def __init__(
        self,
        connect: Callable[[str], ReceiptPrinter],
        *,
        address: str = "",
        columns: str = "42",
        hangul: str = Hangul.KS5601.value,
        auto: str = "no",
        find: Callable[[], tuple[str, ...]] = tuple,
        runner: TaskRunner | None = None,
        keeper: TaskRunner | None = None,
    ) -> None:
        super().__init__()
        self._connect, self.find = connect, find
        self._settings = dict(zip(ROLL_SETTINGS, (address, columns, hangul, auto), strict=True))
        self._runner = runner or TaskRunner(self, threads=1)
        self._runner.unexpected.connect(self.unexpected)
        self._keeper = keeper or runner or TaskRunner(self, threads=1)
        self._keeper.unexpected.connect(self.unexpected)
        self._names: set[str] = set()
        self._is_asking = False
        self.known: PrinterState | EnvironmentCode | None = None
        """What was last known of the shop's printer: its state, or why it prints nothing."""

        self._queue: PrintQueue | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.send_due)

    @property
    def is_set(self) -> bool:
        """Return whether the shop has a receipt printer."""
        return bool(self._settings["receipt_printer"])

    @property
    def settings(self) -> Mapping[str, str]:
        """Return the values of ``ROLL_SETTINGS`` by which it prints."""
        return self._settings

    @property
    def prints_sales(self) -> bool:
        """Return whether the receipt of a sale at the counter is printed without a press."""
        return self.is_set and self._settings["receipt_auto"] == "yes"

    def choose(self, name: str, value: str) -> None:
        """Print by another value of one of ``ROLL_SETTINGS`` from now on."""
        self._settings[name] = value
        if name == "receipt_printer":
            self.known = None
        self.chosen.emit()
        if name == "receipt_printer":
            self.send_due()

    def use_queue(self, queue: PrintQueue) -> None:
        """Print by a queue from now on, and take over what an earlier run left in it."""
        self._queue = queue

        def recover() -> PrinterReport:
            return PrinterReport(queue.recover())

        self._keeper.run(recover, self._report)

    @Slot()
    def send_due(self) -> None:
        """Print what waits and is due, in the background."""
        if self._queue is None or not self.is_set:
            return
        from posapp.ui.printing.roll_picture import draw_parts

        self._again.stop()
        self._runner.run(
            partial(send_due, self._queue, self._connected(), draw_parts), self._report
        )

    def print_all(self, actor: Actor) -> None:
        """Print every paper that is not out, whatever its age."""
        if self._queue is not None:
            work = partial(self._queue.print_all, actor)
            self._keeper.run(work, self._send_wanted)

    def print_one(self, actor: Actor, job_id: int) -> None:
        """Print one paper that is not out, whatever its age, behind those that are due."""
        if self._queue is not None:
            self._keeper.run(partial(self._queue.print_one, actor, job_id), self._send_wanted)

    def drop_all(self, actor: Actor) -> None:
        """Drop every paper that is not out."""
        if self._queue is not None:
            self._drop(self._queue, partial(self._queue.drop_all, actor))

    def drop_one(self, actor: Actor, job_id: int) -> None:
        """Drop one paper that is not out."""
        if self._queue is not None:
            self._drop(self._queue, partial(self._queue.drop_one, actor, job_id))

    def papers(self) -> tuple[WaitingPaper, ...]:
        """Return the papers that are not out, oldest first; callable in any thread.

        Raises:
            EnvironmentProblem: the disk.
        """
        return self._queue.papers() if self._queue is not None else ()

    @Slot()
    def ask_state(self) -> None:
        """Ask the shop's printer how it is, in the background; ``reported`` tells. An answer that
        is still awaited is enough."""
        if not self.is_set or self._is_asking:
            return
        self._is_asking = True

        def answered(outcome: TaskResult[PrinterReport]) -> None:
            self._is_asking = False
            self._report(outcome)

        self._runner.run(partial(state_now, self._queue, self._connected()), answered)

    def print(
        self,
        paper: Paper,
        mark: CopyMark | None,
        note: Callable[[], object],
        done: Callable[[TaskResult[RollResult]], None],
    ) -> bool:
        """Print a paper with the mark of a copy, and call ``done`` on the GUI thread.

        Return ``False`` if the paper is being printed: a second one now would have no mark of a
        copy, and nothing is done.

        Args:
            note: records the print; called as soon as the paper may be out, in the background, and
                raises ``EnvironmentProblem``.
        """
        # What lays out and draws is loaded by the first print.
        from posapp.ui.printing.roll_layout import roll_of

        return self.print_roll(
            paper.name, lambda columns, hangul: roll_of(paper, mark, columns, hangul), done, note
        )

    def print_roll(
        self,
        name: str,
        lay_out: Callable[[int, Hangul], Roll],
        done: Callable[[TaskResult[RollResult]], None],
        note: Callable[[], object] = lambda: None,
    ) -> bool:
        """Print a paper of a name, as ``print`` does.

        Args:
            lay_out: returns it for lines of so many cells; called in the background.
        """
        if name in self._names:
            return False
        from posapp.ui.printing.roll_picture import draw_parts

        address, columns, hangul, _ = self._settings.values()
        laid_out = partial(lay_out, int(columns), Hangul(hangul))
        self._names.add(name)
        if self._queue is not None:
            queue = self._queue
            self._keeper.run(
                lambda: queue.add(name, laid_out()),
                partial(self._kept, name, laid_out, note, done),
            )
            return True
        work = partial(_printed, self._connect, address, laid_out, draw_parts, note)
        self._runner.run(work, partial(self._ended, name, done))
        return True

    def test(
        self,
        address: str,
        columns: str,
        lines: Iterable[str],
        done: Callable[[TaskResult[PrinterState]], None],
    ) -> None:
        """Print a test of any printer: some lines, and a sample in each way to write Hangul.

        Raises nothing; a ``PrinterProblem`` is in the result.
        """
        from posapp.ui.printing.roll_picture import draw_parts
        from posapp.ui.printing.roll_sample import sample_roll

        roll = sample_roll(tuple(lines), int(columns))
        self._runner.run(lambda: self._connect(address).print(roll, draw_parts), done)

    def open_drawer(self, done: Callable[[TaskResult[None]], None] | None = None) -> None:
        """Open the drawer at the shop's printer now, and call ``done`` on the GUI thread; a
        ``PrinterProblem`` is in its result. Without ``done`` a failure is emitted as
        ``drawer_failed``. Does nothing where the shop has no printer.

        It waits for the paper that is being printed, ``DRAWER_WAIT_S`` at most, and is not tried
        again: a drawer that opens later opens in front of somebody else.
        """
        if self.is_set:
            address, begun = self._settings["receipt_printer"], time.monotonic()

            def work() -> None:
                if time.monotonic() - begun > DRAWER_WAIT_S:
                    raise PrinterProblem(EnvironmentCode.PRINTER_HALTED, "a paper hangs")
                self._connect(address).open_drawer()

            self._runner.run(work, done or self._tell_drawer)

    def stop(self) -> None:
        """End the thread, in bounded time even if the printer hangs."""
        self._again.stop()
        self._keeper.stop()
        self._runner.stop()

    def _drop(self, queue: PrintQueue, drop: Callable[[], object]) -> None:
        def work() -> PrinterReport:
            drop()
            return PrinterReport(queue.backlog())

        self._keeper.run(work, self._dropped)

    def _dropped(self, outcome: TaskResult[PrinterReport]) -> None:
        if outcome.error is not None:
            self.queue_failed.emit(outcome.error)
        self._report(outcome)

    def _send_wanted(self, outcome: TaskResult[object]) -> None:
        if outcome.error is not None:
            self.queue_failed.emit(outcome.error)
        self.send_due()

    def _tell_drawer(self, outcome: TaskResult[None]) -> None:
        if isinstance(outcome.error, PrinterProblem):
            self.known = outcome.error.code
        if outcome.error is not None:
            self.drawer_failed.emit(outcome.error)

    def _connected(self) -> Callable[[], ReceiptPrinter]:
        return partial(self._connect, self._settings["receipt_printer"])

    def _kept(
        self,
        name: str,
        lay_out: Callable[[], Roll],
        note: Callable[[], object],
        done: Callable[[TaskResult[RollResult]], None],
        outcome: TaskResult[PrintJob],
    ) -> None:
        """Send a paper that was committed; one that could not be is sent without the queue."""
        from posapp.ui.printing.roll_picture import draw_parts

        job, queue = outcome.value, self._queue
        ended = partial(self._ended, name, done)
        if job is None or queue is None:
            address = self._settings["receipt_printer"]
            work = partial(_printed, self._connect, address, lay_out, draw_parts, note)
            self._runner.run(work, ended)
            return
        send = partial(_sent, queue, self._connected(), draw_parts, job.id)

        def finish(sent: TaskResult[tuple[RollResult, PrinterReport]]) -> None:
            if sent.value is None:
                ended(TaskResult(error=sent.error))
                return
            result, report = sent.value
            ended(TaskResult(result))
            self._report(TaskResult(report))

        self._runner.run(send, finish)

    def _report(self, outcome: TaskResult[PrinterReport]) -> None:
        report = outcome.value
        if report is None:
            return
        self.known = report.state or report.code or self.known
        if report.backlog.due and not self._again.isActive():
            self._again.start()
        self.reported.emit(report)

    def _ended(
        self,
        name: str,
        done: Callable[[TaskResult[RollResult]], None],
        outcome: TaskResult[RollResult],
    ) -> None:
        self._names.discard(name)
        done(outcome)


def _printed(
    connect: Callable[[str], ReceiptPrinter],
    address: str,
    lay_out: Callable[[], Roll],
    draw: Draw,
    note: Callable[[], object],
) -> RollResult:
    try:
        result = RollResult(state=connect(address).print(lay_out(), draw))
    except PrinterProblem as problem:
        result = RollResult(problem=problem)
    if not result.is_out:
        return result
    try:
        note()
    except EnvironmentProblem as problem:
        return RollResult(result.state, result.problem, problem)
    return result


def _sent(
    queue: PrintQueue, connect: Callable[[], ReceiptPrinter], draw: Draw, job_id: int
) -> tuple[RollResult, PrinterReport]:
    sent = send_job(queue, connect, draw, job_id)
    code = sent.problem.code if sent.problem is not None else None
    report = PrinterReport(queue.backlog(), sent.state, code)
    return RollResult(sent.state, sent.problem, sent.not_noted), report
