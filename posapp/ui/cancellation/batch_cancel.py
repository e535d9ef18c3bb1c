"""Batch cancellation of an order's items: one after the other, each with its own result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from posapp.domain.actors import Actor
from posapp.domain.cancellation import CancelAction, cancel_action_for
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.ui.core.task_runner import TaskResult, TaskRunner

if TYPE_CHECKING:
    from posapp.services.refunds.cancel_item import CancellationService


class BatchCancel(QObject):
    """Processes one item at a time. A failure of one does not stop the others.

    The amount of each refund is the one that the screen showed.
    """

    started = Signal(object, object)
    """An item begins: (its number from 1, the total)."""

    refund_kept = Signal(object, object)
    """A refund was stored: (item id, ``Refund``)."""

    item_cancelled = Signal(object)
    """An ``OrderItem`` was cancelled; no money moved."""

    item_failed = Signal(object, object)
    """Nothing happened to an ``OrderItem``: (item, exception)."""

    finished = Signal(object)
    """All items are processed. Carries their number; each has emitted its result."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._waiting: list[OrderItem] = []
        self._count = 0
        self._running = False

    @property
    def is_running(self) -> bool:
        """Return whether a batch is running; a second start does nothing."""
        return self._running

    def start(
        self,
        cancellation_service: CancellationService,
        actor_of: Callable[[OrderItem], Actor],
        items: Sequence[OrderItem],
        reason: str,
    ) -> bool:
        """Start; return ``False`` if a batch is running or there are no items.

        Args:
            actor_of: returns who cancels an item.
        """
        if self._running or not items:
            return False
        self._running = True
        self._waiting, self._count = list(items), len(items)

        def action(item: OrderItem) -> Callable[[], OrderItem | Refund]:
            actor = actor_of(item)
            if cancel_action_for(item) is CancelAction.CANCEL:
                return lambda: cancellation_service.cancel(actor, item.id, reason)
            return lambda: cancellation_service.refund(actor, item.id, reason, item.total)

        self._next(action)
        return True

    def _next(self, action: Callable[[OrderItem], Callable[[], Any]]) -> None:
        if not self._waiting:
            self._running = False
            self.finished.emit(self._count)
            return
        item = self._waiting.pop(0)
        self.started.emit(self._count - len(self._waiting), self._count)
        self._runner.run(action(item), partial(self._ended, action, item), owner=self)

    def _ended(
        self,
        action: Callable[[OrderItem], Callable[[], Any]],
        item: OrderItem,
        outcome: TaskResult[Any],
    ) -> None:
        if isinstance(outcome.value, Refund):
            self.refund_kept.emit(item.id, outcome.value)
        elif isinstance(outcome.value, OrderItem):
            self.item_cancelled.emit(outcome.value)
        else:
            self.item_failed.emit(item, outcome.error or RuntimeError())
        self._next(action)
