"""What goes on beside the screens: attempts are watched, refunds are sent, the network is felt."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.services.chores import Change
from posapp.services.connectivity import Connectivity
from posapp.services.lanes import Lanes
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store
from posapp.services.sending import Sending, Sent
from posapp.services.verifying import Sight, Verifying, look_at_once

log = logging.getLogger(__name__)

LONGEST_WAIT_MS = 60_000
COLLECT_MS = 250
"""While calls are running, a wake is noticed after this long at most."""

TROUBLE_MS = 5_000
"""Pause after the disk refused."""

DUE_AT_ONCE = 20

PROBE = "probe"

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


@dataclass(frozen=True, slots=True)
class _Probed:
    error: GatewayError | None


class Synchroniser:
    """Does what is due. One thread calls ``step`` again and again; the calls to PortOne are made
    on lanes, so that a call that hangs holds up nothing else."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        verifying: Verifying,
        sending: Sending,
        connectivity: Connectivity,
        lanes: Lanes,
    ) -> None:
        self._store = store
        self._clock = clock
        self._verifying = verifying
        self._sending = sending
        self._connectivity = connectivity
        self._lanes = lanes
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
            uow.commit()
        self._begun = True

    def _start_due(self) -> None:
        with self._store.reading() as uow:
            due = uow.attempts.due(self._clock.now(), DUE_AT_ONCE)
        for attempt in due:
            key = f"attempt:{attempt.id}"
            if self._lanes.free() > 0 and not self._lanes.busy(key):
                self._lanes.run(key, partial(self._look, attempt.id))
        while self._lanes.free() > 0 and (entry := self._sending.claim()) is not None:
            self._lanes.run(
                f"refund:{entry.id}:{entry.lease}", partial(self._sending.work_on, entry)
            )
        if self._connectivity.probe_in_ms() == 0 and not self._lanes.busy(PROBE):
            self._lanes.run(PROBE, self._probe)

    def _look(self, attempt_id: int) -> _Looked:
        return _Looked(attempt_id, self._verifying.look(attempt_id))

    def _probe(self) -> _Probed:
        return _Probed(self._connectivity.probe())

    def _collect(self, wait_ms: int) -> None:
        bug: BaseException | None = None
        for _, end in self._lanes.collect(wait_ms):
            if isinstance(end, _Looked):
                self._heard(end.sight.error)
                if end.sight.changed:
                    self._changes.append(Change("attempt", end.attempt_id))
                self._changes.extend(Change("refund", one) for one in end.sight.refund_ids)
            elif isinstance(end, Sent):
                self._heard(end.error)
                self._changes.append(Change("refund", end.refund_id))
            elif isinstance(end, _Probed):
                self._heard(end.error)
            elif isinstance(end, BaseException):
                bug = end
        if bug is not None:
            raise bug

    def _heard(self, error: GatewayError | None) -> None:
        if self._connectivity.note(error):
            self._changes.append(Change("connectivity", int(self._connectivity.online is True)))

    def _wait_ms(self) -> int:
        if self._lanes.running():
            return 0
        with self._store.reading() as uow:
            uncertain = uow.attempts.uncertain()
            times = [one.next_check_at for one in uncertain if one.next_check_at is not None]
            next_sent = uow.outbox.next_due()
        if next_sent is not None:
            times.append(next_sent)
        now = self._clock.now()
        waits = [max(0, (at - now) // MILLISECOND) for at in times]
        return min([*waits, self._connectivity.probe_in_ms(), LONGEST_WAIT_MS])
