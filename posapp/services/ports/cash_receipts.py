"""Ports for cash receipts: their records, their issuer, and what keeps a buyer's number while it is
needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.cash_receipts import CashReceipt, ReportedReceipt
from posapp.domain.money import Won
from posapp.domain.receipt_identity import ReceiptIdentity


@dataclass(frozen=True, slots=True)
class IssueCommand:
    """A cash receipt to issue.

    Attributes:
        amount, tax_free: won; ``amount`` is above 0, ``tax_free`` is the exempt part of it.
        name: what was sold.
        is_company: an expense of a business (지출증빙), else a deduction.
    """

    own_no: str
    amount: Won
    tax_free: Won
    name: str
    is_company: bool
    identity: ReceiptIdentity


class CashReceipts(Protocol):
    """Records of cash receipts."""

    def get(self, receipt_id: int) -> CashReceipt | None:
        """Return a receipt, or ``None``."""
        ...

    def of_order(self, order_id: int) -> tuple[CashReceipt, ...]:
        """Return the receipts of an order, oldest first."""
        ...

    def due(self, now: datetime, most: int) -> tuple[CashReceipt, ...]:
        """Return receipts that the background is to work on now."""
        ...

    def next_due(self) -> datetime | None:
        """Return when the background is to work on one next; ``None``: on none."""
        ...

    def open(self) -> tuple[CashReceipt, ...]:
        """Return the receipts that are neither valid nor cancelled, first due first."""
        ...

    def orders_without(self, since: datetime, until: datetime, least: Won) -> tuple[int, ...]:
        """Return orders whose kept cash of a time, its end excluded, comes to ``least`` or more,
        and that never had a receipt."""
        ...

    def add(self, receipt: CashReceipt) -> CashReceipt:
        """Store a new receipt (its id is ignored) and return it with its id.

        Raises:
            UserError: ``RECEIPT_EXISTS``: another one of the order waits. The database holds it.
        """
        ...

    def save(self, receipt: CashReceipt) -> None:
        """Write what may change of a receipt; a number that is gone never comes back.

        Raises:
            UserError: ``RECEIPT_EXISTS``: PortOne may hold another one of the order. The database
                holds it.
        """
        ...


class ReceiptIssuer(Protocol):
    """Issues, reads and cancels cash receipts. Every call may take long: never on the screen's
    thread, never inside a unit of work. Every method raises ``GatewayError``."""

    @property
    def has_channel(self) -> bool:
        """Whether the settings name a channel for cash receipts; no call."""
        ...

    def find(self, own_no: str) -> ReportedReceipt | None:
        """Return the receipt of a number; ``None`` if PortOne shows none."""
        ...

    def issue(self, command: IssueCommand) -> ReportedReceipt:
        """Issue a receipt once, and return it. The client never repeats the call."""
        ...

    def cancel(self, own_no: str) -> ReportedReceipt:
        """Cancel the whole receipt once, and return it. The client never repeats the call."""
        ...


class IdentityVault(Protocol):
    """Keeps the number of a buyer until the receipt is issued, so that the database alone does not
    give it away."""

    def load_key(self) -> bool:
        """Read the key, or make it; return whether there is one. It may take long: never inside a
        unit of work."""
        ...

    def seal(self, identity: ReceiptIdentity, own_no: str) -> bytes | None:
        """Return the number, encrypted for this receipt alone; ``None`` without a key: it is then
        held in memory, and a program that ends forgets it."""
        ...

    def open(self, sealed: bytes | None, own_no: str) -> ReceiptIdentity | None:
        """Return the number; ``None`` if it is lost."""
        ...

    def forget(self, own_no: str) -> None:
        """Drop a number that is held in memory."""
        ...
