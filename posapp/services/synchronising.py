"""What goes on beside the screens: attempts are watched, refunds are sent, the network is felt."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.services.chores import STANDING, Change, Chore, Done
from posapp.services.clock_watch import ClockWatch
from posapp.services.connectivity import Connectivity
from posapp.services.lanes import Lanes
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store
from posapp.services.reconciling import COMPARED, Reconciling
from posapp.services.sending import Sending, Sent, told
from posapp.services.sync_board import Board, Happening, What
from posapp.services.verifying import Sight, Verifying, look_at_once

log = logging.getLogger(__name__)

LONGEST_WAIT_MS = 60_000
COLLECT_MS = 250
"""While calls are running, a wake is noticed after this long at most."""

TROUBLE_MS = 5_000
"""Pause after the disk refused."""

DUE_AT_ONCE = 20

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step brought, and how many milliseconds the next one can wait."""

    changes: tuple[Change, ...]
    wait_ms: int


@dataclass(frozen=True, slots=True)
class _Looked:
    attempt_id: int
    sight: Sight


class Synchroniser:
    """Does what is due. One thread calls ``step`` again and again; the calls to PortOne are made
    on lanes, so that a call that hangs holds up nothing else.

    Args:
        clock_watch: looks before anything else is looked at, in this very thread: it is local.
        reconciling: nothing is sent before it has ended well once.
        chores: what else comes up again and again.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        verifying: Verifying,
        sending: Sending,
        connectivity: Connectivity,
        lanes: Lanes,
        board: Board,
        clock_watch: ClockWatch,
        reconciling: Reconciling,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._verifying = verifying
        self._sending = sending
        self._connectivity = connectivity
        self._lanes = lanes
        self._board = board
        self._clock_watch = clock_watch
        self._reconciling = reconciling
        self._chores: tuple[Chore, ...] = (connectivity, reconciling, *chores)
        self._begun = False
        self._changes: list[Change] = []

    def step(self) -> Step:
        """Collect what has ended and start what is due.

        PortOne's and the disk's troubles become state, words and a pause. Anything else is a bug
        and is raised; what had changed before it is told by the next step.
        """
        try:
            self._begin()
            self._collect(0)
            self._watch_clock()
            self._start_chores()
            self._collect(0)
            self._watch_clock()  # PortOne may have told its time just now
            self._start_due()
            self._collect(COLLECT_MS)
            wait_ms = self._wait_ms()
        except EnvironmentProblem as problem:
            log.warning("synchronising waits: %s %s", problem.code, problem.detail)
            wait_ms = TROUBLE_MS
        changes, self._changes = tuple(self._changes), []
        return Step(changes, wait_ms)

    def _begin(self) -> None:
        """Once after a start: nobody else can hold a claim, and every uncertain attempt is asked
        about now."""
        if self._begun:
            return
        with self._store.writing() as uow:
            uow.outbox.release_leases()
            look_at_once(uow, self._clock.now())
            self._board.update(reconciled_at=uow.milestones.get(COMPARED))
            uow.commit()
        self._begun = True

    def _watch_clock(self) -> None:
        if self._clock_watch.due_in_ms() == 0:
            self._changes.extend(self._clock_watch.run().changes)

    def _start_chores(self) -> None:
        for chore in self._chores:
            if self._lanes.busy(chore.name) or chore.due_in_ms() > 0:
                continue
            # The probe needs no free lane: calls that hang on all of them are what it looks for.
            if chore is self._connectivity or self._lanes.free() > 0:
                self._lanes.run(chore.name, chore.run)

    def _start_due(self) -> None:
        with self._store.reading() as uow:
            due = uow.attempts.due(self._clock.now(), DUE_AT_ONCE)
        for attempt in due:
            key = f"attempt:{attempt.id}"
            if self._lanes.free() > 0 and not self._lanes.busy(key):
                self._lanes.run(key, partial(self._look, attempt.id))
        while self._may_send and self._lanes.free() > 0 and (entry := self._sending.claim()):
            self._lanes.run(
                f"refund:{entry.id}:{entry.lease}", partial(self._sending.work_on, entry)
            )

    @property
    def _may_send(self) -> bool:
        """PortOne's books were compared since the start, and the last call got through: without a
        network every entry would be tried in vain."""
        return self._board.standing.may_send and self._connectivity.reachable

    def _look(self, attempt_id: int) -> _Looked:
        return _Looked(attempt_id, self._verifying.look(attempt_id))

    def _collect(self, wait_ms: int) -> None:
        bug: BaseException | None = None
        for _, end in self._lanes.collect(wait_ms):
            if isinstance(end, _Looked):
                if end.sight.asked:
                    self._heard(end.sight.error)
                if end.sight.changed:
                    self._changes.append(Change("attempt", end.attempt_id))
                self._changes.extend(Change("refund", one) for one in end.sight.refund_ids)
            elif isinstance(end, Sent):
                if end.asked:
                    self._heard(end.error)
                self._changes.append(Change("refund", end.refund_id))
                self._board.note(told(end, self._clock.now()))
            elif isinstance(end, Done):
                if end.asked:
                    self._heard(end.error)
                self._changes.extend(end.changes)
            elif isinstance(end, EnvironmentProblem):
                log.warning("a lane ended with %s %s", end.code, end.detail)
            elif isinstance(end, BaseException):
                bug = end
        if bug is not None:
            raise bug

    def _heard(self, error: GatewayError | None) -> None:
        if not self._connectivity.note(error):
            return
        online = self._connectivity.online is True
        now, cause = self._clock.now(), self._connectivity.cause
        self._board.update(online=online, cause=cause, changed_at=now)
        what = What.CAME_ONLINE if online else What.WENT_OFFLINE
        self._board.note(Happening(now, what, detail=cause.value if cause else ""))
        self._changes += [Change("connectivity", int(online)), STANDING]
        if online:
            self._reconciling.network_back()
            self._sending.network_back()

    def _wait_ms(self) -> int:
        if self._lanes.running():
            return 0
        with self._store.reading() as uow:
            times = [uow.attempts.next_check()]
            next_sent = uow.outbox.next_due()
        if self._may_send:
            times.append(next_sent)
        now = self._clock.now()
        waits = [max(0, (at - now) // MILLISECOND) for at in times if at is not None]
        chores = [chore.due_in_ms() for chore in (self._clock_watch, *self._chores)]
        return min([*waits, *chores, LONGEST_WAIT_MS])
