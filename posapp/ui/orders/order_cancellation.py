"""Cancels or refunds all items of an order from a list of orders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.orders import OrderItem
from posapp.ui.cancellation.cancel_flow import CancelFlow
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme

if TYPE_CHECKING:
    from posapp.services.orders.order_history import OrderHistory, OrderHistoryService
    from posapp.services.refunds.cancel_item import CancellationService
    from posapp.services.refunds.cancel_remainder import RemainderCancellationService
    from posapp.services.session import Session


class OrderCancellation(QObject):
    """Reads an order afresh, asks by a ``CancelDialog``, and reports how it ended.

    It asks about every item whose money is not on its way back already. An order of which nothing
    can be cancelled now is not asked about: its page shows why.
    """

    not_offered = Signal(object)
    """Nothing of the order can be cancelled now; nothing was asked. Carries its id."""

    failed = Signal(object)
    """The order could not be read, so nothing was asked. Carries the exception."""

    ended = Signal(object, object)
    """At least one item was cancelled, or its refund stored: (the order's id, the first exception,
    or ``None`` if every item was). If none was, the dialog shows why."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        histories: OrderHistoryService,
        cancellation_service: CancellationService,
        remainder_service: RemainderCancellationService,
        page: QWidget,
        session: Session,
    ) -> None:
        super().__init__(page)
        self._runner, self._histories, self._page = runner, histories, page
        self._order_id, self._done = 0, 0
        self._is_reading = False
        self.is_refund = False
        self._failures: list[Exception] = []
        self.flow = CancelFlow(
            *(texts, theme, runner, cancellation_service, remainder_service, page, session)
        )
        self.flow.started.connect(self._begin)
        self.flow.item_cancelled.connect(lambda _: self._count(1))
        self.flow.refund_kept.connect(lambda item_ids, _: self._count(len(item_ids)))
        self.flow.not_offered.connect(lambda _: self.not_offered.emit(self._order_id))
        self.flow.item_failed.connect(self._fail)
        self.flow.finished.connect(self._end)

    @property
    def is_running(self) -> bool:
        """Return whether items are being cancelled."""
        return self.flow.is_running

    def ask(self, order_id: int) -> None:
        """Ask about an order, unless one is being read or cancelled."""
        if self._is_reading or self.is_running:
            return
        self._is_reading = True
        work = partial(self._histories.for_order, order_id)
        self._runner.run(work, partial(self._read, order_id), owner=self)

    def _read(self, order_id: int, outcome: TaskResult[OrderHistory]) -> None:
        self._is_reading = False
        if not self._page.isVisible():
            return  # somebody went on to another page: no question appears there
        if outcome.value is None:
            self.failed.emit(outcome.error or RuntimeError())
            return
        history = outcome.value
        last = {item: refund for refund in history.refunds for item in refund.item_ids}
        items = [
            item
            for item in history.order.active_items
            if item.id not in last or not last[item.id].is_open
        ]
        if history.doubt is not None or not items:
            self.not_offered.emit(order_id)
            return
        self._order_id = order_id
        self.is_refund = history.order.is_paid
        self.flow.ask(order_id, items, last, None, history.cash_back_of)

    def _begin(self, at: int, count: int) -> None:
        if at == 1:
            self._failures, self._done = [], 0

    def _count(self, items: int) -> None:
        self._done += items

    def _fail(self, item: OrderItem, error: Exception) -> None:
        self._failures.append(error)

    def _end(self, count: int) -> None:
        if self._done:
            self.ended.emit(self._order_id, next(iter(self._failures), None))
