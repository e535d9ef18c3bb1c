"""Decisions on their way to the desk and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.requests import Decision, Request
from posapp.ui.background import Outcome, TaskRunner

if TYPE_CHECKING:
    from posapp.services.request_desk import DecisionCost, DecisionResult, RequestDesk


@dataclass(frozen=True, slots=True)
class Came:
    """How one decision ended: with the request as it is now, or with why nothing was decided."""

    request_id: int
    request: Request | None
    error: Exception | None


class Deciding(QObject):
    """Asks what a decision costs, decides, and undoes; one decision at a time.

    Nothing here waits for the network: an approved refund is an intent that is sent later.
    """

    priced = Signal(object, object)
    """A ``Decision``, and a tuple of what approving costs: now a person is asked."""

    not_priced = Signal(object)
    """Why there is no price: an exception. Nothing was decided."""

    decided = Signal(object, object)
    """A ``Decision``, and a tuple of ``Came``, one for each request."""

    undone = Signal(object)
    """A ``Came``: the request waits again, or why it does not."""

    changed = Signal()
    """``is_busy`` is another one."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._desk: RequestDesk | None = None
        self._seller_id = 0
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Something is being priced or decided."""
        return self._busy

    def attach(self, desk: RequestDesk) -> None:
        """The service stands."""
        self._desk = desk

    def open(self, seller_id: int) -> None:
        """Decide for this seller from now on."""
        self._seller_id = seller_id
        self._set_busy(False)

    def price(self, decision: Decision, request_ids: Sequence[int]) -> None:
        """Find out what is decided on; ``priced`` follows."""
        desk, seller_id, ids = self._desk, self._seller_id, tuple(request_ids)
        if desk is None or self._busy or not ids:
            return
        self._set_busy(True)
        self._runner.run(
            lambda: desk.cost(seller_id, ids), partial(self._priced, decision), owner=self
        )

    def decide(self, decision: Decision, request_ids: Sequence[int], note: str) -> None:
        """Decide; ``decided`` follows with a result for each."""
        desk, seller_id, ids = self._desk, self._seller_id, tuple(request_ids)
        if desk is None or self._busy:
            return
        self._set_busy(True)
        if len(ids) == 1:
            self._runner.run(
                lambda: desk.decide(seller_id, ids[0], decision, note),
                partial(self._one_decided, decision, ids[0]),
                owner=self,
            )
            return
        self._runner.run(
            lambda: desk.decide_many(seller_id, ids, decision, note),
            partial(self._many_decided, decision, ids),
            owner=self,
        )

    def undo(self, request_id: int) -> None:
        """Take a decision back; ``undone`` follows."""
        desk, seller_id = self._desk, self._seller_id
        if desk is None:
            return
        self._runner.run(
            lambda: desk.undo(seller_id, request_id),
            lambda outcome: self.undone.emit(Came(request_id, outcome.value, outcome.error)),
            owner=self,
        )

    def _priced(self, decision: Decision, outcome: Outcome[tuple[DecisionCost, ...]]) -> None:
        self._set_busy(False)
        if outcome.value is None:
            self.not_priced.emit(outcome.error or RuntimeError())
        else:
            self.priced.emit(decision, outcome.value)

    def _one_decided(self, decision: Decision, request_id: int, outcome: Outcome[Request]) -> None:
        self._set_busy(False)
        self.decided.emit(decision, (Came(request_id, outcome.value, outcome.error),))

    def _many_decided(
        self,
        decision: Decision,
        ids: tuple[int, ...],
        outcome: Outcome[tuple[DecisionResult, ...]],
    ) -> None:
        self._set_busy(False)
        if outcome.value is None:
            came = tuple(Came(one, None, outcome.error or RuntimeError()) for one in ids)
        else:
            came = tuple(Came(one.request_id, one.request, one.error) for one in outcome.value)
        self.decided.emit(decision, came)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.changed.emit()
