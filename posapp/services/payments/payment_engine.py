"""Payment engine: polls attempts, probes the network, runs the periodic jobs; sends nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.services.payments.poll_attempt import AttemptPoller, PollResult, schedule_all_now
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.periodic_job import STATUS_CHANGED, Change, JobResult, PeriodicJob
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatusStore
from posapp.services.runtime.worker_pool import KeyedWorkerPool

log = logging.getLogger(__name__)

LONGEST_WAIT_MS = 60_000
COLLECT_MS = 250
"""Maximum delay in ms before a wake is noticed while calls are running."""

RETRY_AFTER_DISK_ERROR_MS = 5_000
"""Pause in ms after a disk error."""

DUE_AT_ONCE = 20

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class EngineStep:
    """Changes of one step, and the milliseconds until the next one."""

    changes: tuple[Change, ...]
    wait_ms: int


@dataclass(frozen=True, slots=True)
class _PolledAttempt:
    attempt_id: int
    result: PollResult


class PaymentEngine:
    """Runs due work. One thread calls ``step`` in a loop; calls to PortOne run on workers, so that
    a call that hangs blocks nothing else.

    All that a kiosk runs in the background. ``SyncEngine`` of a counter adds what it sends.

    Args:
        clock_jump: runs before any other work, in the same thread: it is local.
        jobs: further periodic jobs.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        poller: AttemptPoller,
        connectivity: Connectivity,
        pool: KeyedWorkerPool,
        status_store: SyncStatusStore,
        clock_jump: ClockJumpDetector,
        jobs: Sequence[PeriodicJob] = (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._poller = poller
        self._connectivity = connectivity
        self._pool = pool
        self._status_store = status_store
        self._clock_jump = clock_jump
        self._jobs: tuple[PeriodicJob, ...] = (connectivity, *jobs)
        self._begun = False
        self._changes: list[Change] = []

    def step(self) -> EngineStep:
        """Collect finished work and start due work.

        Errors of PortOne and of the disk become state, texts and a pause. Any other exception is
        a bug and is raised; the next step returns the changes made before it.
        """
        try:
            self._begin()
            self._collect(0)
            self._watch_clock()
            self._start_jobs()
            self._collect(0)
            self._watch_clock()  # PortOne's time may just have been learnt
            self._start_due()
            self._collect(COLLECT_MS)
            wait_ms = self._wait_ms()
        except EnvironmentProblem as problem:
            log.warning("synchronising waits: %s %s", problem.code, problem.detail)
            wait_ms = RETRY_AFTER_DISK_ERROR_MS
        changes, self._changes = tuple(self._changes), []
        return EngineStep(changes, wait_ms)

    def _begin(self) -> None:
        """Poll every uncertain attempt now, once after a start."""
        if self._begun:
            return
        with self._store.transaction() as uow:
            self._begin_in(uow)
            uow.commit()
        self._begun = True

    def _begin_in(self, uow: UnitOfWork) -> None:
        """Write what a start has to, in its one transaction."""
        schedule_all_now(uow, self._clock.now())

    def _watch_clock(self) -> None:
        if self._clock_jump.due_in_ms() == 0:
            self._changes.extend(self._clock_jump.run().changes)

    def _start_jobs(self) -> None:
        for job in self._jobs:
            if self._pool.is_running(job.name) or job.due_in_ms() > 0:
                continue
            # The probe needs no free worker: it must detect calls that hang on all of them.
            if job is self._connectivity or self._pool.free_workers() > 0:
                self._pool.run(job.name, job.run)

    def _start_due(self) -> None:
        with self._store.snapshot() as uow:
            due = uow.attempts.due(self._clock.now(), DUE_AT_ONCE)
        for attempt in due:
            key = f"attempt:{attempt.id}"
            if self._pool.free_workers() > 0 and not self._pool.is_running(key):
                self._pool.run(key, partial(self._poll, attempt.id))

    def _poll(self, attempt_id: int) -> _PolledAttempt:
        return _PolledAttempt(attempt_id, self._poller.poll(attempt_id))

    def _collect(self, wait_ms: int) -> None:
        bug: BaseException | None = None
        for _, end in self._pool.take_finished(wait_ms):
            if isinstance(end, EnvironmentProblem):
                log.warning("a call ended with %s %s", end.code, end.detail)
            elif isinstance(end, BaseException):
                bug = end
            else:
                self._take(end)
        if bug is not None:
            raise bug

    def _take(self, end: object) -> None:
        """Take the result of one call or job."""
        if isinstance(end, _PolledAttempt):
            if end.result.contacted_gateway:
                self._record_connectivity(end.result.error)
            if end.result.changed:
                self._changes.append(Change("attempt", end.attempt_id))
            self._changes.extend(Change("refund", one) for one in end.result.refund_ids)
        elif isinstance(end, JobResult):
            if end.contacted_gateway:
                self._record_connectivity(end.error)
            self._changes.extend(end.changes)

    def _record_connectivity(self, error: GatewayError | None) -> None:
        if not self._connectivity.record(error):
            return
        online = self._connectivity.online is True
        now, cause = self._clock.now(), self._connectivity.cause
        self._status_store.update(online=online, cause=cause, changed_at=now)
        what = SyncEventKind.BACK_ONLINE if online else SyncEventKind.WENT_OFFLINE
        self._status_store.note(SyncEvent(now, what, detail=cause.value if cause else ""))
        self._changes += [Change("connectivity", int(online)), STATUS_CHANGED]
        if online:
            self._network_back()

    def _network_back(self) -> None:
        """Note that PortOne is reachable again."""

    def _wait_ms(self) -> int:
        if self._pool.running():
            return 0
        with self._store.snapshot() as uow:
            times = self._due_times(uow)
        now = self._clock.now()
        waits = [max(0, (at - now) // MILLISECOND) for at in times if at is not None]
        jobs = [job.due_in_ms() for job in (self._clock_jump, *self._jobs)]
        return min([*waits, *jobs, LONGEST_WAIT_MS])

    def _due_times(self, uow: UnitOfWork) -> list[datetime | None]:
        """Return when what the records ask for is due next."""
        return [uow.attempts.next_check()]
