"""Detect a moved wall clock and move pending times with it.

Due times and the ends of leases and links are stored as wall clock times, so that they survive a
restart. A clock set by a user or by network time would change every pause by the same amount: a
refund would wait a day, a paid QR would be polled tomorrow. The monotonic clock measures by how
much the wall clock was moved (docs/faults.md, row 50).

While the program is closed, its monotonic clock does not run. So it stores the difference of its
wall clock from PortOne's: another difference at the next start means that the clock was moved
meanwhile, forward or backward, however long the program was closed (docs/faults.md, row 79).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from posapp.domain.cash_receipts import TO_SEND, CashReceipt
from posapp.domain.payments import Attempt
from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.periodic_job import Change, JobResult
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)

JUMP = timedelta(seconds=2)
"""A smaller difference is clock drift or a delayed thread."""

FURTHEST = timedelta(minutes=20)
"""Maximum delay of an outbox entry (``refund_protocol.IN_FLIGHT_WINDOW``)."""

FURTHEST_POLL = timedelta(minutes=40)
"""Maximum delay of an attempt's next poll: a link of at most 20 minutes, plus the polls after it
(``poll_schedule``)."""

FURTHEST_RECEIPT = timedelta(minutes=20)
"""Maximum delay of a cash receipt's next round: ten minutes, for a buyer who is asked for a number
again, or after failures in a row (``receipt_job``)."""

APART = timedelta(seconds=30)
"""Smallest clock change measured against PortOne: its time has whole seconds and its answer takes
time."""

PROMPT_MS = 5_000
"""A slower answer is too imprecise for the time."""

OURS, PORTONES = "clock", "clock of PortOne"
"""Checkpoints: both clocks at the same moment."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN = (RefundState.APPROVED, RefundState.SENDING, RefundState.UNKNOWN)
_MANY = 100_000


class ClockJumpDetector:
    """A quick local job; ``due_in_ms`` is 0 once the clock was moved.

    Run it before any claim or poll: else a clock that was set forward makes a running lease look
    expired.
    """

    name = "clock"

    def __init__(self, store: Store, clock: Clock, timings: SyncTimings = TIMINGS) -> None:
        self._store = store
        self._clock = clock
        self._timings = timings
        self._offset: timedelta | None = None
        self._lock = threading.Lock()
        self._learnt: tuple[datetime, int] | None = None
        self._found: frozenset[int] = frozenset()

    def learn(self, server_now: datetime, requested_ms: int) -> None:
        """Record PortOne's time. Thread-safe.

        Args:
            requested_ms: monotonic time of the request in ms.
        """
        now_ms = self._clock.monotonic()
        if now_ms - requested_ms <= PROMPT_MS:
            with self._lock:
                self._learnt = (server_now, now_ms)

    def due_in_ms(self) -> int:
        """Return 0 at the start, after a jump and after a new time of PortOne; a small drift is
        adopted silently."""
        if self._offset is None or self._learnt is not None:
            return 0
        offset = self._measured()
        if offset is None or abs(offset - self._offset) < JUMP:
            self._offset = offset or self._offset
            return self._timings.clock
        return 0

    def run(self) -> JobResult:
        """Move all pending times by the amount that the wall clock was moved.

        Raises:
            EnvironmentProblem: the disk refuses the write; the job is retried.
        """
        offset = self._measured()
        if offset is None:
            return JobResult()
        with self._lock:
            learnt, self._learnt = self._learnt, None
        now = self._clock.now()
        with self._store.transaction() as uow:
            if self._offset is None:
                self._found = frozenset(one.id for one in uow.attempts.unconfirmed())
                by = self._since_last_run(uow)
            else:
                by = offset - self._offset
            moved = _move(uow, by, now) if by else ()
            if by:
                _move_mark(uow, by)
            if learnt is not None:
                server_time, server_time_ms = learnt
                elapsed = timedelta(milliseconds=self._clock.monotonic() - server_time_ms)
                while_closed = _since_mark(uow, now, server_time + elapsed)
                if while_closed:
                    moved += _move(uow, while_closed, now, only=self._found)
                    by += while_closed
                uow.checkpoints.set(OURS, now)
                uow.checkpoints.set(PORTONES, server_time + elapsed)
            _cap_due_times(uow, now)
            uow.commit()
        if by:
            log.warning("the clock was moved by %d s: what waits is moved too", by.total_seconds())
        self._offset = offset
        return JobResult(
            tuple(Change("attempt", one) for one in dict.fromkeys(one.id for one in moved))
        )

    def _measured(self) -> timedelta | None:
        """Return wall time minus monotonic time; ``None`` if the thread was delayed in between."""
        before = self._clock.monotonic()
        wall = self._clock.now()
        held_up = self._clock.monotonic() - before
        return None if held_up > 200 else wall - _EPOCH - timedelta(milliseconds=before)

    def _since_last_run(self, uow: UnitOfWork) -> timedelta:
        """Return the minimum amount that the clock was set back while the program was closed.

        The length of that pause is unknown, but a time written earlier cannot be in the future.
        PortOne's clock gives the rest (``learn``)."""
        mark = uow.checkpoints.get(OURS)
        if mark is not None:
            moments = [mark]  # every detected jump moved it, unlike the times below
        else:
            moments = [one.created_at for one in uow.attempts.unconfirmed()]
            for refund in uow.refunds.in_states(_OPEN, _MANY):
                moments += [refund.created_at, *_known(refund.sent_at, refund.last_unknown_at)]
        now = self._clock.now()
        ahead = max((at - now for at in moments), default=timedelta(0))
        return -ahead if ahead >= JUMP else timedelta(0)


def _since_mark(uow: UnitOfWork, ours: datetime, portones: datetime) -> timedelta:
    """Return our clock's change against PortOne's since both were stored; 0 if there is none."""
    then, portones_then = uow.checkpoints.get(OURS), uow.checkpoints.get(PORTONES)
    if then is None or portones_then is None:
        return timedelta(0)
    by = (ours - portones) - (then - portones_then)
    return by if abs(by) >= APART else timedelta(0)


def _move_mark(uow: UnitOfWork, by: timedelta) -> None:
    """Move the stored mark too: PortOne's clock must not report a detected jump again."""
    then = uow.checkpoints.get(OURS)
    if then is not None:
        uow.checkpoints.set(OURS, then + by)


def _move(
    uow: UnitOfWork, by: timedelta, now: datetime, *, only: Collection[int] | None = None
) -> tuple[Attempt, ...]:
    """Move pending times. ``only``: ids of the attempts that existed when the clock was moved."""
    # After a forward jump, an attempt created later than this is new: its times are right already.
    latest = now - by if by > timedelta(0) else None
    uow.outbox.shift_times(by)
    for refund in uow.refunds.in_states(_OPEN, _MANY):
        if refund.last_unknown_at is not None:
            uow.refunds.save(_unclear_moved(refund, by))
    for receipt in _receipts_under_way(uow):
        uow.cash_receipts.save(replace(receipt, next_at=receipt.next_at + by))
    attempts = [
        one
        for one in uow.attempts.unconfirmed()
        if (latest is None or one.created_at <= latest) and (only is None or one.id in only)
    ]
    for attempt in attempts:
        uow.attempts.save(
            replace(
                attempt,
                expires_at=_moved(attempt.expires_at, by),
                next_check_at=_moved(attempt.next_check_at, by),
                closed_at=_moved(attempt.closed_at, by),
            )
        )
    return tuple(one for one in attempts if one.is_live)


def _cap_due_times(uow: UnitOfWork, now: datetime) -> None:
    for entry in uow.outbox.waiting(_MANY):
        if entry.due_at > now + FURTHEST:
            uow.outbox.requeue(entry.refund_id, now)
    for attempt in uow.attempts.unconfirmed():
        # Polled, or its link created, between the jump and this run: moved although it was right.
        if attempt.next_check_at is not None and attempt.next_check_at > now + FURTHEST_POLL:
            uow.attempts.save(replace(attempt, next_check_at=now))
    for receipt in _receipts_under_way(uow):
        # Asked for while the clock was ahead, and that was not seen: in days, or years.
        if receipt.next_at > now + FURTHEST_RECEIPT:
            uow.cash_receipts.save(replace(receipt, next_at=now))


def _receipts_under_way(uow: UnitOfWork) -> tuple[CashReceipt, ...]:
    """Return the cash receipts that the background works on."""
    waiting = uow.cash_receipts.open()
    return tuple(one for one in waiting if one.state in TO_SEND and not one.by_hand)


def _unclear_moved(refund: Refund, by: timedelta) -> Refund:
    return replace(refund, last_unknown_at=_moved(refund.last_unknown_at, by))


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    return at + by if at is not None else None


def _known(*moments: datetime | None) -> list[datetime]:
    return [at for at in moments if at is not None]
