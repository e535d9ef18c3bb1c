"""Backup job of the shop's database, and its retention rule."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.backups import BackupFile, BackupStore
from posapp.services.ports.system import Clock
from posapp.services.runtime.periodic_job import STATUS_CHANGED, JobResult
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatusStore

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
AFTER_START_MS = 20_000
"""Delay after a start, which has more urgent work."""

AGAIN_MS = 5 * 60_000
"""Delay after a failed backup."""

LATEST_KEPT = 24
"""Newest backups, all kept; of older ones only the last of each day is kept."""

DAYS_KEPT = 30

MILLISECOND = timedelta(milliseconds=1)


class BackupJob:
    """Makes a backup every hour, and soon after a start if the newest one is older than that.

    A backup counts only after its check has passed, and old backups are removed only after that:
    the last good backup is never removed.
    """

    name = "backup"

    def __init__(self, copies: BackupStore, status_store: SyncStatusStore, clock: Clock) -> None:
        self._copies = copies
        self._status_store = status_store
        self._clock = clock
        self._due_at_ms = clock.monotonic() + AFTER_START_MS
        self._begun = False
        self._is_requested = False

    def due_in_ms(self) -> int:
        """Return the milliseconds until the next backup, by the monotonic clock."""
        return 0 if self._is_requested else max(0, self._due_at_ms - self._clock.monotonic())

    def run_soon(self) -> None:
        """Make a backup due now, from any thread: the disk fails, so readable data is saved; or a
        day of business was closed. One that runs already may be without what came last."""
        self._is_requested = True

    def run(self) -> JobResult:
        """Make a backup and remove expired ones; a disk error is written to the status store and
        the job is retried in five minutes."""
        is_requested, self._is_requested = self._is_requested, False
        self._begun = self._begun or is_requested
        self._wait(AGAIN_MS)
        try:
            changed = self._check() if not self._begun else self._copy()
        except EnvironmentProblem as problem:
            changed = self._failed(problem)
        return JobResult((STATUS_CHANGED,) if changed else ())

    def _check(self) -> bool:
        """Check the newest backup's age once after a start; a future time is ignored."""
        found = self._copies.regular()
        self._begun = True
        now = self._clock.now()
        if found and timedelta(0) <= (age := now - found[0].made_at) < EVERY:
            self._wait((EVERY - age) // MILLISECOND)
            return self._status_store.update(backup_at=found[0].made_at)
        if found:
            self._status_store.update(backup_at=found[0].made_at)
        return self._copy()

    def _copy(self) -> bool:
        now = self._clock.now()
        made = self._copies.make(now)
        self._wait(EVERY // MILLISECOND)
        self._status_store.update(backup_at=made.made_at, backup_trouble="")
        self._status_store.note(SyncEvent(now, SyncEventKind.BACKED_UP, detail=made.name))
        log.info("copied the database: %s, %s bytes", made.name, made.size)
        for old in expired_backups(self._copies.regular(), made):
            self._copies.remove(old)
        return True

    def _failed(self, problem: EnvironmentProblem) -> bool:
        log.error("no copy of the database: %s %s", problem.code, problem.detail)
        fields = {"backup_trouble": problem.code.value}
        if problem.code is EnvironmentCode.DATABASE_CORRUPT:
            fields["storage_trouble"] = problem.code.value
        self._status_store.note(
            SyncEvent(self._clock.now(), SyncEventKind.BACKUP_FAILED, detail=problem.code.value)
        )
        self._status_store.update(**fields)
        return True

    def _wait(self, milliseconds: int) -> None:
        self._due_at_ms = self._clock.monotonic() + milliseconds


def expired_backups(copies: Sequence[BackupFile], made: BackupFile) -> tuple[BackupFile, ...]:
    """Return the backups to remove, now that ``made`` has passed its check.

    Kept are the 24 newest ones, and the last one of each of the 30 latest days that have any. Days
    are counted, not derived from today: a clock jump removes no good backup.
    """
    newest_first = sorted(copies, key=lambda copy: (copy.made_at, copy.name), reverse=True)
    kept = {made, *newest_first[:LATEST_KEPT]}
    last_of_day: dict[object, BackupFile] = {}
    for copy in newest_first:
        last_of_day.setdefault(copy.made_at.date(), copy)
    kept.update(list(last_of_day.values())[:DAYS_KEPT])
    return tuple(copy for copy in newest_first if copy not in kept)
