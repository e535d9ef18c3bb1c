"""Background calls of the payment screen, one action at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from posapp.domain.actors import NOBODY, Actor
from posapp.services.payments.payment_progress import PaymentProgress
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.payment.payment_view_model import WITH_CODE

if TYPE_CHECKING:
    from posapp.services.payments.start_payment import PaymentService
    from posapp.services.session import Session
    from posapp.ui.widgets.qr_matrix import QrMatrix


@dataclass(frozen=True, slots=True)
class AttemptUpdate:
    """The current state of an attempt; ``matrix`` encodes its link if a QR is to be shown."""

    progress: PaymentProgress
    matrix: QrMatrix | None


def fetch_update(ask: Callable[[], PaymentProgress], *, link_on_screen: str = "") -> AttemptUpdate:
    """Read an attempt and encode its link, unless that link is already on screen."""
    progress = ask()
    link = progress.attempt.link_url
    if progress.phase not in WITH_CODE or not link or link == link_on_screen:
        return AttemptUpdate(progress, None)
    # Imported here and not above: the first window does not need the encoder.
    from posapp.ui.widgets.qr_matrix import encode

    return AttemptUpdate(progress, encode(link))


def _load_encoder() -> None:
    """Import the encoder and build its tables."""
    from posapp.ui.widgets.qr_matrix import encode

    encode("https://impay.link/00000000")


class PendingAction(StrEnum):
    """The running action; no other one starts until it ends."""

    NONE = "none"
    LOAD = "look_up"
    START = "start"
    STOP = "stop"


class PaymentController(QObject):
    """Calls ``PaymentService`` through the runner and delivers its results on the GUI thread.

    Each order shown starts a new generation. Results of an earlier one are dropped: their attempt
    is stored and polled all the same.
    """

    began = Signal()
    """A start or a stop begins."""
    loaded = Signal(object)
    """The order was read. Carries a ``PaymentSummary``."""
    buyer_found = Signal(object)
    """The buyer was read. Carries a ``PaymentSummary``."""
    started = Signal(object)
    """An attempt was started or resumed. Carries an ``AttemptUpdate``."""
    stopped = Signal(object)
    """An attempt was abandoned. Carries the resulting ``AttemptUpdate``."""
    read = Signal(object)
    """An attempt was read. Carries an ``AttemptUpdate``."""
    refused = Signal(object, object)
    """An action failed: (``PendingAction``, exception). ``PendingAction.NONE``: reading failed."""

    def __init__(
        self,
        runner: TaskRunner,
        payment_service: PaymentService,
        session: Session,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._payment_service, self._session = payment_service, session
        self._generation = 0
        self._action = PendingAction.NONE
        self._target: tuple[Actor, int] = (NOBODY, 0)

    @property
    def action(self) -> PendingAction:
        """Return the running action."""
        return self._action

    @property
    def order_id(self) -> int:
        """Return the order of the running action."""
        return self._target[1]

    def preload_encoder(self) -> None:
        """Load the encoder in the background, so that the first QR does not wait for it."""
        self._runner.run(_load_encoder, lambda _: None, owner=self)

    def reset(self) -> None:
        """Discard the running action's result."""
        self._generation += 1
        self._action = PendingAction.NONE

    def load(self, actor: Actor, order_id: int) -> None:
        """Read an order for payment by this buyer."""
        self._action = PendingAction.LOAD
        self._target = (actor, order_id)
        work = partial(self._payment_service.get_summary, actor, order_id)
        self._run(work, self.loaded, PendingAction.LOAD, key="look_up")

    def find_buyer(self, actor: Actor, order_id: int) -> None:
        """Read the buyer of an order. A refusal by a guard is ignored here."""
        visit = self._generation

        def done(outcome: TaskResult[Any]) -> None:
            if visit == self._generation and outcome.value is not None:
                self.buyer_found.emit(outcome.value)

        work = partial(self._payment_service.get_summary, actor, order_id)
        self._runner.run(work, done, owner=self, key="buyer")

    def start(self, actor: Actor, order_id: int) -> None:
        """Create or resume the QR of an order, unless an action is running."""
        if self._action is not PendingAction.NONE:
            return
        self._action, self._target = PendingAction.START, (actor, order_id)
        self.began.emit()
        work = partial(fetch_update, partial(self._payment_service.start, actor, order_id))
        self._run(work, self.started, PendingAction.START)

    def stop(self, attempt_id: int, link: str) -> None:
        """Abandon an attempt, unless an action is running.

        Args:
            link: the link whose QR is on screen; it is not encoded again.
        """
        if self._action is not PendingAction.NONE:
            return
        self._action = PendingAction.STOP
        self.began.emit()
        ask = partial(self._payment_service.abandon, self._session.actor, attempt_id)
        self._run(partial(fetch_update, ask, link_on_screen=link), self.stopped, PendingAction.STOP)

    def read_again(self, attempt_id: int, link: str) -> None:
        """Read the current state of an attempt; only the newest request is answered."""
        ask = partial(self._payment_service.get_progress, attempt_id)
        work = partial(fetch_update, ask, link_on_screen=link)
        self._run(work, self.read, PendingAction.NONE, key="progress")

    def _run(
        self,
        work: Callable[[], Any],
        signal: SignalInstance,
        action: PendingAction,
        *,
        key: str | None = None,
    ) -> None:
        done = partial(self._done, self._generation, signal, action)
        self._runner.run(work, done, owner=self, key=key)

    def _done(
        self, visit: int, signal: SignalInstance, action: PendingAction, outcome: TaskResult[Any]
    ) -> None:
        if visit != self._generation:
            return
        if action is not PendingAction.NONE:
            self._action = PendingAction.NONE
        if outcome.error is not None:
            self.refused.emit(action, outcome.error)
        else:
            signal.emit(outcome.value)
