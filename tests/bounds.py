"""Bounds in time that no loaded machine reaches.

They distinguish a block that ends by itself from an endless wait. ``make bench`` measures speed;
other tests compare no clock, which ``tests/test_architecture.py`` checks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_S = 30.0
"""Seconds for what takes three seconds or less on an idle machine."""

FOR_EVER_S = 300.0
"""Seconds that the other side of a test is silent or slow where waiting for it is an error: much
longer than any bound, so that a wait fails the test."""

QT_WAIT_MS = 60_000
"""Milliseconds that a test waits for what an idle machine shows in a few."""


@contextmanager
def bounded(about: float, *, least: float = 0.0) -> Iterator[None]:
    """Limit a block to ten times its usual time, at least to ``LONGEST_S``.

    Args:
        about: seconds it takes on an idle machine.
        least: seconds that it takes on any.

    Raises:
        AssertionError: it took longer, or less than ``least``.
    """
    start = time.monotonic()
    yield
    taken = time.monotonic() - start
    assert taken >= least, f"{taken:.3f} s, and it should have waited {least} s"
    most = max(10 * about, LONGEST_S)
    assert taken < most, f"{taken:.1f} s for what should take {about} s"
