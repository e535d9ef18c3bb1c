"""Job that takes back imports that were interrupted."""

from __future__ import annotations

import threading

from posapp.services.importing.take_back import TakeBack
from posapp.services.ports.system import Clock
from posapp.services.runtime.periodic_job import STATUS_CHANGED, JobResult

AGAIN_MS = 60_000
"""Pause in ms after an import in this process was running, or the disk failed."""

IDLE_MS = 3_600_000
"""Pause in ms while nothing is to be taken back: only a failed disk can change that."""


class UnfinishedImportJob:
    """A periodic job (``services.runtime.periodic_job``); the first run is due at the start."""

    name = "imports"

    def __init__(self, taking_back: TakeBack, clock: Clock) -> None:
        self._taking_back = taking_back
        self._clock = clock
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()

    def due_in_ms(self) -> int:
        """Milliseconds until the next run."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> JobResult:
        """Take back what is marked to be; see ``PeriodicJob``."""
        self._wait(AGAIN_MS)
        if not self._taking_back.turn.acquire(blocking=False):
            return JobResult()  # an import takes back what was left before it begins
        try:
            count = self._taking_back.take_back_unfinished()
        finally:
            self._taking_back.turn.release()
        self._wait(IDLE_MS)
        return JobResult((STATUS_CHANGED,) if count else ())

    def _wait(self, milliseconds: int) -> None:
        with self._lock:
            self._due_ms = self._clock.monotonic() + milliseconds
