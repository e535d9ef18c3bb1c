"""Refunds that somebody waits for: read again whenever they change, until they are over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.ui.background import Outcome, TaskRunner

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling, RefundView

log = logging.getLogger(__name__)


class RefundWatch(QObject):
    """Reads a watched refund when it is first watched, and each time that it changed.

    The first reading is not a luxury: the background may have carried the refund out before the
    screen knew its number.
    """

    seen = Signal(object)
    """A ``RefundView``, read now."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._cancelling: Cancelling | None = None
        self._watched: set[int] = set()

    def attach(self, cancelling: Cancelling) -> None:
        """The service stands."""
        self._cancelling = cancelling

    @property
    def watched(self) -> frozenset[int]:
        """Refunds that are not over yet."""
        return frozenset(self._watched)

    def watch(self, refund_id: int) -> None:
        """Tell how this refund stands, now and until it is over."""
        self._watched.add(refund_id)
        self.refund_changed(refund_id)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund changed; nothing happens if nobody waits for it."""
        cancelling = self._cancelling
        if cancelling is None or not isinstance(refund_id, int) or refund_id not in self._watched:
            return
        number = refund_id
        self._runner.run(
            lambda: cancelling.view(number), self._read, owner=self, key=("refund", number)
        )

    def _read(self, outcome: Outcome[RefundView]) -> None:
        view = outcome.value
        if view is None:
            # What was shown stays; the next change is another chance.
            log.warning("a refund could not be read: %s", outcome.error)
            return
        if not view.refund.is_open:
            self._watched.discard(view.refund.id)
        self.seen.emit(view)
