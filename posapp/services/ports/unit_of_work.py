"""Ports for the unit of work and for the store that provides it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from posapp.services.ports.carts import Carts
from posapp.services.ports.cash import Cash, Shifts, ZAddenda, ZReports
from posapp.services.ports.cash_receipts import CashReceipts
from posapp.services.ports.checkpoints import Checkpoints
from posapp.services.ports.goods import Goods
from posapp.services.ports.imports import Imports
from posapp.services.ports.outbox import Mismatches, Outbox
from posapp.services.ports.print_jobs import PrintJobs
from posapp.services.ports.record_ids import RecordIds
from posapp.services.ports.records import (
    Attempts,
    Catalogue,
    Claims,
    Ledger,
    Orders,
    Payments,
    Refunds,
    Users,
)
from posapp.services.ports.requests import Requests
from posapp.services.ports.sales_figures import SalesFigures
from posapp.services.ports.staff import Approvals, StaffRecords


class UnitOfWork(Protocol):
    """One transaction: everything in it is stored, or nothing."""

    record_ids: RecordIds
    people: Users
    orders: Orders
    attempts: Attempts
    payments: Payments
    claims: Claims
    refunds: Refunds
    requests: Requests
    ledger: Ledger
    outbox: Outbox
    mismatches: Mismatches
    checkpoints: Checkpoints
    catalogue: Catalogue
    goods: Goods
    carts: Carts
    cash: Cash
    shifts: Shifts
    cash_receipts: CashReceipts
    z_reports: ZReports
    z_addenda: ZAddenda
    staff: StaffRecords
    approvals: Approvals
    imports: Imports
    sales_figures: SalesFigures
    print_jobs: PrintJobs

    def commit(self) -> None:
        """Commit. Without this, leaving the block rolls back."""
        ...


class Store(Protocol):
    """Store of the shop's records.

    Raises ``EnvironmentProblem`` for a full, read-only, busy or broken disk.
    """

    def transaction(self) -> AbstractContextManager[UnitOfWork]:
        """Return a unit of work that holds the only write lock from its start."""
        ...

    def snapshot(self) -> AbstractContextManager[UnitOfWork]:
        """Return a unit of work that reads one consistent state and writes nothing."""
        ...

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call the listener after every commit, in the thread that made it."""
        ...

    def close(self) -> None:
        """Close the file; later use of the store raises an error."""
        ...
