"""Order page: items, money, and all events in time order."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import Actor
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.domain.requests import RequestState
from posapp.services.requests.create_request import why_not_requestable
from posapp.ui.cancellation.cancel_flow import CancelFlow
from posapp.ui.cancellation.cash_instead_flow import CashInsteadFlow
from posapp.ui.cancellation.refund_messages import error_result_text
from posapp.ui.cash_receipts.receipt_control import ReceiptControl
from posapp.ui.core.formats import phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import folder_text
from posapp.ui.core.status_text import StatusText
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_layout import OrderLayout
from posapp.ui.orders.order_report import REPORT_PLACE, buyer_text, papers_of
from posapp.ui.orders.timeline_events import events_of
from posapp.ui.printing.paper import Paper
from posapp.ui.printing.print_controller import PrintController
from posapp.ui.printing.printable_history import history_with_code
from posapp.ui.shell.routes import BUYER_REQUEST, PAYING, RECEIPT
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.announce import announce

if TYPE_CHECKING:
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.cash_receipts.receipt_service import CashReceiptService
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.refunds.cancel_item import CancellationService
    from posapp.services.refunds.cancel_remainder import RemainderCancellationService
    from posapp.services.refunds.refund_in_cash import CashInsteadService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals
    from posapp.ui.printing.roll_printing import RollPrinting


class OrderScreen(Screen):
    """Reads an order's history, and reads it again after each change.

    The result of an action is shown with its item as long as the page shows this order.

    Args:
        shop: the shop's name, for slips.
        now: returns the time (UTC), for the head of a report.
        exports: the shop's folder of exported files.
        printed: the prints of this run, shared with the page of the papers.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        histories: OrderHistoryService,
        cancellation_service: CancellationService,
        remainder_service: RemainderCancellationService,
        session: Session,
        parent: QWidget | None = None,
        *,
        shop: str = "",
        now: Callable[[], datetime] | None = None,
        exports: Path | None = None,
        printed: MutableMapping[str, PrintRecord] | None = None,
        roll: RollPrinting | None = None,
        approvals: RefundApprovals | None = None,
        receipts: CashReceiptService | None = None,
        cash_instead: CashInsteadService | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._histories = histories
        self._actor: Actor | None = None
        self._order_id = 0
        self._history: OrderHistory | None = None
        self._results: dict[int, Callable[[], StatusText]] = {}
        self._online = True
        self._stale = False
        self.view = OrderLayout(texts, theme)
        self._shop, self._now = shop, now or _utc_now
        self.paperwork = PrintController(
            *(texts, runner, histories, session, self),
            now=self._now,
            exports=exports,
            printed=printed,
            roll=roll,
        )
        self.cancelling = CancelFlow(
            *(texts, theme, runner, cancellation_service, remainder_service, self, session),
            approvals=approvals,
        )
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.view)
        self.receipt: ReceiptControl | None = None
        if receipts is not None:
            self.receipt = ReceiptControl(
                *(texts, theme, runner, receipts, session, self, self._changed)
            )
        self.in_cash: CashInsteadFlow | None = None
        if cash_instead is not None:
            self.in_cash = CashInsteadFlow(
                *(texts, theme, runner, cash_instead, session, self), approvals=approvals
            )
            self.in_cash.ended.connect(self._moved_to_cash)
        self._connect()
        texts.changed.connect(self._retranslate)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.order_history_service),
            *(services.cancellation_service, services.remainder_service, services.session),
            shop=context.shop,
            now=context.clock.now,
            exports=context.exports,
            printed=context.printed,
            roll=context.roll,
            approvals=services.staff.approvals,
            receipts=services.cash_receipt_service,
            cash_instead=services.cash_instead_service,
        )

    @property
    def why_stay(self) -> str:
        """Return why a scan may not open another order now: a message id, or empty."""
        return "scan.while_working" if self.cancelling.is_running else ""

    def open(self, order_id: int, actor: Actor | None = None) -> None:
        """Show an order.

        Args:
            actor: who cancels, if known from the previous screen; otherwise it is chosen.
        """
        if order_id != self._order_id:
            self._results.clear()
        self._order_id, self._history = order_id, None
        self._actor = actor
        self.cancelling.close()
        self._close_receipt()
        self.view.clear()
        self.view.busy.start(self._texts("order_page.loading"))
        self._read()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable; affects the text of a waiting refund."""
        self._online = online
        self._retranslate()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read the order again: a refund changed."""
        self._changed()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """Read the order again: a QR changed."""
        self._changed()

    @Slot()
    def status_changed(self) -> None:
        """Read the order again if it is in doubt, which the changed records may resolve.

        A hidden page reads it when it is shown: a request may have been made about it elsewhere.
        """
        is_in_doubt = self._history is not None and self._history.doubt is not None
        if is_in_doubt or not self.isVisible():
            self._changed()
        elif self.receipt is not None:
            self.receipt.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the changes made while the page was hidden."""
        super().showEvent(event)
        if self._stale:
            self._read()

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible() and self._order_id:
            self._read()

    def _read(self) -> None:
        histories, order_id = self._histories, self._order_id
        if not order_id:
            return
        self._stale = False
        self._runner.run(
            partial(history_with_code, histories, order_id), self._take, owner=self, key="history"
        )

    def _take(self, outcome: TaskResult[OrderHistory]) -> None:
        if not self.cancelling.is_running:
            self.view.busy.stop()
        history = outcome.value
        if history is None:
            button = "order_page.home" if self._history is None else "words.close"
            self.view.banner.show_error(outcome.error or RuntimeError(), button=button)
            return
        first = self._history is None
        self._history = history
        self.paperwork.learn(history)
        self._retranslate()
        if first:
            self.view.items.focus_first()
        if self.receipt is not None:
            self.receipt.refresh()

    def _retranslate(self) -> None:
        history = self._history
        if history is None:
            return
        self._write_head(history)
        results = self._waiting_requests(history)
        results.update((number, make()) for number, make in self._results.items())
        events = events_of(self._texts, history, online=self._online)
        self.view.show_history(history, events, results, online=self._online)

    def _waiting_requests(self, history: OrderHistory) -> dict[int, StatusText]:
        """Return the requests that wait for their seller, by item."""
        texts = self._texts
        return {
            one.item_id: StatusText(
                "busy",
                texts("order_page.request_waits", kind=texts(f"requests.kind_{one.kind.value}")),
            )
            for one in history.requests
            if one.state is RequestState.WAIT
        }

    def _write_head(self, history: OrderHistory) -> None:
        texts, order, buyer = self._texts, history.order, history.buyer
        number = display_text(phone(buyer.phone), 20) if buyer is not None else ""
        parts = (buyer_text(texts, history), number, texts.when(order.created_at))
        self.set_head(
            title=texts("order_page.title", order=order.id),
            subtitle=" · ".join(part for part in parts if part),
        )

    def _ask(self) -> None:
        history = self._history
        if history is None:
            return
        last = {item: refund for refund in history.refunds for item in refund.item_ids}
        targets = self.view.items.targets()
        self.cancelling.ask(self._order_id, targets, last, self._actor, history.cash_back_of)

    def _ask_in_cash(self) -> None:
        history, items = self._history, self.view.items.targets()
        offer = history.cash_offers.get(items[0].id) if history is not None and items else None
        if offer is not None and self.in_cash is not None:
            self.in_cash.ask_about(offer)

    def _moved_to_cash(self, error: Exception | None, text: str) -> None:
        if error is not None:
            self.view.banner.show_error(error, button="words.close")
        elif text:
            self.notified.emit(text)
            self.item_changed.emit(self._order_id)
        self._read()

    def _pay(self) -> None:
        if (history := self._history) is not None:
            buyer = Actor.buyer(history.order.buyer_id)
            self.go_to(PAYING, actor=buyer, order_id=self._order_id)

    def _request(self) -> None:
        """Lead to the form for the chosen item, or say why there is none."""
        history, texts = self._history, self._texts
        if history is None:
            return
        chosen = self.view.items.targets()
        if len(chosen) > 1:
            self._notice(lambda: texts("order_page.request_one"))
            return
        item = (*chosen, *history.order.active_items)[0]
        if (why := why_not_requestable(history, item)) is not None:
            self._notice(lambda: texts.error(why))
            return
        self.view.banner.clear()
        self.go_to(BUYER_REQUEST, actor=Actor.buyer(item.buyer_id), item_id=item.id)

    def may_leave(self) -> bool:
        """Close the panel of the cash receipt first."""
        return not self._close_receipt()

    def forget_typed(self) -> None:
        """Forget a buyer's number that was typed."""
        self._close_receipt()

    def _toggle_receipt(self) -> None:
        if self.receipt is not None and self._history is not None:
            self.receipt.toggle(self._order_id)

    def _close_receipt(self) -> bool:
        return self.receipt is not None and self.receipt.close()

    def _notice(self, text: Callable[[], str]) -> None:
        self.view.banner.show_notice(text, button="words.close")

    def _begun(self, at: int, count: int) -> None:
        self.view.items.set_busy(True)
        self.view.busy.start(self._texts("order_page.batch_working", at=at, count=count))

    def _kept(self, item_ids: tuple[int, ...], refund: Refund) -> None:
        # The refund's current state is read and shown with the history.
        for item_id in item_ids:
            self._results.pop(item_id, None)

    def _cancelled(self, item: OrderItem) -> None:
        texts = self._texts
        self._results[item.id] = lambda: StatusText("success", texts("cancel.cancel_done"))

    def _failed(self, item: OrderItem, error: Exception) -> None:
        texts = self._texts
        unpaid = not item.is_paid

        def result() -> StatusText:
            shown = error_result_text(texts, error, order_only=unpaid)
            return StatusText("error", f"{shown.heading} ({texts.error_code(error)})")

        self._results[item.id] = result

    def _ended(self, count: int) -> None:
        self.view.busy.stop()
        self.view.items.set_busy(False)
        self._read()
        announce(self, self._texts("order_page.batch_told", count=count), urgent=True)

    def _not_offered(self, text: str) -> None:
        texts, items = self._texts, self.view.items.targets()
        item = items[0].id if items else 0
        self._notice(lambda: texts(f"cancel.{text}", item=item))

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Return the papers of the order on screen; the first is what Ctrl+P prints."""
        history = self._history
        if history is None:
            return ()
        return papers_of(
            self._texts, history, shop=self._shop, online=self._online, made_at=self._now()
        )

    def _with_paper(self, act: Callable[[Paper], object], place: str = "") -> None:
        paper = next((one for one in self.papers if place in ("", one.place)), None)
        if paper is not None:
            act(paper)

    def _show_paper(self, paper: Paper) -> None:
        self.go_to(RECEIPT, order_id=self._order_id, paper=paper.place)

    def _copy_report(self, paper: Paper) -> None:
        self.paperwork.copy(paper.text, "order_page.copied")

    def _not_noted(self, problem: Exception) -> None:
        texts = self._texts
        self._notice(lambda: texts("order_page.not_noted", why=texts.error(problem)))

    def _saved(self, path: Path) -> None:
        name, folder, texts = display_text(path.name, 60), path.parent, self._texts
        self.view.saved.show_saved(
            lambda: texts("order_page.pdf_saved", name=name, folder=folder_text(folder)), folder
        )

    def _banner_acted(self) -> None:
        self.view.banner.clear()
        if self._history is None:
            self.home_requested.emit()

    def _connect(self) -> None:
        view, cancelling = self.view, self.cancelling
        view.banner.acted.connect(self._banner_acted)
        paperwork, take = self.paperwork, self._with_paper
        view.history.copy_pressed.connect(lambda: take(self._copy_report, REPORT_PLACE))
        view.history.print_pressed.connect(lambda: take(paperwork.print))
        view.history.pdf_pressed.connect(lambda: take(paperwork.save))
        view.history.view_pressed.connect(lambda: take(self._show_paper))
        view.items.cancel_pressed.connect(self._ask)
        view.items.request_pressed.connect(self._request)
        view.items.receipt_pressed.connect(self._toggle_receipt)
        view.items.pay_pressed.connect(self._pay)
        view.items.in_cash_pressed.connect(self._ask_in_cash)
        view.items.slip_pressed.connect(lambda place: take(self._show_paper, place))
        paperwork.noted.connect(self._changed)
        paperwork.not_noted.connect(self._not_noted)
        paperwork.said.connect(self.notified)
        paperwork.saved.connect(self._saved)
        paperwork.failed.connect(
            lambda problem: view.banner.show_error(problem, button="words.close")
        )
        cancelling.started.connect(self._begun)
        cancelling.refund_kept.connect(self._kept)
        cancelling.cash_due.connect(self.cash_due)
        cancelling.cash_handed_out.connect(self.cash_handed_out)
        cancelling.item_cancelled.connect(self._cancelled)
        cancelling.item_failed.connect(self._failed)
        cancelling.not_offered.connect(self._not_offered)
        cancelling.finished.connect(self._ended)


def _utc_now() -> datetime:
    return datetime.now(UTC)
