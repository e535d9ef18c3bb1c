"""Prints the receipt of an order that was just paid, without leaving the payment page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.services.payments.receipts import receipt_of
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.printing.paper_printing import PaperPrinting, PapersOf

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory
    from posapp.ui.printing.paper import Paper


class ReceiptPrinting(PaperPrinting):
    """Prints a receipt; a second press while its order is read prints no second one."""

    _is_reading = False

    def print(self, order_id: int) -> None:
        """Print the receipt of an order as it is now, unless one is being read already."""
        if not self._is_reading:
            self._is_reading = True
            self.print_papers(order_id, self._receipt)

    def _receipt(self, history: OrderHistory) -> tuple[Paper, ...]:
        receipt = receipt_of(self._shop, history)
        if receipt is None:
            return ()
        from posapp.ui.printing.receipt_paper import receipt_paper

        return (receipt_paper(self._texts, receipt),)

    def _read(self, order_id: int, papers_of: PapersOf, outcome: TaskResult[OrderHistory]) -> None:
        self._is_reading = False
        super()._read(order_id, papers_of, outcome)
