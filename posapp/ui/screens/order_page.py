"""The page of one order: its items, its money, and everything that happened, in time order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.cancelling import Side
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.cancel_parts.refund_words import told_of_error
from posapp.ui.screens.order_parts.account import buyer_words
from posapp.ui.screens.order_parts.batch import BatchCancel
from posapp.ui.screens.order_parts.batch_question import batch_question
from posapp.ui.screens.order_parts.events import events_of
from posapp.ui.screens.order_parts.order_sheet import OrderSheet
from posapp.ui.screens.order_parts.paperwork import Paperwork
from posapp.ui.screens.order_parts.standing import Standing
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling
    from posapp.services.order_history import OrderHistories, OrderHistory


class OrderPage(QWidget):
    """Reads an order's history, and reads it again whenever something of it changed.

    What came of a deed stays beside its item as long as the page shows this order.

    Args:
        shop: the shop's name, for slips.
        now: the time (UTC), for the head of a copied text.
    """

    home_requested = Signal()
    cancel_requested = Signal(object, object, object)
    """One item alone: (``Side``, user id, item id), as ``CancelScreen.open`` takes them."""

    receipt_requested = Signal(object)
    """The receipt of a paid order; its id."""

    told = Signal(str)
    """Something in passing, for a toast."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        runner: TaskRunner,
        parent: QWidget | None = None,
        *,
        shop: str = "",
        now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._runner = texts, runner
        self._histories: OrderHistories | None = None
        self._cancelling: Cancelling | None = None
        self._order_id = 0
        self._history: OrderHistory | None = None
        self._results: dict[int, Callable[[], Standing]] = {}
        self._online = True
        self._stale = False
        self._question: Confirmation | None = None
        self.sheet = OrderSheet(texts, theme)
        self.paperwork = Paperwork(texts, theme, runner, self, shop=shop, now=now or _utc_now)
        self.batch = BatchCancel(runner, self)
        self._connect()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.sheet)
        texts.changed.connect(self._write)

    @property
    def why_stay(self) -> str:
        """Why a scan may not open another order now: a message id, or empty."""
        if self.batch.is_running:
            return "scan.while_working"
        return "scan.while_written" if self.sheet.items.reason.strip() else ""

    def attach(self, histories: OrderHistories, cancelling: Cancelling) -> None:
        """The services stand; an order that was asked for before is read now."""
        self._histories, self._cancelling = histories, cancelling
        self.paperwork.attach(histories)
        if self._order_id:
            self._read()

    def open(self, order_id: int, side: Side | None = None, user_id: int | None = None) -> None:
        """Show an order.

        Args:
            side, user_id: who acts, where that is known from where one came; else it is asked.
        """
        if order_id != self._order_id:
            self._results.clear()
        self._order_id, self._history = order_id, None
        known = (side, user_id) if side is not None and user_id is not None else None
        self.sheet.items.picker.set_actor(known)
        self.sheet.items.line.clear()
        self.sheet.clear()
        self.sheet.busy.start(self._texts("order_page.loading"))
        self._read()

    @Slot(bool)
    def set_online(self, online: bool) -> None:
        """PortOne can be reached or not: decides how a waiting refund is told."""
        self._online = online
        self._write()

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund changed in the background; so may this order."""
        self._changed()

    @Slot(object)
    def attempt_changed(self, attempt_id: object) -> None:
        """A QR changed in the background; so may this order."""
        self._changed()

    @Slot()
    def standing_changed(self) -> None:
        """The records changed: what was in doubt may be certain now."""
        if self._history is not None and self._history.doubt is not None:
            self._changed()

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while it was out of sight is read now."""
        super().showEvent(event)
        if self._stale:
            self._read()

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible() and self._order_id:
            self._read()

    def _read(self) -> None:
        histories, order_id = self._histories, self._order_id
        if histories is None or not order_id:
            return
        self._stale = False
        self._runner.run(
            lambda: histories.of_order(order_id), self._take, owner=self, key="history"
        )

    def _take(self, outcome: Outcome[OrderHistory]) -> None:
        if not self.batch.is_running:
            self.sheet.busy.stop()
        history = outcome.value
        if history is None:
            button = "order_page.home" if self._history is None else "words.close"
            self.sheet.banner.show_error(outcome.error or RuntimeError(), button=button)
            return
        first = self._history is None
        self._history = history
        self.paperwork.learn(history)
        self._write()
        if first:
            self.sheet.items.focus_first()

    def _write(self) -> None:
        history = self._history
        if history is None:
            return
        results = {number: make() for number, make in self._results.items()}
        events = events_of(self._texts, history, online=self._online)
        self.sheet.show_history(history, events, results, online=self._online)

    def _ask(self) -> None:
        history, actor = self._history, self.sheet.items.actor
        items = self.sheet.items.ticked()
        busy = self.batch.is_running or self._question is not None
        if history is None or actor is None or not items or busy:
            return
        side, user_id = actor
        reason = self.sheet.items.reason
        question = batch_question(
            self._texts,
            items,
            buyer=buyer_words(self._texts, history),
            side=side,
            reason=reason,
            parent=self,
        )
        question.agreed.connect(lambda: self._act(side, user_id, items, reason))
        question.finished.connect(self._answered)
        self._question = question
        question.open()

    def _answered(self) -> None:
        self._question = None

    def _act(self, side: Side, user_id: int, items: tuple[OrderItem, ...], reason: str) -> None:
        if self._cancelling is not None and self.batch.start(
            self._cancelling, side, user_id, items, reason
        ):
            self.sheet.items.set_busy(self.batch.is_running)

    def _begun(self, at: int, count: int) -> None:
        self.sheet.busy.start(self._texts("order_page.batch_working", at=at, count=count))

    def _kept(self, item_id: int, refund: Refund) -> None:
        # How the refund stands now is read with the history and shown from there.
        self._results.pop(item_id, None)

    def _cancelled(self, item: OrderItem) -> None:
        texts = self._texts
        self._results[item.id] = lambda: Standing("success", texts("cancel.cancel_done"))

    def _failed(self, item: OrderItem, error: Exception) -> None:
        texts = self._texts
        unpaid = not item.is_paid

        def result() -> Standing:
            told = told_of_error(texts, error, order_only=unpaid)
            return Standing("error", f"{told.heading} ({texts.error_code(error)})")

        self._results[item.id] = result

    def _ended(self, count: int) -> None:
        self.sheet.busy.stop()
        self.sheet.items.set_busy(False)
        self._read()
        announce(self, self._texts("order_page.batch_told", count=count), urgent=True)

    def _cancel_one(self, item_id: int) -> None:
        actor = self.sheet.items.actor
        if actor is not None:
            self.cancel_requested.emit(*actor, item_id)

    def _take_along(self, way: Callable[..., None], *what: object) -> None:
        if self._history is not None:
            way(self._history, *what, online=self._online)

    def _not_noted(self, problem: Exception) -> None:
        texts = self._texts
        self.sheet.banner.show_notice(
            lambda: texts("order_page.not_noted", why=texts.error(problem)), button="words.close"
        )

    def _banner_acted(self) -> None:
        self.sheet.banner.clear()
        if self._history is None:
            self.home_requested.emit()

    def _connect(self) -> None:
        sheet, batch = self.sheet, self.batch
        sheet.banner.acted.connect(self._banner_acted)
        paperwork, take = self.paperwork, self._take_along
        sheet.history.copy_pressed.connect(lambda: take(paperwork.copy))
        sheet.history.print_pressed.connect(lambda: take(paperwork.print))
        sheet.history.pdf_pressed.connect(lambda: take(paperwork.save))
        sheet.history.receipt_pressed.connect(lambda: self.receipt_requested.emit(self._order_id))
        sheet.items.batch_pressed.connect(self._ask)
        sheet.items.cancel_pressed.connect(self._cancel_one)
        sheet.items.slip_pressed.connect(lambda refund: take(paperwork.show_slip, refund))
        paperwork.not_noted.connect(self._not_noted)
        paperwork.taking.said.connect(self.told)
        paperwork.taking.failed.connect(
            lambda problem: sheet.banner.show_error(problem, button="words.close")
        )
        batch.started.connect(self._begun)
        batch.refund_kept.connect(self._kept)
        batch.item_cancelled.connect(self._cancelled)
        batch.item_failed.connect(self._failed)
        batch.finished.connect(self._ended)


def _utc_now() -> datetime:
    return datetime.now(UTC)
