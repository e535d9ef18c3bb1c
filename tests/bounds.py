"""Bounds in time that no loaded machine reaches.

They tell what ends by itself from what would be waited for without end. How fast something is,
``make bench`` measures; tests elsewhere compare no clock, which ``tests/test_architecture.py``
holds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_S = 30.0
"""Seconds for what takes three seconds or less on an idle machine."""

FOR_EVER_S = 300.0
"""Seconds that the other side of a test is silent, or slow, where nobody should wait for it: much
longer than any bound, so that whoever did wait is found out."""

QT_WAIT_MS = 60_000
"""Milliseconds that a test waits for what should be there in some."""


@contextmanager
def bounded(about: float, *, least: float = 0.0) -> Iterator[None]:
    """Hold a block to ten times what it should take, and to no less than ``LONGEST_S``.

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
