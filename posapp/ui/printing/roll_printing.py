"""Prints papers on the shop's receipt printer, in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import EnvironmentProblem
from posapp.domain.roll_letters import Hangul
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState, ReceiptPrinter
from posapp.ui.core.task_runner import TaskResult, TaskRunner

if TYPE_CHECKING:
    from posapp.domain.roll import Draw, Roll
    from posapp.ui.printing.page_layout import CopyMark
    from posapp.ui.printing.paper import Paper

ROLL_SETTINGS = ("receipt_printer", "receipt_columns", "receipt_hangul")
"""Settings of the receipt printer: its address, the cells of a line, and what it draws."""


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

    Papers that wait when the program ends are not printed.

    Args:
        connect: returns the printer at an address.
        address: of the shop's printer; empty: it has none.
        runner: prints; ``None`` makes the thread.
    """

    unexpected = Signal(object)
    """An exception that is a bug, on the GUI thread."""

    def __init__(
        self,
        connect: Callable[[str], ReceiptPrinter],
        *,
        address: str = "",
        columns: str = "42",
        hangul: str = Hangul.KS5601.value,
        runner: TaskRunner | None = None,
    ) -> None:
        super().__init__()
        self._connect = connect
        self._settings = dict(zip(ROLL_SETTINGS, (address, columns, hangul), strict=True))
        self._runner = runner or TaskRunner(self, threads=1)
        self._runner.unexpected.connect(self.unexpected)
        self._names: set[str] = set()

    @property
    def is_set(self) -> bool:
        """Return whether the shop has a receipt printer."""
        return bool(self._settings["receipt_printer"])

    def choose(self, name: str, value: str) -> None:
        """Print by another value of one of ``ROLL_SETTINGS`` from now on."""
        self._settings[name] = value

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
        if paper.name in self._names:
            return False
        # What lays out and draws is loaded by the first print.
        from posapp.ui.printing.roll_layout import roll_of
        from posapp.ui.printing.roll_picture import draw_parts

        address, columns, hangul = self._settings.values()
        lay_out = partial(roll_of, paper, mark, int(columns), Hangul(hangul))
        work = partial(_printed, self._connect, address, lay_out, draw_parts, note)
        self._names.add(paper.name)
        self._runner.run(work, partial(self._ended, paper.name, done))
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

    def stop(self) -> None:
        """End the thread, in bounded time even if the printer hangs."""
        self._runner.stop()

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
