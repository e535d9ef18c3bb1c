"""Prints the paper of an order from a list of orders."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.orders.order_report import papers_of
from posapp.ui.printing.print_controller import PrintController
from posapp.ui.printing.printable_history import history_with_code

if TYPE_CHECKING:
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class OrderPrinting(QObject):
    """Reads an order afresh and prints its first paper: the receipt, or the report of an unpaid
    order."""

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """Nothing was printed, or it could not be recorded. Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        histories: OrderHistoryService,
        session: Session,
        page: QWidget,
        *,
        shop: str,
        now: Callable[[], datetime],
        exports: Path | None,
        printed: MutableMapping[str, PrintRecord] | None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._histories = texts, runner, histories
        self._page, self._shop, self._now = page, shop, now
        self.papers = PrintController(
            *(texts, runner, histories, session, page),
            now=now,
            exports=exports,
            printed=printed,
            roll=roll,
        )
        self.papers.said.connect(self.said)
        self.papers.failed.connect(self.failed)
        self.papers.not_noted.connect(self.failed)

    def print(self, order_id: int) -> None:
        """Print the paper of an order."""
        work = partial(history_with_code, self._histories, order_id)
        self._runner.run(work, self._read, owner=self, key="print")

    def _read(self, outcome: TaskResult[OrderHistory]) -> None:
        history = outcome.value
        if history is None:
            self.failed.emit(outcome.error or RuntimeError())
            return
        if not self._page.isVisible():
            return  # somebody went on to another page
        self.papers.learn(history)
        made = papers_of(self._texts, history, shop=self._shop, online=True, made_at=self._now())
        self.papers.print(made[0])
