"""Schedules the short and the full comparison with PortOne's list.

The short comparison runs every ten minutes. The full one goes back as far as PortOne answers and
costs it many pages. It has a due time and pauses of its own, so that short ones continue while it
fails.
"""

from __future__ import annotations

import threading

from posapp.services.ports.system import Clock

EVERY_MS = 600_000
AGAIN_MS = 3_000
AGAIN_AT_MOST_MS = 60_000
"""Pauses in milliseconds: after a success, after a failure (doubled by each in a row), and the
longest one after a failure."""

FULL_AGAIN_AT_MOST_MS = 6 * 60 * 60_000

AFTER_IN_FLIGHT_MS = 21 * 60_000
"""Time after which no send of a lost database can still be carried out
(``refund_protocol.IN_FLIGHT_WINDOW``)."""


class ReconcileSchedule:
    """Due times of the short and the full comparison, by the monotonic clock. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._due_ms = 0
        self._failures = 0
        self._full_ms: int | None = None
        self._full_failures = 0
        self._after_landing_ms: int | None = None
        self._is_requested = False

    def request_full(self) -> None:
        """Make a full comparison due now, at a person's request."""
        with self._lock:
            self._due_ms = self._full_ms = self._clock.monotonic()

    def request(self) -> None:
        """Make a short comparison due now; one that runs does not count as it."""
        with self._lock:
            self._due_ms = self._clock.monotonic()
            self._is_requested = True

    def network_back(self) -> None:
        """Make a comparison due now if the last one failed."""
        with self._lock:
            if self._failures:
                self._due_ms = 0

    def due_in_ms(self) -> int:
        """Return the milliseconds until a comparison is due."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def begin(self) -> tuple[int, bool]:
        """Return when this comparison began, and whether the full one is due. Schedules the next
        one in case this one fails; the pause grows with each failure."""
        with self._lock:
            began = self._clock.monotonic()
            self._is_requested = False
            if self._after_landing_ms is not None and self._after_landing_ms <= began:
                self._full_ms, self._after_landing_ms = began, None
            pause = min(AGAIN_MS << min(self._failures, 10), AGAIN_AT_MOST_MS)
            self._due_ms = began + pause
            self._failures += 1
            return began, self._full_ms is not None and self._full_ms <= began

    def retry_full_later(self) -> None:
        """Postpone the full comparison, which did not finish."""
        with self._lock:
            pause = min(EVERY_MS << min(self._full_failures, 10), FULL_AGAIN_AT_MOST_MS)
            self._full_failures += 1
            self._full_ms = self._clock.monotonic() + pause

    def full_is_due(self) -> None:
        """Make a full comparison due now, unless one is scheduled already."""
        with self._lock:
            if self._full_ms is None:
                self._full_ms = self._clock.monotonic()

    def ended(self, began: int, *, full: bool, caught_up: bool) -> None:
        """Schedule the next comparison after one that finished.

        Args:
            began: what ``begin`` returned; what was requested since then stays due.
            caught_up: an older copy of the database now has everything that PortOne knew.
        """
        with self._lock:
            self._failures = 0
            if full and self._full_ms is not None and self._full_ms <= began:
                self._full_ms, self._full_failures = None, 0
            now = self._clock.monotonic()
            if caught_up:
                # A send of the lost database may have been carried out since this was read.
                self._after_landing_ms = now + AFTER_IN_FLIGHT_MS
            full_ones = [at for at in (self._full_ms, self._after_landing_ms) if at is not None]
            self._due_ms = now if self._is_requested else min((now + EVERY_MS, *full_ones))
