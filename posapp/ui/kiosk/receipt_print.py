"""The receipt on paper, for a buyer who wants it. Nothing of a payment waits for it."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject, Signal

from posapp.services.kiosk.kiosk_receipts import KioskReceipts, PrintableReceipt
from posapp.services.ports.receipt_printer import PrinterState
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.kiosk.visit import PrintState, Visit
from posapp.ui.printing.roll_printing import RollPrinting, RollResult

log = logging.getLogger(__name__)


class ReceiptPrint(QObject):
    """Prints the receipt of a visit's order, and notes in the visit how that ended: a paper that
    may have come out is a copy the next time, here and at the counter.

    Args:
        roll: the shop's receipt printer.

    Attributes:
        service: reads receipts; ``None`` before the services are there.
    """

    changed = Signal()

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        clock: Clock,
        roll: RollPrinting,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts, self._runner, self._clock, self._roll = texts, runner, clock, roll
        self.service: KioskReceipts | None = None

    def print(self, visit: Visit) -> None:
        """Print, unless it is printed already or being printed."""
        service, entered = self.service, visit.entered
        if service is None or entered is None or not visit.receipt.may_print:
            return
        self._end(visit, PrintState.BUSY)
        read = partial(self._read, service, visit, entered.order_id)
        self._runner.run(partial(service.read, entered.order_id), read, owner=self)

    def _read(
        self,
        service: KioskReceipts,
        visit: Visit,
        order_id: int,
        outcome: TaskResult[PrintableReceipt],
    ) -> None:
        found = outcome.value
        if found is None:
            log.error("the receipt of order %s could not be read: %s", order_id, outcome.error)
            self._end(visit, PrintState.FAILED)
            return
        # What lays out and draws is loaded by the first print.
        from posapp.ui.printing.page_layout import mark_after
        from posapp.ui.printing.receipt_paper import receipt_paper

        paper = receipt_paper(self._texts, found.receipt)
        note = partial(service.note_printed, order_id, self._clock.now())
        mark = mark_after(self._texts, found.printed)
        if not self._roll.print(paper, mark, note, partial(self._printed, visit)):
            self._end(visit, PrintState.SENT)  # by an earlier visit to the same order

    def _printed(self, visit: Visit, outcome: TaskResult[RollResult]) -> None:
        result = outcome.value
        if result is None or result.state is None:
            log.warning("a receipt was not printed: %s", outcome.error or result)
            self._end(visit, PrintState.FAILED)
            return
        if result.not_noted is not None:
            log.warning("the print of a receipt is not recorded: %s", result.not_noted)
        is_known = result.state is not PrinterState.UNKNOWN
        self._end(visit, PrintState.DONE if is_known else PrintState.SENT)

    def _end(self, visit: Visit, state: PrintState) -> None:
        visit.receipt = state
        self.changed.emit()
