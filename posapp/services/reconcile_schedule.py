"""When PortOne's list is compared next, and whether as far back as it can be asked.

The short comparison runs every ten minutes. The full one costs PortOne many pages: it has a due
time and pauses of its own, so that short ones go on while it does not come to its end.
"""

from __future__ import annotations

import threading

from posapp.services.ports.machine import Clock

EVERY_MS = 600_000
AGAIN_MS = 3_000
AGAIN_AT_MOST_MS = 60_000
"""Pauses after one that ended well, and after one that did not: doubled by each in a row."""

FULL_AGAIN_AT_MOST_MS = 6 * 60 * 60_000

LANDED_MS = 21 * 60_000
"""After which no send of a lost file is carried out any more (``refunding.LANDING``)."""


class ReconcileSchedule:
    """Due times of the short and the full comparison, by the monotonic clock. From any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._due_ms = 0
        self._failures = 0
        self._full_ms: int | None = None
        self._full_failures = 0
        self._after_landing_ms: int | None = None

    def request_full(self) -> None:
        """A person wants to know now, and as far back as can be."""
        with self._lock:
            self._due_ms = self._full_ms = self._clock.monotonic()

    def network_back(self) -> None:
        """What failed for want of a network is tried at once."""
        with self._lock:
            if self._failures:
                self._due_ms = 0

    def due_in_ms(self) -> int:
        """Milliseconds until a comparison is due."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def begin(self) -> tuple[int, bool]:
        """Return when this comparison began, and whether the full one is due. Whatever becomes of
        it, the next one waits; longer after each that failed."""
        with self._lock:
            began = self._clock.monotonic()
            if self._after_landing_ms is not None and self._after_landing_ms <= began:
                self._full_ms, self._after_landing_ms = began, None
            pause = min(AGAIN_MS << min(self._failures, 10), AGAIN_AT_MOST_MS)
            self._due_ms = began + pause
            self._failures += 1
            return began, self._full_ms is not None and self._full_ms <= began

    def put_off_full(self) -> None:
        """The full one did not come to its end."""
        with self._lock:
            pause = min(EVERY_MS << min(self._full_failures, 10), FULL_AGAIN_AT_MOST_MS)
            self._full_failures += 1
            self._full_ms = self._clock.monotonic() + pause

    def full_is_due(self) -> None:
        """The last full one is a day ago: the next comparison is one, unless one waits already."""
        with self._lock:
            if self._full_ms is None:
                self._full_ms = self._clock.monotonic()

    def ended(self, began: int, *, full: bool, caught_up: bool) -> None:
        """A comparison came to its end.

        Args:
            began: what ``begin`` returned; what was requested since then still waits.
            caught_up: an older file has everything now that PortOne knew.
        """
        with self._lock:
            self._failures = 0
            if full and self._full_ms is not None and self._full_ms <= began:
                self._full_ms, self._full_failures = None, 0
            now = self._clock.monotonic()
            if caught_up:
                # What the lost file had sent may have been carried out since this was read.
                self._after_landing_ms = now + LANDED_MS
            full_ones = [at for at in (self._full_ms, self._after_landing_ms) if at is not None]
            self._due_ms = min((now + EVERY_MS, *full_ones))
