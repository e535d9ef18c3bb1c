"""Several items of an order, cancelled one after the other: each by itself, with its own result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from posapp.domain.cancelling import Deed, Side, deed_of
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.ui.background import Outcome, TaskRunner

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling


class BatchCancel(QObject):
    """Asks for one item at a time. A refusal of one holds up none of the others.

    The amount of each refund is the one that the screen showed.
    """

    started = Signal(object, object)
    """Which of how many begins now, from 1."""

    refund_kept = Signal(object, object)
    """An item's id, and its ``Refund`` that is kept now."""

    item_cancelled = Signal(object)
    """An ``OrderItem`` that is cancelled; no money moved."""

    item_failed = Signal(object, object)
    """An ``OrderItem``, and the exception that says why nothing happened to it."""

    finished = Signal(object)
    """How many were asked for; each has told its result."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._waiting: list[OrderItem] = []
        self._count = 0
        self._running = False

    @property
    def is_running(self) -> bool:
        """It is under way; a second start does nothing."""
        return self._running

    def start(
        self,
        cancelling: Cancelling,
        side: Side,
        user_id: int,
        items: Sequence[OrderItem],
        reason: str,
    ) -> bool:
        """Begin; ``False`` if it is under way already or there is nothing to do."""
        if self._running or not items:
            return False
        self._running = True
        self._waiting, self._count = list(items), len(items)

        def deed(item: OrderItem) -> Callable[[], OrderItem | Refund]:
            if deed_of(item) is Deed.CANCEL:
                return lambda: cancelling.cancel(side, user_id, item.id, reason)
            return lambda: cancelling.refund(side, user_id, item.id, reason, item.total)

        self._next(deed)
        return True

    def _next(self, deed: Callable[[OrderItem], Callable[[], Any]]) -> None:
        if not self._waiting:
            self._running = False
            self.finished.emit(self._count)
            return
        item = self._waiting.pop(0)
        self.started.emit(self._count - len(self._waiting), self._count)
        self._runner.run(deed(item), partial(self._ended, deed, item), owner=self)

    def _ended(
        self,
        deed: Callable[[OrderItem], Callable[[], Any]],
        item: OrderItem,
        outcome: Outcome[Any],
    ) -> None:
        if isinstance(outcome.value, Refund):
            self.refund_kept.emit(item.id, outcome.value)
        elif isinstance(outcome.value, OrderItem):
            self.item_cancelled.emit(outcome.value)
        else:
            self.item_failed.emit(item, outcome.error or RuntimeError())
        self._next(deed)
