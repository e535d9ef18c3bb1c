"""Waiting for other processes: polling until a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 90.0
"""Time limit in seconds for one condition on a slow machine; usually it takes tenths."""

_PAUSE = 0.03

T = TypeVar("T")


def eventually(
    probe: Callable[[], T | None],
    what: str | Callable[[], str],
    patience: float = PATIENCE,
) -> T:
    """Return the first true value of ``probe``.

    Raises:
        AssertionError: there was none in time; the message is ``what`` was expected.
    """
    end = time.monotonic() + patience
    while True:
        seen = probe()
        if seen:
            return seen
        if time.monotonic() > end:
            reported = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {patience:.0f} s: {reported}")
        time.sleep(_PAUSE)
