"""Prints the receipt of an order that was just paid, without leaving the payment page."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.services.payments.receipts import receipt_of
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.printable_history import history_with_code

if TYPE_CHECKING:
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class ReceiptPrinting(QObject):
    """Reads a paid order and prints its receipt at once, as the order's page does.

    The paper comes out although the page has another order by then: the buyer waits for it.

    Args:
        session: names who prints.
        page: the parent of dialogs.
        exports: the shop's folder of exported files.
        printed: the prints of this run, shared with the pages of the papers.
        roll: the shop's receipt printer.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object, object)
    """The receipt is not printed, or its print not recorded: (order id, function that returns the
    text, in the language of its call)."""

    not_printable = Signal(object)
    """There is no printer, or no receipt: the page of the receipt says more. Carries the order."""

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
        self._is_reading = False

    def print(self, order_id: int) -> None:
        """Print the receipt of an order as it is now, unless one is being read already."""
        if self._is_reading:
            return
        self._is_reading = True
        work = partial(history_with_code, self._histories, order_id)
        self._runner.run(work, partial(self._read, order_id), owner=self)

    def _read(self, order_id: int, outcome: TaskResult[OrderHistory]) -> None:
        self._is_reading = False
        history = outcome.value
        if history is None:
            self._fail(order_id, outcome.error or RuntimeError())
            return
        receipt = receipt_of(self._shop, history)
        if receipt is None:
            self.not_printable.emit(order_id)
            return
        # Qt's printing is loaded by the first print, not on the way to the first QR.
        from posapp.ui.printing.print_controller import PrintController
        from posapp.ui.printing.receipt_paper import receipt_paper

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
        paperwork.print(receipt_paper(self._texts, receipt))

    def _fail(self, order_id: int, error: Exception) -> None:
        texts = self._texts
        self.failed.emit(order_id, lambda: f"{texts.error(error)} ({texts.error_code(error)})")

    def _not_noted(self, order_id: int, problem: Exception) -> None:
        texts = self._texts
        self.failed.emit(order_id, lambda: texts("order_page.not_noted", why=texts.error(problem)))
