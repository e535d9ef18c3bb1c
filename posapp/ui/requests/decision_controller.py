"""Background calls that decide requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.requests import Decision, Request
from posapp.ui.core.task_runner import TaskResult, TaskRunner

if TYPE_CHECKING:
    from posapp.services.requests.decide_request import (
        DecisionPreview,
        DecisionResult,
        RequestDecisionService,
    )


@dataclass(frozen=True, slots=True)
class DecidedRequest:
    """Result of one decision: the changed request, or the error."""

    request_id: int
    request: Request | None
    error: Exception | None


class DecisionController(QObject):
    """Previews, decides and undoes, one decision at a time.

    Nothing here waits for the network: an approved refund is stored as an intent and sent later.
    """

    previewed = Signal(object, object)
    """Carries a ``Decision`` and the ``DecisionPreview`` tuple; the confirmation follows."""

    not_priced = Signal(object)
    """The preview failed and nothing was decided. Carries the exception."""

    decided = Signal(object, object)
    """Carries a ``Decision`` and a tuple of ``DecidedRequest``, one for each request."""

    undone = Signal(object)
    """Carries a ``DecidedRequest``: the request waits again, or the error."""

    changed = Signal()
    """``is_busy`` may have changed."""

    def __init__(
        self, runner: TaskRunner, desk: RequestDecisionService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._desk = runner, desk
        self._actor = NOBODY
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Return whether a preview or a decision is running."""
        return self._busy

    def open(self, actor: Actor) -> None:
        """Set the seller of all further decisions."""
        self._actor = actor
        self._set_busy(False)

    def preview(self, decision: Decision, request_ids: Sequence[int]) -> None:
        """Read the effect of a decision; ``previewed`` or ``not_priced`` follows."""
        desk, actor, ids = self._desk, self._actor, tuple(request_ids)
        if self._busy or not ids:
            return
        self._set_busy(True)
        self._runner.run(
            lambda: desk.preview(actor, ids), partial(self._priced, decision), owner=self
        )

    def decide(self, decision: Decision, request_ids: Sequence[int], note: str) -> None:
        """Decide; ``decided`` follows with a result for each request."""
        desk, actor, ids = self._desk, self._actor, tuple(request_ids)
        if self._busy:
            return
        self._set_busy(True)
        if len(ids) == 1:
            self._runner.run(
                lambda: desk.decide(actor, ids[0], decision, note),
                partial(self._one_decided, decision, ids[0]),
                owner=self,
            )
            return
        self._runner.run(
            lambda: desk.decide_many(actor, ids, decision, note),
            partial(self._many_decided, decision, ids),
            owner=self,
        )

    def undo(self, request_id: int) -> None:
        """Undo a decision; ``undone`` follows."""
        desk, actor = self._desk, self._actor
        self._runner.run(
            lambda: desk.undo(actor, request_id),
            lambda outcome: self.undone.emit(
                DecidedRequest(request_id, outcome.value, outcome.error)
            ),
            owner=self,
        )

    def _priced(self, decision: Decision, outcome: TaskResult[tuple[DecisionPreview, ...]]) -> None:
        self._set_busy(False)
        if outcome.value is None:
            self.not_priced.emit(outcome.error or RuntimeError())
        else:
            self.previewed.emit(decision, outcome.value)

    def _one_decided(
        self, decision: Decision, request_id: int, outcome: TaskResult[Request]
    ) -> None:
        self._set_busy(False)
        self.decided.emit(decision, (DecidedRequest(request_id, outcome.value, outcome.error),))

    def _many_decided(
        self,
        decision: Decision,
        ids: tuple[int, ...],
        outcome: TaskResult[tuple[DecisionResult, ...]],
    ) -> None:
        self._set_busy(False)
        if outcome.value is None:
            decided = tuple(
                DecidedRequest(one, None, outcome.error or RuntimeError()) for one in ids
            )
        else:
            decided = tuple(
                DecidedRequest(one.request_id, one.request, one.error) for one in outcome.value
            )
        self.decided.emit(decision, decided)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.changed.emit()
