"""The page of an order's papers: receipt, report, and the slip of a refund."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import folder_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_report import REPORT_PLACE, papers_of
from posapp.ui.printing.paper import Paper
from posapp.ui.printing.print_controller import PrintController
from posapp.ui.printing.printable_history import history_with_code
from posapp.ui.printing.receipt_paper import RECEIPT_PLACE
from posapp.ui.receipts.receipt_layout import SLIP, ReceiptLayout
from posapp.ui.shell.routes import PAYING
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting


class ReceiptScreen(Screen):
    """Shows one paper of an order at a time; prints it at once, saves and copies it.

    The address of PortOne's own receipt is text to copy: this page opens no browser.

    Args:
        shop: the shop's name.
        now: returns the time (UTC).
        exports: the shop's folder of exported files.
        printed: the prints of this run, shared with the page of the order.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        histories: OrderHistoryService,
        session: Session,
        parent: QWidget | None = None,
        *,
        shop: str,
        now: Callable[[], datetime],
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._histories, self._shop, self._now = histories, shop, now
        self._order_id, self._place, self._slip = 0, RECEIPT_PLACE, ""
        self._history: OrderHistory | None = None
        self._papers: tuple[Paper, ...] = ()
        self._online, self._stale = True, False
        self.paperwork = PrintController(
            *(texts, runner, histories, session, self),
            now=now,
            exports=exports,
            printed=printed,
            roll=roll,
        )
        self.view = ReceiptLayout(texts, theme)
        boxes.column(self.view, on=self)
        self._connect()
        self.setAccessibleName(texts("receipt.title"))
        self.setFocusProxy(self.view)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.order_history_service, services.session),
            shop=context.shop,
            now=context.clock.now,
            exports=context.exports,
            printed=context.printed,
            roll=context.roll,
        )

    @property
    def current(self) -> Paper | None:
        """Return the paper on screen, or ``None``."""
        return next((one for one in self._papers if one.place == self._place), None)

    def open(self, order_id: int, paper: str = RECEIPT_PLACE) -> None:
        """Show a paper of an order as it is now.

        Args:
            paper: its place among the papers of the order (``Paper.place``).
        """
        self._order_id, self._place = order_id, paper
        self._slip = paper if paper not in (RECEIPT_PLACE, REPORT_PLACE) else ""
        self._history, self._papers = None, ()
        self.view.saved.clear()
        self._show()
        self.view.show_waiting(self._texts("receipt.loading"))
        self._read()

    def leads_home(self, before: str) -> bool:
        """Return whether the receipt ended a sale; from an order's page, Back returns there."""
        return before == PAYING

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of a waiting refund."""
        self._online = online
        self._write()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read the order again: its slips and what is left may be others."""
        self._stale = True
        if self.isVisible() and self._history is not None:
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the changes made while the page was hidden."""
        super().showEvent(event)
        if self._stale and self._history is not None:
            self._read()

    def _read(self) -> None:
        self._stale = False
        self.view.banner.clear()
        if self._order_id:
            work = partial(history_with_code, self._histories, self._order_id)
            self._runner.run(work, self._arrived, owner=self, key="receipt")

    def _arrived(self, outcome: TaskResult[OrderHistory]) -> None:
        self.view.busy.stop()
        if outcome.value is None:
            self.view.banner.show_error(outcome.error or RuntimeError(), button="words.retry")
            return
        first, self._history = self._history is None, outcome.value
        self.paperwork.learn(outcome.value)
        self._write()
        if first:
            self._to_top()

    def _write(self) -> None:
        """Make the papers anew, in the language and with the facts of now."""
        history = self._history
        if history is None:
            return
        self._papers = papers_of(
            self._texts, history, shop=self._shop, online=self._online, made_at=self._now()
        )
        self._show()

    def _to_top(self) -> None:
        self.view.to_top()
        text = self.view.paper.accessibleDescription() if self.current else self.view.empty.message
        announce(self, text)
        if self.isVisible():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        texts, paper = self._texts, self.current
        self.view.show_paper(paper, self.paperwork.mark(paper.name) if paper else None)
        title = paper.label if paper is not None else texts("receipt.title")
        number = texts("order_page.title", order=self._order_id) if self._order_id else ""
        self.set_head(title=title, subtitle=number)
        is_receipt = paper is not None and paper.place == RECEIPT_PLACE
        for button in (self.view.print, self.view.save):
            button.setVisible(paper is not None)
        self.view.copy.setVisible(paper is not None and (bool(paper.link) or not is_receipt))
        self.view.copy.say(texts.bind("receipt.copy" if is_receipt else "receipt.copy_text"))
        self._show_choice()

    def _show_choice(self) -> None:
        places = [one.place for one in self._papers]
        keys = (RECEIPT_PLACE, REPORT_PLACE, self._slip)
        shown = tuple(key in places for key in keys)
        self.view.show_choice(shown, SLIP if self._place == self._slip else self._place)

    def _choose(self, key: object) -> None:
        self._place = self._slip if key == SLIP else str(key)
        self._write()
        self.view.to_top()

    def _print(self) -> None:
        if (paper := self.current) is not None:
            self.paperwork.print(paper)

    def _save(self) -> None:
        if (paper := self.current) is not None:
            self.paperwork.save(paper)

    def _copy(self) -> None:
        paper = self.current
        if paper is not None and paper.place == RECEIPT_PLACE:
            self.paperwork.copy(paper.link, "receipt.copied")
        elif paper is not None:
            mark = self.paperwork.mark(paper.name)
            is_slip = paper.place != REPORT_PLACE
            text = f"{mark.text}\n{paper.text}" if mark and is_slip else paper.text
            self.paperwork.copy(text, "receipt.copied_text")

    def _printed_out(self, name: str) -> None:
        if (paper := self.current) is not None and paper.name == name:
            self.view.show_mark(self.paperwork.mark(name))

    def _not_noted(self, problem: Exception) -> None:
        texts = self._texts
        self.view.banner.show_notice(
            lambda: texts("order_page.not_noted", why=texts.error(problem)), button="words.close"
        )

    def _saved(self, path: Path) -> None:
        name, folder, texts = display_text(path.name, 60), path.parent, self._texts
        self.view.saved.show_saved(
            lambda: texts("order_page.pdf_saved", name=name, folder=folder_text(folder)), folder
        )

    def _banner_acted(self) -> None:
        self.view.banner.clear()
        if self._history is None:
            self._read()

    def _retranslate(self) -> None:
        self.setAccessibleName(self._texts("receipt.title"))
        if self.view.busy.is_busy:
            self.view.busy.start(self._texts("receipt.loading"))
        self._write()

    def _connect(self) -> None:
        self.view.banner.acted.connect(self._banner_acted)
        self.view.done.clicked.connect(self.back_requested)
        self.view.print.clicked.connect(self._print)
        self.view.save.clicked.connect(self._save)
        self.view.copy.clicked.connect(self._copy)
        self.view.choice.chosen.connect(self._choose)
        paperwork = self.paperwork
        paperwork.said.connect(self.notified)
        paperwork.saved.connect(self._saved)
        paperwork.printed_out.connect(self._printed_out)
        paperwork.not_noted.connect(self._not_noted)
        paperwork.failed.connect(
            lambda problem: self.view.banner.show_error(problem, button="words.close")
        )
        self._texts.changed.connect(self._retranslate)
