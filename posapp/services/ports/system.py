"""Ports for the machine: clock, ids, keyring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Source of time, injected so that a simulator can drive the services."""

    def now(self) -> datetime:
        """Return the wall time in UTC, aware. It may jump: for records and display, never for
        durations."""
        ...

    def monotonic(self) -> int:
        """Return milliseconds that never jump back: for leases, countdowns and deadlines."""
        ...


class IdGenerator(Protocol):
    """Generator of unguessable numbers."""

    def merchant_uid(self, order_id: int) -> str:
        """Return a fresh number for an attempt of an order (``domain.merchant_numbers``): at most
        40 characters, at least 100 random bits."""
        ...

    def refund_tag(self, item_id: int | None) -> str:
        """Return a fresh tag ``[RF-…]`` for a refund of an item, or of a whole payment (``None``):
        short, and permanently unique."""
        ...

    def recovery_letters(self) -> str:
        """Return the letters of a fresh recovery code (``domain.recovery_codes``)."""
        ...


IdGeneratorFactory = Callable[[str], IdGenerator]
"""Makes the id generator of a till from its code."""


class Secrets(Protocol):
    """The OS keyring, the only storage of secrets."""

    def get(self, name: str) -> str:
        """Return a secret.

        Raises:
            EnvironmentProblem: no real keyring, no answer in time, or no such secret.
        """
        ...

    def put(self, name: str, value: str) -> None:
        """Store a secret; raises like ``get``."""
        ...


class AccountSecrets(Secrets, Protocol):
    """The keys of a shop's account in the keyring, apart from those of other shops."""

    def put_all(self, values: Mapping[str, str]) -> None:
        """Store keys together; raises like ``get``, and then those before stay."""
        ...
