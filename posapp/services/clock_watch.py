"""A wall clock that is moved: what waits is moved with it.

Due times, the ends of leases and of links lie in the database as moments of the wall clock, so that
they outlive the program. When somebody sets the clock, or the network's time does, every pause
would be longer or shorter by as much: a waiting refund by a day, a paid QR looked at tomorrow. The
monotonic clock tells by how much the wall clock was moved (faults.md, 50).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from posapp.domain.payments import Attempt
from posapp.domain.refunds import Refund, RefundState
from posapp.services.chores import Change, Done
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork

log = logging.getLogger(__name__)

JUMP = timedelta(seconds=2)
"""Less than this is the clock's own drift, or somebody who held up this thread."""

LOOK_MS = 2_000
"""What somebody begins between a jump and the next look is told from what was there before only
where that can be done: a QR made in those two seconds may end early after a jump back."""

FURTHEST = timedelta(minutes=20)
"""No entry is ever postponed further than this (``refunding.LANDING``)."""

FURTHEST_LOOK = timedelta(minutes=40)
"""No look at an attempt is further ahead: a link of at most 20 minutes, and what comes behind it
(``schedule``)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN = (RefundState.APPROVED, RefundState.SENDING, RefundState.UNKNOWN)
_MANY = 100_000


class ClockWatch:
    """A chore that is local and quick; ``due_in_ms`` is 0 from the moment the clock was moved.

    To be run before anything is claimed or looked at: otherwise a clock that was set forward lets
    a running lease seem to be over.
    """

    name = "clock"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._offset: timedelta | None = None

    def due_in_ms(self) -> int:
        """0 at the start and after a jump; a small drift is taken over in passing."""
        if self._offset is None:
            return 0
        offset = self._measured()
        if offset is None or abs(offset - self._offset) < JUMP:
            self._offset = offset or self._offset
            return LOOK_MS
        return 0

    def run(self) -> Done:
        """Move everything that waits by as much as the wall clock was moved.

        Raises:
            EnvironmentProblem: the disk does not take it; it is tried again.
        """
        offset = self._measured()
        if offset is None:
            return Done()
        with self._store.writing() as uow:
            by = self._since_last_run(uow) if self._offset is None else offset - self._offset
            moved = _move(uow, by, self._clock.now()) if by else ()
            _let_none_wait_for_ever(uow, self._clock.now())
            uow.commit()
        if by:
            log.warning("the clock was moved by %d s: what waits is moved too", by.total_seconds())
        self._offset = offset
        return Done(tuple(Change("attempt", one.id) for one in moved))

    def _measured(self) -> timedelta | None:
        """Wall time over monotonic time, or ``None`` if this thread was held up between the two."""
        before = self._clock.monotonic()
        wall = self._clock.now()
        held_up = self._clock.monotonic() - before
        return None if held_up > 200 else wall - _EPOCH - timedelta(milliseconds=before)

    def _since_last_run(self, uow: UnitOfWork) -> timedelta:
        """At a start nobody knows how long the program was closed; but what it has written cannot
        lie in the future. If it does, the clock went back by that at least."""
        moments = [one.created_at for one in uow.attempts.uncertain()]
        for refund in uow.refunds.in_states(_OPEN, _MANY):
            moments += [refund.created_at, *_known(refund.sent_at, refund.unclear_at)]
        now = self._clock.now()
        ahead = max((at - now for at in moments), default=timedelta(0))
        return -ahead if ahead >= JUMP else timedelta(0)


def _move(uow: UnitOfWork, by: timedelta, now: datetime) -> tuple[Attempt, ...]:
    # Made after a jump ahead: nothing that was made before can lie that late.
    latest = now - by if by > timedelta(0) else None
    uow.outbox.shift(by)
    for refund in uow.refunds.in_states(_OPEN, _MANY):
        if refund.unclear_at is not None:
            uow.refunds.save(_unclear_moved(refund, by))
    attempts = [
        one for one in uow.attempts.uncertain() if latest is None or one.created_at <= latest
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


def _let_none_wait_for_ever(uow: UnitOfWork, now: datetime) -> None:
    for entry in uow.outbox.waiting(_MANY):
        if entry.due_at > now + FURTHEST:
            uow.outbox.requeue(entry.refund_id, now)
    for attempt in uow.attempts.uncertain():
        # Looked at, or its link made, between the jump and this run: moved although it was right.
        if attempt.next_check_at is not None and attempt.next_check_at > now + FURTHEST_LOOK:
            uow.attempts.save(replace(attempt, next_check_at=now))


def _unclear_moved(refund: Refund, by: timedelta) -> Refund:
    return replace(refund, unclear_at=_moved(refund.unclear_at, by))


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    return at + by if at is not None else None


def _known(*moments: datetime | None) -> list[datetime]:
    return [at for at in moments if at is not None]
