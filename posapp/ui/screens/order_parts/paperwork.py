"""What of an order goes onto paper: everything about it, and the slips of its refunds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.services.order_history import OrderHistory
from posapp.services.printed import Printed, account_paper, slip_paper
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.account import account_of, buyer_words
from posapp.ui.screens.order_parts.copy_mark import CopyMark, mark_after
from posapp.ui.screens.order_parts.paper import Paper
from posapp.ui.screens.order_parts.slip import Slip, slip_of
from posapp.ui.screens.order_parts.slip_window import SlipWindow
from posapp.ui.screens.order_parts.taking_along import TakingAlong
from posapp.ui.theme import Theme

if TYPE_CHECKING:
    from posapp.services.order_history import OrderHistories

_log = logging.getLogger(__name__)


class Paperwork(QObject):
    """Whatever is printed or saved a second time says that it is a copy.

    What went out is known here at once and kept in the database afterwards: neither holds up the
    paper, and a note that failed leaves no second original while the program runs.

    Args:
        page: where dialogs belong to.
        now: the time (UTC).
    """

    not_noted = Signal(object)
    """The ``EnvironmentProblem`` that kept a print from being noted; the paper is out."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        runner: TaskRunner,
        page: QWidget,
        *,
        shop: str,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(page)
        self._texts, self._theme, self._runner, self._page = texts, theme, runner, page
        self._shop, self._now = shop, now
        self._histories: OrderHistories | None = None
        self._printed: dict[str, Printed] = {}
        self.slip: SlipWindow | None = None
        """The slip that is up."""
        self._slip_name = ""
        self.taking = TakingAlong(texts, page)
        self.taking.went_out.connect(self._went_out)

    def attach(self, histories: OrderHistories) -> None:
        """The service stands."""
        self._histories = histories

    def learn(self, history: OrderHistory) -> None:
        """Take in what the database knows. It may be older than what is known here."""
        for paper, printed in history.printed.items():
            known = self._printed.get(paper)
            if known is None or known.times <= printed.times:
                self._printed[paper] = printed

    def mark(self, paper: str) -> CopyMark | None:
        """The mark that the next print of a paper carries."""
        return mark_after(self._texts, self._printed.get(paper))

    def copy(self, history: OrderHistory, *, online: bool) -> None:
        """Everything about an order into the clipboard."""
        self.taking.copy(self._account(history, online))

    def print(self, history: OrderHistory, *, online: bool) -> None:
        """Everything about an order onto paper."""
        self.taking.print(lambda: self.account(history, online=online))

    def save(self, history: OrderHistory, *, online: bool) -> None:
        """Everything about an order as PDF."""
        name = self._texts("order_page.pdf_name", order=history.order.id)
        self.taking.save(lambda: self.account(history, online=online), name)

    def account(self, history: OrderHistory, *, online: bool) -> Paper:
        """The paper with everything about an order, as it would go out now."""
        name = account_paper(history.order.id)
        title = self._texts("order_page.title", order=history.order.id)
        return Paper(name, title, self._account(history, online), self.mark(name))

    def show_slip(self, history: OrderHistory, refund_id: int, *, online: bool) -> None:
        """Show the slip of a refund, as it would be on paper."""
        refund = next((one for one in history.refunds if one.id == refund_id), None)
        if refund is None:
            return
        slip = slip_of(
            self._texts,
            refund,
            shop=self._shop,
            buyer=buyer_words(self._texts, history),
            items=[one for one in history.order.items if one.id in refund.item_ids],
            online=online,
        )
        name = slip_paper(refund)
        window = SlipWindow(self._texts, self._theme, slip, self.mark(name), self._page)
        window.copy_pressed.connect(lambda text: self.taking.copy(text, "order_page.copied_slip"))
        window.print_pressed.connect(lambda: self.taking.print(lambda: self._paper(name, slip)))
        window.finished.connect(self._slip_closed)
        self.slip, self._slip_name = window, name
        window.open()

    def _paper(self, name: str, slip: Slip) -> Paper:
        return Paper(name, slip.heading, slip.text, self.mark(name))

    def _account(self, history: OrderHistory, online: bool) -> str:
        return account_of(self._texts, history, online=online, made_at=self._now())

    def _slip_closed(self) -> None:
        self.slip = None

    def _went_out(self, paper: str) -> None:
        at, known, histories = self._now(), self._printed.get(paper), self._histories
        self._printed[paper] = known.again() if known else Printed(1, at)
        if self.slip is not None and self._slip_name == paper:
            self.slip.show_mark(self.mark(paper))
        if histories is not None:
            work = histories.note_printed
            self._runner.run(lambda: work(paper, at), self._noted, owner=self)

    def _noted(self, outcome: Outcome[None]) -> None:
        if isinstance(outcome.error, EnvironmentProblem):
            _log.warning("a print could not be noted: %s", outcome.error)
            self.not_noted.emit(outcome.error)
