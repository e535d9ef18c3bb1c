"""Ports of the machine: clock, numbers, keyring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time comes in from outside, so that a simulator can drive the deeds."""

    def now(self) -> datetime:
        """Wall time in UTC, aware. May jump: for records and words, never for durations."""
        ...

    def monotonic(self) -> int:
        """Milliseconds that never jump back: for leases, countdowns and deadlines."""
        ...


class Ids(Protocol):
    """Numbers that nobody can guess."""

    def merchant_uid(self, order_id: int) -> str:
        """A fresh number for an attempt of an order (``domain.numbers``): at most 40 characters,
        at least 100 random bits."""
        ...

    def refund_tag(self, item_id: int | None) -> str:
        """A fresh tag ``[RF-…]`` for a refund of an item, or of a whole payment (``None``): short,
        and unique for ever."""
        ...


MakeIds = Callable[[str], Ids]
"""Makes the numbers of one till out of its code."""


class Secrets(Protocol):
    """The OS keyring, and nothing else."""

    def get(self, name: str) -> str:
        """Return a secret.

        Raises:
            EnvironmentProblem: no real keyring, no answer in time, or no such secret.
        """
        ...

    def put(self, name: str, value: str) -> None:
        """Keep a secret; raises like ``get``."""
        ...
