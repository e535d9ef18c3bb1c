"""Waiting for what other processes do: looked at again and again, until a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 90.0
"""Seconds that one thing may take on a slow machine; on a usual one it takes tenths."""

_PAUSE = 0.03

T = TypeVar("T")


def eventually(
    look: Callable[[], T | None],
    what: str | Callable[[], str],
    patience: float = PATIENCE,
) -> T:
    """Return the first answer of ``look`` that is true in Python's sense.

    Raises:
        AssertionError: there was none in time; with ``what`` was waited for.
    """
    end = time.monotonic() + patience
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            told = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {patience:.0f} s: {told}")
        time.sleep(_PAUSE)
