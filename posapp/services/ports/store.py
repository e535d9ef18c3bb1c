"""The unit of work, and the store that hands it out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from posapp.services.ports.milestones import Milestones
from posapp.services.ports.outbox import Mismatches, Outbox
from posapp.services.ports.records import (
    Attempts,
    Catalogue,
    Claims,
    Ledger,
    Orders,
    Payments,
    People,
    Refunds,
)
from posapp.services.ports.requests import Requests


class UnitOfWork(Protocol):
    """One transaction: everything in it is kept, or nothing."""

    people: People
    orders: Orders
    attempts: Attempts
    payments: Payments
    claims: Claims
    refunds: Refunds
    requests: Requests
    ledger: Ledger
    outbox: Outbox
    mismatches: Mismatches
    milestones: Milestones
    catalogue: Catalogue

    def commit(self) -> None:
        """Keep it. Without this, leaving the block rolls back."""
        ...


class Store(Protocol):
    """Where the shop's records are.

    Raises ``EnvironmentProblem`` for a full, read-only, busy or broken disk.
    """

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work that holds the one write lock from its start."""
        ...

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work that reads one consistent state and writes nothing."""
        ...

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call the listener after every commit, in the thread that made it."""
        ...

    def close(self) -> None:
        """Give the file free; whoever uses the store afterwards gets an error."""
        ...
