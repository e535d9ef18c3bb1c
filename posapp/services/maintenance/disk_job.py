"""Job that reports a full, failing or read-only disk, and its recovery."""

from __future__ import annotations

import logging
from collections.abc import Callable

from posapp.domain.errors import EnvironmentCode
from posapp.services.ports.disk import DiskMonitor
from posapp.services.ports.system import Clock
from posapp.services.runtime.periodic_job import STATUS_CHANGED, JobResult
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatusStore

log = logging.getLogger(__name__)

EVERY_MS = 5_000
"""A moved or replaced database is reported within ten seconds."""

IN_TROUBLE_MS = 5_000


def _nobody() -> None:
    """Default for ``failing``: do nothing."""


class DiskJob:
    """Writes a disk problem to the status store once, and clears it at its end.

    Args:
        failing: called once when the disk fails or the database is found damaged, to back up
            readable data at once instead of at the next full hour.
    """

    name = "storage"

    def __init__(
        self,
        disk: DiskMonitor,
        status_store: SyncStatusStore,
        clock: Clock,
        failing: Callable[[], None] = _nobody,
    ) -> None:
        self._disk = disk
        self._status_store = status_store
        self._clock = clock
        self._failing = failing
        self._due_at_ms = clock.monotonic()
        self._reported: EnvironmentCode | None = None

    def due_in_ms(self) -> int:
        """Return the milliseconds until the next check; 0 if a problem is not reported yet."""
        trouble = self._disk.problem()
        if trouble is not None and trouble.code is not self._reported:
            return 0
        return max(0, self._due_at_ms - self._clock.monotonic())

    def run(self) -> JobResult:
        """Report the current problem, and check whether it has ended."""
        self._report()
        self._disk.recheck()
        self._report()
        pause = EVERY_MS if self._reported is None else IN_TROUBLE_MS
        self._due_at_ms = self._clock.monotonic() + pause
        code = "" if self._reported is None else self._reported.value
        return JobResult(
            (STATUS_CHANGED,) if self._status_store.update(storage_trouble=code) else ()
        )

    def _report(self) -> None:
        trouble = self._disk.problem()
        code = None if trouble is None else trouble.code
        if code is self._reported:
            return
        self._reported = code
        if trouble is None:
            log.warning("the disk takes what is written again")
            return
        log.error("the disk: %s %s", trouble.code, trouble.detail)
        now = self._clock.now()
        self._status_store.note(
            SyncEvent(now, SyncEventKind.STORAGE_TROUBLE, detail=trouble.code.value)
        )
        if trouble.code in (EnvironmentCode.DATABASE_IO, EnvironmentCode.DATABASE_CORRUPT):
            self._failing()
