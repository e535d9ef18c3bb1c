"""The machine's clocks."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

# A till sleeps at night, but leases and tokens end all the same: the clock must count sleep.
if sys.platform == "linux":

    def _nanoseconds() -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def _nanoseconds() -> int:
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC)

else:

    def _nanoseconds() -> int:
        return time.monotonic_ns()


class SystemClock:
    """The ``Clock`` of a running program."""

    def now(self) -> datetime:
        """Return the wall time in UTC, aware."""
        return datetime.now(UTC)

    def monotonic(self) -> int:
        """Return milliseconds that never jump back and include the time while the machine
        sleeps."""
        return _nanoseconds() // 1_000_000
