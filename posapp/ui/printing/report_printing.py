"""Prints X and Z reports, and addenda, on the shop's receipt printer."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.report_content import ReportContent
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.addendum_paper import AnyReport, paper_of

if TYPE_CHECKING:
    from datetime import datetime

    from posapp.services.cash.closing import ClosingService
    from posapp.services.orders.order_history import OrderHistoryService
    from posapp.services.session import Session
    from posapp.ui.printing.paper import Paper
    from posapp.ui.printing.roll_printing import RollPrinting, RollResult


class ReportPrinting(QObject):
    """Prints a report; a Z report or an addendum that was printed before is marked as a copy.

    A print of an X report is recorded nowhere: another one has other figures.

    Args:
        printed: the prints of this run, by their paper's name.
        roll: the shop's receipt printer, if the program has any.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """Nothing was printed, or the print not recorded. Carries a function that returns the text, in
    the language of its call."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        closing: ClosingService,
        histories: OrderHistoryService,
        session: Session,
        clock: Clock,
        page: QObject,
        *,
        printed: MutableMapping[str, PrintRecord],
        roll: RollPrinting | None,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._closing = texts, runner, closing
        self._histories, self._session, self._clock = histories, session, clock
        self._printed, self._roll = printed, roll

    @property
    def has_printer(self) -> bool:
        """Return whether the shop has a receipt printer."""
        return self._roll is not None and self._roll.is_set

    def print(self, content: AnyReport) -> None:
        """Print a report now, or say that there is no printer."""
        if not self.has_printer:
            self.said.emit(self._texts("shift.no_printer"))
            return
        paper = paper_of(self._texts, content)
        if isinstance(content, ReportContent) and content.end is None:
            self._send(paper, None, lambda: None)
            return
        read = partial(self._closing.printed, paper.name)
        self._runner.run(read, partial(self._read, paper), owner=self)

    def _read(self, paper: Paper, outcome: TaskResult[PrintRecord | None]) -> None:
        if outcome.error is not None:
            self._fail(outcome.error)
            return
        stored, known = outcome.value, self._printed.get(paper.name)
        if stored is not None and (known is None or known.times <= stored.times):
            self._printed[paper.name] = stored
        at = self._clock.now()
        note = partial(self._histories.note_printed, self._session.actor, paper.name, at)
        self._send(paper, at, note)

    def _send(self, paper: Paper, at: datetime | None, note: Callable[[], object]) -> None:
        from posapp.ui.printing.page_layout import mark_after

        mark = mark_after(self._texts, self._printed.get(paper.name)) if at is not None else None
        roll = self._roll
        if roll is not None and not roll.print(paper, mark, note, partial(self._ended, paper, at)):
            self.said.emit(self._texts("printers.printing"))

    def _ended(self, paper: Paper, at: datetime | None, outcome: TaskResult[RollResult]) -> None:
        result = outcome.value
        if result is None:
            self._fail(outcome.error or RuntimeError())
            return
        if result.is_out and at is not None:
            known = self._printed.get(paper.name)
            self._printed[paper.name] = known.again() if known else PrintRecord(1, at)
        if result.state is not None:
            self.said.emit(self._texts(f"printers.sent_{result.state}"))
        elif result.problem is not None:
            self._fail(result.problem)
        if result.not_noted is not None:
            self._fail(result.not_noted)

    def _fail(self, error: Exception) -> None:
        texts = self._texts
        self.failed.emit(lambda: texts.error_with_code(error))
