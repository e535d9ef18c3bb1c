"""Prints papers of an order that no page shows, by their own reading of it."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.printable_history import history_with_code

if TYPE_CHECKING:
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.session import Session
    from posapp.ui.printing.paper import Paper
    from posapp.ui.printing.roll_printing import RollPrinting

PapersOf = Callable[["OrderHistory"], "Sequence[Paper]"]
"""Returns what is printed of an order."""


class PaperPrinting(QObject):
    """Reads an order and prints papers of it at once, as the order's page does.

    They come out although another page, or another order, is on screen by then: the buyer waits.

    Args:
        session: names who prints.
        page: the parent of dialogs.
        shop: the shop's name.
        exports: the shop's folder of exported files.
        printed: the prints of this run, shared with the pages of the papers.
        roll: the shop's receipt printer.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object, object)
    """A paper is not printed, or its print not recorded: (order id, function that returns the text,
    in the language of its call)."""

    not_printable = Signal(object)
    """There is no printer, or nothing to print: the page of the papers says more. Carries the
    order."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        histories: OrderHistoryService,
        session: Session,
        clock: Clock,
        page: QWidget,
        *,
        shop: str,
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._page = texts, runner, page
        self._histories, self._session, self._clock = histories, session, clock
        self._shop, self._exports = shop, exports
        self._printed, self._roll = ({} if printed is None else printed), roll

    def print_papers(self, order_id: int, papers_of: PapersOf) -> None:
        """Print papers of an order as it is now."""
        work = partial(history_with_code, self._histories, order_id)
        self._runner.run(work, partial(self._read, order_id, papers_of), owner=self)

    def _read(self, order_id: int, papers_of: PapersOf, outcome: TaskResult[OrderHistory]) -> None:
        history = outcome.value
        if history is None:
            self._fail(order_id, outcome.error or RuntimeError())
            return
        papers = papers_of(history)
        if not papers:
            self.not_printable.emit(order_id)
        for paper in papers:
            self._print(order_id, history, paper)

    def _print(self, order_id: int, history: OrderHistory, paper: Paper) -> None:
        # Qt's printing is loaded by the first print, not on the way to the first QR.
        from posapp.ui.printing.print_controller import PrintController

        paperwork = PrintController(
            *(self._texts, self._runner, self._histories, self._session, self._page),
            now=self._clock.now,
            exports=self._exports,
            printed=self._printed,
            roll=self._roll,
        )
        paperwork.said.connect(self.said)
        paperwork.no_printer.connect(partial(self.not_printable.emit, order_id))
        paperwork.failed.connect(partial(self._fail, order_id))
        paperwork.not_noted.connect(partial(self._not_noted, order_id))
        paperwork.noted.connect(paperwork.deleteLater)
        paperwork.learn(history)
        paperwork.print(paper)

    def _fail(self, order_id: int, error: Exception) -> None:
        texts = self._texts
        self.failed.emit(order_id, lambda: texts.error_with_code(error))

    def _not_noted(self, order_id: int, problem: Exception) -> None:
        texts = self._texts
        self.failed.emit(order_id, lambda: texts("order_page.not_noted", why=texts.error(problem)))
