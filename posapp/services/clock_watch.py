"""A wall clock that is moved: what waits is moved with it.

Due times, the ends of leases and of links lie in the database as moments of the wall clock, so that
they outlive the program. When somebody sets the clock, or the network's time does, every pause
would be longer or shorter by as much: a waiting refund by a day, a paid QR looked at tomorrow. The
monotonic clock tells by how much the wall clock was moved (docs/faults.md, row 50).

While the program is closed no clock of its own goes on. What it keeps is how far its wall clock was
from PortOne's: a different distance at the next start is a clock that was moved meanwhile, ahead or
back, however long the program was closed (docs/faults.md, row 79).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from posapp.domain.payments import Attempt
from posapp.domain.refunds import Refund, RefundState
from posapp.services.chores import Change, Done
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)

JUMP = timedelta(seconds=2)
"""Less than this is the clock's own drift, or somebody who held up this thread."""

FURTHEST = timedelta(minutes=20)
"""No entry is ever postponed further than this (``refunding.LANDING``)."""

FURTHEST_LOOK = timedelta(minutes=40)
"""No look at an attempt is further ahead: a link of at most 20 minutes, and what comes behind it
(``schedule``)."""

APART = timedelta(seconds=30)
"""PortOne tells whole seconds, and its answer travels: less than this is no moved clock."""

PROMPT_MS = 5_000
"""An answer that took longer tells too little about the time."""

OURS, PORTONES = "clock", "clock of PortOne"
"""Milestones: what the two clocks showed at one and the same moment."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN = (RefundState.APPROVED, RefundState.SENDING, RefundState.UNKNOWN)
_MANY = 100_000


class ClockWatch:
    """A chore that is local and quick; ``due_in_ms`` is 0 from the moment the clock was moved.

    To be run before anything is claimed or looked at: otherwise a clock that was set forward lets
    a running lease seem to be over.
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

    def learn(self, server_now: datetime, asked_ms: int) -> None:
        """PortOne has just told its time. From any thread.

        Args:
            asked_ms: when it was asked, by the monotonic clock.
        """
        now_ms = self._clock.monotonic()
        if now_ms - asked_ms <= PROMPT_MS:
            with self._lock:
                self._learnt = (server_now, now_ms)

    def due_in_ms(self) -> int:
        """0 at the start, after a jump, and when PortOne has told its time; a small drift is taken
        over in passing."""
        if self._offset is None or self._learnt is not None:
            return 0
        offset = self._measured()
        if offset is None or abs(offset - self._offset) < JUMP:
            self._offset = offset or self._offset
            return self._timings.clock
        return 0

    def run(self) -> Done:
        """Move everything that waits by as much as the wall clock was moved.

        Raises:
            EnvironmentProblem: the disk does not take it; it is tried again.
        """
        offset = self._measured()
        if offset is None:
            return Done()
        with self._lock:
            learnt, self._learnt = self._learnt, None
        now = self._clock.now()
        with self._store.writing() as uow:
            if self._offset is None:
                self._found = frozenset(one.id for one in uow.attempts.uncertain())
                by = self._since_last_run(uow)
            else:
                by = offset - self._offset
            moved = _move(uow, by, now) if by else ()
            if by:
                _move_mark(uow, by)
            if learnt is not None:
                told, told_ms = learnt
                elapsed = timedelta(milliseconds=self._clock.monotonic() - told_ms)
                while_closed = _since_mark(uow, now, told + elapsed)
                if while_closed:
                    moved += _move(uow, while_closed, now, only=self._found)
                    by += while_closed
                uow.milestones.set(OURS, now)
                uow.milestones.set(PORTONES, told + elapsed)
            _let_none_wait_for_ever(uow, now)
            uow.commit()
        if by:
            log.warning("the clock was moved by %d s: what waits is moved too", by.total_seconds())
        self._offset = offset
        return Done(tuple(Change("attempt", one) for one in dict.fromkeys(one.id for one in moved)))

    def _measured(self) -> timedelta | None:
        """Wall time over monotonic time, or ``None`` if this thread was held up between the two."""
        before = self._clock.monotonic()
        wall = self._clock.now()
        held_up = self._clock.monotonic() - before
        return None if held_up > 200 else wall - _EPOCH - timedelta(milliseconds=before)

    def _since_last_run(self, uow: UnitOfWork) -> timedelta:
        """At a start nobody knows how long the program was closed; but what it has written cannot
        lie in the future. If it does, the clock went back by that at least; by how much more,
        PortOne's clock tells (``learn``)."""
        mark = uow.milestones.get(OURS)
        if mark is not None:
            moments = [mark]  # it was moved with every jump that was seen, unlike what follows
        else:
            moments = [one.created_at for one in uow.attempts.uncertain()]
            for refund in uow.refunds.in_states(_OPEN, _MANY):
                moments += [refund.created_at, *_known(refund.sent_at, refund.unclear_at)]
        now = self._clock.now()
        ahead = max((at - now for at in moments), default=timedelta(0))
        return -ahead if ahead >= JUMP else timedelta(0)


def _since_mark(uow: UnitOfWork, ours: datetime, portones: datetime) -> timedelta:
    """By how much our clock was moved against PortOne's since both were noted; 0: it was not."""
    then, portones_then = uow.milestones.get(OURS), uow.milestones.get(PORTONES)
    if then is None or portones_then is None:
        return timedelta(0)
    by = (ours - portones) - (then - portones_then)
    return by if abs(by) >= APART else timedelta(0)


def _move_mark(uow: UnitOfWork, by: timedelta) -> None:
    """A jump that was seen is none that PortOne's clock has to tell of."""
    then = uow.milestones.get(OURS)
    if then is not None:
        uow.milestones.set(OURS, then + by)


def _move(
    uow: UnitOfWork, by: timedelta, now: datetime, *, only: Collection[int] | None = None
) -> tuple[Attempt, ...]:
    """Move what waits. ``only``: of attempts just these, which were there when the clock moved."""
    # Made after a jump ahead: nothing that was made before can lie that late.
    latest = now - by if by > timedelta(0) else None
    uow.outbox.shift(by)
    for refund in uow.refunds.in_states(_OPEN, _MANY):
        if refund.unclear_at is not None:
            uow.refunds.save(_unclear_moved(refund, by))
    attempts = [
        one
        for one in uow.attempts.uncertain()
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
