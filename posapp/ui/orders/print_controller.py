"""Prints, saves and copies an order's report and the slips of its refunds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.services.orders.order_history import OrderHistory
from posapp.services.orders.print_log import PrintRecord, order_report_key, refund_slip_key
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_report import buyer_text, order_report
from posapp.ui.printing.copy_mark import CopyMark, mark_after
from posapp.ui.printing.print_document import PrintDocument
from posapp.ui.printing.print_output import PrintOutput
from posapp.ui.printing.refund_slip import RefundSlip, slip_of
from posapp.ui.printing.slip_dialog import SlipDialog

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistoryService
    from posapp.services.session import Session

_log = logging.getLogger(__name__)


class PrintController(QObject):
    """Marks everything that is printed or saved again as a copy.

    A print is recorded here at once and in the database afterwards: neither delays the paper, and a
    failed record causes no second original while the program runs.

    Args:
        session: names who prints.
        page: the parent of dialogs.
        now: returns the time (UTC).
        exports: the shop's folder of exported files.
    """

    not_noted = Signal(object)
    """A print could not be recorded; the paper is printed. Carries the ``EnvironmentProblem``."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        histories: OrderHistoryService,
        session: Session,
        page: QWidget,
        *,
        shop: str,
        now: Callable[[], datetime],
        exports: Path | None = None,
    ) -> None:
        super().__init__(page)
        self._texts, self._theme, self._runner, self._page = texts, theme, runner, page
        self._shop, self._now = shop, now
        self._histories, self._session = histories, session
        self._printed: dict[str, PrintRecord] = {}
        self.slip: SlipDialog | None = None
        """The open slip dialog."""
        self._slip_name = ""
        self.taking = PrintOutput(texts, page, exports=exports)
        self.taking.printed_out.connect(self._went_out)

    def learn(self, history: OrderHistory) -> None:
        """Merge the database's print records, which may be older than those here."""
        for paper, printed in history.printed.items():
            known = self._printed.get(paper)
            if known is None or known.times <= printed.times:
                self._printed[paper] = printed

    def mark(self, paper: str) -> CopyMark | None:
        """Return the copy mark of a paper's next print."""
        return mark_after(self._texts, self._printed.get(paper))

    def copy(self, history: OrderHistory, *, online: bool) -> None:
        """Copy the order's report to the clipboard."""
        self.taking.copy(self._account(history, online))

    def print(self, history: OrderHistory, *, online: bool) -> None:
        """Print the order's report."""
        self.taking.print(lambda: self.account(history, online=online))

    def save(self, history: OrderHistory, *, online: bool) -> None:
        """Save the order's report as PDF."""
        name = self._texts("order_page.pdf_name", order=history.order.id)
        self.taking.save(lambda: self.account(history, online=online), name)

    def account(self, history: OrderHistory, *, online: bool) -> PrintDocument:
        """Return the order's report as it would be printed now."""
        name = order_report_key(history.order.id)
        title = self._texts("order_page.title", order=history.order.id)
        return PrintDocument(name, title, self._account(history, online), self.mark(name))

    def show_slip(self, history: OrderHistory, refund_id: int, *, online: bool) -> None:
        """Show the slip of a refund as it would be printed."""
        refund = next((one for one in history.refunds if one.id == refund_id), None)
        if refund is None:
            return
        slip = slip_of(
            self._texts,
            refund,
            shop=self._shop,
            buyer=buyer_text(self._texts, history),
            items=[one for one in history.order.items if one.id in refund.item_ids],
            online=online,
        )
        name = refund_slip_key(refund)
        window = SlipDialog(self._texts, self._theme, slip, self.mark(name), self._page)
        window.copy_pressed.connect(lambda text: self.taking.copy(text, "order_page.copied_slip"))
        window.print_pressed.connect(lambda: self.taking.print(lambda: self._paper(name, slip)))
        window.finished.connect(self._slip_closed)
        self.slip, self._slip_name = window, name
        window.open()

    def _paper(self, name: str, slip: RefundSlip) -> PrintDocument:
        return PrintDocument(name, slip.heading, slip.text, self.mark(name))

    def _account(self, history: OrderHistory, online: bool) -> str:
        return order_report(self._texts, history, online=online, made_at=self._now())

    def _slip_closed(self) -> None:
        self.slip = None

    def _went_out(self, paper: str) -> None:
        at, known = self._now(), self._printed.get(paper)
        self._printed[paper] = known.again() if known else PrintRecord(1, at)
        if self.slip is not None and self._slip_name == paper:
            self.slip.show_mark(self.mark(paper))
        work, actor = self._histories.note_printed, self._session.actor
        self._runner.run(lambda: work(actor, paper, at), self._noted, owner=self)

    def _noted(self, outcome: TaskResult[None]) -> None:
        if isinstance(outcome.error, EnvironmentProblem):
            _log.warning("a print could not be noted: %s", outcome.error)
            self.not_noted.emit(outcome.error)
