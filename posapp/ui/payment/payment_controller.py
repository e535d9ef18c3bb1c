"""The attempt on the payment page as last read, and the calls that start, stop and read it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.users import WALK_IN, WALK_IN_NAME, User
from posapp.services.payments.payment_progress import (
    FINAL_PHASES,
    PaymentPhase,
    PaymentProgress,
    PaymentSummary,
)
from posapp.services.ports.system import Clock
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.payment.countdown import Countdown
from posapp.ui.payment.payment_view_model import WITH_CODE

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken
    from posapp.services.payments.start_payment import PaymentService
    from posapp.services.session import Session
    from posapp.ui.widgets.qr_matrix import QrMatrix


class PendingAction(StrEnum):
    """The running action; no other one starts until it ends."""

    NONE = "none"
    LOAD = "look_up"
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AttemptUpdate:
    """The current state of an attempt; ``matrix`` encodes its link if a QR is to be shown."""

    progress: PaymentProgress
    matrix: QrMatrix | None


class PaymentController(QObject):
    """Calls ``PaymentService`` through the runner, and keeps its results on the GUI thread.

    Each order shown starts a new generation. Results of an earlier one are dropped: their attempt
    is stored and polled all the same. Whether something was paid is only ever read.

    Attributes:
        order: the order on screen.
        buyer: its buyer, once known.
        progress: the attempt as last read.
        error: why there is no attempt.
        matrix: the QR of the attempt's link; ``None`` unless it may be scanned now.
        cash: won that were received in cash beside a QR.
        taken: the cash that paid the order, if cash did.
        action: the running action.
        countdown: runs while there is a QR.
    """

    changed = Signal()
    """One of the attributes changed."""
    stopped = Signal(object)
    """The attempt was abandoned, or paid before. Carries the resulting ``PaymentPhase``."""
    refused = Signal(object)
    """Stopping or reading failed, and the attempt stays. Carries the exception."""
    wake_requested = Signal()
    """The background worker has something to poll."""

    def __init__(
        self,
        runner: TaskRunner,
        payment_service: PaymentService,
        session: Session,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._payment_service, self._session = payment_service, session
        self._generation = 0
        self._target: tuple[Actor, int] = (NOBODY, 0)
        self._starts = False
        self._link = ""
        self.order: Order | None = None
        self.buyer: User | None = None
        self.progress: PaymentProgress | None = None
        self.error: Exception | None = None
        self.matrix: QrMatrix | None = None
        self.cash = ZERO
        self.taken: CashTaken | None = None
        self.action = PendingAction.NONE
        self.countdown = Countdown(clock, self)
        self.countdown.ended.connect(self._time_is_over)

    @property
    def order_id(self) -> int:
        """Return the order on screen, or 0."""
        return self._target[1]

    @property
    def is_scannable(self) -> bool:
        """Return whether a QR may be shown: the attempt is payable and its time is not over."""
        phase = self.progress.phase if self.progress is not None else None
        return phase in WITH_CODE and not self.countdown.is_over

    @property
    def is_live(self) -> bool:
        """Return whether a buyer may be scanning or paying, or a QR is being prepared."""
        preparing = self.progress is not None and self.progress.phase is PaymentPhase.PREPARING
        return preparing or self.is_scannable

    @property
    def is_over(self) -> bool:
        """Return whether the attempt has its final result, or cash paid the order."""
        is_final = self.progress is not None and self.progress.phase in FINAL_PHASES
        return is_final or self.taken is not None

    @property
    def due(self) -> Won | None:
        """Return what is left to pay, in won; ``None`` while the order is not known."""
        return self.order.total - self.cash if self.order is not None else None

    @property
    def is_sold(self) -> bool:
        """Return whether a sale of the counter's own was paid."""
        is_paid = self.progress is not None and self.progress.phase is PaymentPhase.DONE
        is_paid = is_paid or self.taken is not None
        return is_paid and self.order is not None and self.order.is_counter

    @property
    def is_working(self) -> bool:
        """Return whether a QR is being created or abandoned."""
        return self.action in (PendingAction.START, PendingAction.STOP)

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or is being created or abandoned; else 0."""
        return self.order_id if self.is_live or self.is_working else 0

    def preload_encoder(self) -> None:
        """Load the encoder in the background, so that the first QR does not wait for it."""
        self._runner.run(_load_encoder, lambda _: None, owner=self)

    def reset(self) -> None:
        """Drop the order and its attempt; running calls continue and their results are dropped."""
        self._generation += 1
        self._target, self._starts = (NOBODY, 0), False
        self._link = ""
        self.action = PendingAction.NONE
        self.order = self.buyer = self.progress = self.error = self.matrix = self.taken = None
        self.cash = ZERO
        self.countdown.stop()

    def open(self, actor: Actor, order_id: int, *, starts: bool = False) -> None:
        """Read an order for payment by this buyer, and its live attempt if there is one.

        Args:
            starts: create its QR at once.
        """
        self.reset()
        self._target, self._starts = (actor, order_id), starts
        work = partial(self._payment_service.get_summary, actor, order_id)
        self._run(work, self._loaded, action=PendingAction.LOAD, key="summary")

    def show_taken(self, actor: Actor, taken: CashTaken) -> None:
        """Take an order that was just paid in cash."""
        self.reset()
        self._target, self.order, self.taken = (actor, taken.order.id), taken.order, taken
        if taken.order.buyer_id == WALK_IN:
            self.buyer = User(WALK_IN, WALK_IN_NAME)
        self.changed.emit()

    def read_order(self) -> None:
        """Read the order again, and what was received for it in cash."""
        if self.order_id:
            work = partial(self._payment_service.get_summary, *self._target)
            self._run(work, self._summary_read, key="summary", may_fail=False)

    def resume(self, progress: PaymentProgress) -> None:
        """Take an attempt that was on screen before a restart."""
        self.reset()
        order = progress.order
        actor = Actor.buyer(order.buyer_id) if order is not None else NOBODY
        self._target = (actor, progress.attempt.order_id)
        self._take(AttemptUpdate(progress, None))
        self.read_again()
        if order is not None:  # the buyer is still to be read; a guard may refuse another payment
            self.read_order()

    def start(self) -> None:
        """Create or resume the QR of the order, unless an action is running."""
        if not self.order_id or self.action is not PendingAction.NONE:
            return
        user, order_id = self._target
        actor = self._session.acting_for(user) if user.is_user else user
        work = partial(_start, partial(self._payment_service.start, actor, order_id))
        self._run(work, self._started, action=PendingAction.START)

    def stop(self) -> None:
        """Abandon the attempt, unless an action is running."""
        if self.progress is None or self.action is not PendingAction.NONE:
            return
        attempt_id = self.progress.attempt.id
        ask = partial(self._payment_service.abandon, self._session.actor, attempt_id)
        self._run(partial(_fetch, ask, self._link), self._stopped, action=PendingAction.STOP)

    def read_again(self) -> None:
        """Read the attempt again; only the newest request is answered."""
        if self.progress is not None:
            self._read(self.progress.attempt.id)

    def attempt_changed(self, attempt_id: object) -> None:
        """Read the attempt again if it is this one."""
        if self.progress is not None and self.progress.attempt.id == attempt_id:
            self.read_again()

    def refund_changed(self, refund_id: object) -> None:
        """Read the attempt again if the refund may be of its payment."""
        if self.progress is None or self.progress.payment is None:
            return
        known = self.progress.refund
        if known is None or known.id == refund_id:
            self.read_again()

    # Results.

    def _loaded(self, summary: PaymentSummary) -> None:
        self._summary_read(summary)
        starts, self._starts = self._starts, False
        if summary.live is not None:
            self._read(summary.live.id)
        elif starts:
            self.start()

    def _summary_read(self, summary: PaymentSummary) -> None:
        self.order, self.buyer, self.cash = summary.order, summary.buyer, summary.cash
        self.changed.emit()

    def _started(self, update: AttemptUpdate) -> None:
        self._take(update)
        self.wake_requested.emit()
        # Signals may have been missed before the attempt's id was known here.
        self.read_again()

    def _stopped(self, update: AttemptUpdate) -> None:
        self._take(update)
        self.stopped.emit(update.progress.phase)
        self.read_again()

    def _take(self, update: AttemptUpdate) -> None:
        progress = update.progress
        self.progress, self.error = progress, None
        self.order = progress.order or self.order
        expires_at = progress.attempt.expires_at
        if progress.phase in WITH_CODE and expires_at is not None:
            self.countdown.start(expires_at)
        elif progress.phase in FINAL_PHASES:
            self.countdown.stop()
        if update.matrix is not None:
            self._link, self.matrix = progress.attempt.link_url, update.matrix
        self._drop_code()
        self.changed.emit()

    def _failed(self, action: PendingAction, error: Exception) -> None:
        if action in (PendingAction.LOAD, PendingAction.START):
            self.progress, self.error = None, error
            self.countdown.stop()
            self._drop_code()
        else:
            self.refused.emit(error)
        self.changed.emit()

    def _time_is_over(self) -> None:
        self._drop_code()
        self.changed.emit()
        self.wake_requested.emit()

    def _drop_code(self) -> None:
        if not self.is_scannable:
            self._link, self.matrix = "", None

    # Calls.

    def _read(self, attempt_id: int) -> None:
        ask = partial(self._payment_service.get_progress, attempt_id)
        self._run(partial(_fetch, ask, self._link), self._take, key="progress")

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        action: PendingAction = PendingAction.NONE,
        key: str | None = None,
        may_fail: bool = True,
    ) -> None:
        """Do work in a thread.

        Args:
            action: runs from now until the result.
            key: as in ``TaskRunner.run``.
            may_fail: a failure is reported.
        """
        generation, is_action = self._generation, action is not PendingAction.NONE
        if is_action:
            self.action = action
            self.changed.emit()

        def take(outcome: TaskResult[Any]) -> None:
            if generation != self._generation:
                return
            if is_action:
                self.action = PendingAction.NONE
            if outcome.error is None:
                done(outcome.value)
            elif may_fail:
                self._failed(action, outcome.error)

        self._runner.run(work, take, owner=self, key=key)


def _fetch(ask: Callable[[], PaymentProgress], link_on_screen: str = "") -> AttemptUpdate:
    """Read an attempt and encode its link, unless that link is already on screen."""
    progress = ask()
    link = progress.attempt.link_url
    if progress.phase not in WITH_CODE or not link or link == link_on_screen:
        return AttemptUpdate(progress, None)
    # Imported here and not above: the first window does not need the encoder.
    from posapp.ui.widgets.qr_matrix import encode

    return AttemptUpdate(progress, encode(link))


def _start(start: Callable[[Callable[[str], object]], PaymentProgress]) -> AttemptUpdate:
    """Create an attempt, and encode its link in another thread while that is written to the disk.

    One after the other they would be the longest part of what the shop waits for a QR, besides
    PortOne.
    """
    threads: list[threading.Thread] = []
    encoded: dict[str, QrMatrix] = {}

    def encode_early(link: str) -> None:
        thread = threading.Thread(target=_encode_into, args=(encoded, link), daemon=True)
        threads.append(thread)
        thread.start()

    progress = start(encode_early)
    for thread in threads:
        thread.join()
    matrix = encoded.get(progress.attempt.link_url)
    if matrix is None or progress.phase not in WITH_CODE:
        return _fetch(lambda: progress)
    return AttemptUpdate(progress, matrix)


def _encode_into(encoded: dict[str, QrMatrix], link: str) -> None:
    from posapp.ui.widgets.qr_matrix import encode

    with suppress(ValueError):  # a link that makes no QR is found again, and reported, by _fetch
        encoded[link] = encode(link)


def _load_encoder() -> None:
    """Import the encoder and build its tables."""
    from posapp.ui.widgets.qr_matrix import encode

    encode("https://impay.link/00000000")
