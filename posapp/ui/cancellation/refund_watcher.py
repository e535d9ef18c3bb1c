"""Watches refunds: reads them after each change, until they end."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.ui.core.task_runner import TaskResult, TaskRunner

if TYPE_CHECKING:
    from posapp.services.refunds.cancel_item import CancellationService, RefundWithItem

log = logging.getLogger(__name__)


class RefundWatcher(QObject):
    """Reads a refund when watching starts, and after each change.

    The first reading is necessary: the refund may have been carried out before its id was known
    here.
    """

    seen = Signal(object)
    """Carries a newly read ``RefundWithItem``."""

    def __init__(
        self,
        runner: TaskRunner,
        cancellation_service: CancellationService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._cancellation_service = runner, cancellation_service
        self._watched: set[int] = set()

    @property
    def watched(self) -> frozenset[int]:
        """Return the refunds that have not ended."""
        return frozenset(self._watched)

    def watch(self, refund_id: int) -> None:
        """Emit ``seen`` for this refund, now and after each change until it ends."""
        self._watched.add(refund_id)
        self.refund_changed(refund_id)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read a changed refund if it is watched."""
        if not isinstance(refund_id, int) or refund_id not in self._watched:
            return
        cancellation_service, number = self._cancellation_service, refund_id
        self._runner.run(
            lambda: cancellation_service.get_refund(number),
            self._read,
            owner=self,
            key=("refund", number),
        )

    def _read(self, outcome: TaskResult[RefundWithItem]) -> None:
        view = outcome.value
        if view is None:
            # The displayed state stays; the next change reads again.
            log.warning("a refund could not be read: %s", outcome.error)
            return
        if not view.refund.is_open:
            self._watched.discard(view.refund.id)
        self.seen.emit(view)
