"""Records of the books: payments with their cancellations, links and registered amounts.

All records are frozen; the books replace them whole, so that a record never changes while it is
read. Amounts are whole won, times are unix seconds in UTC, 0 means "never" (as on PortOne's wire).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """PortOne's four states of a payment (V1 schema, ``PaymentAnnotation.status``)."""

    READY = "ready"
    PAID = "paid"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """One entry of a payment's ``cancel_history``: returned money, and how much of it was free of
    tax (which no reading of a payment shows)."""

    amount: int
    cancelled_at: int
    reason: str
    cancellation_id: str
    pg_tid: str
    tax_free: int = 0


@dataclass(frozen=True, slots=True)
class Buyer:
    """Data about the buyer from the till; every text may be empty, none is checked."""

    name: str = ""
    tel: str = ""
    email: str = ""
    addr: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One try to pay. Several tries can share a ``merchant_uid``.

    ``sequence`` orders payments that began in the same second.
    """

    imp_uid: str
    merchant_uid: str
    name: str
    amount: int
    started_at: int
    sequence: int
    title: str = ""
    link_id: str | None = None
    status: Status = Status.READY
    currency: str = "KRW"
    sandbox: bool = True
    pg_provider: str = "kakaopay"
    pg_id: str = "TC0ONETIME"
    pg_tid: str = ""
    user_agent: str = ""
    custom_data: str | None = None
    buyer: Buyer = field(default_factory=Buyer)
    paid_at: int = 0
    failed_at: int = 0
    updated_at: int = 0
    fail_reason: str | None = None
    cancellations: tuple[Cancellation, ...] = ()
    tax_free: int = 0

    @property
    def captured(self) -> int:
        """Won that this payment captured."""
        return self.amount if self.paid_at else 0

    @property
    def cancel_amount(self) -> int:
        """Won cancelled so far."""
        return sum(each.amount for each in self.cancellations)

    @property
    def balance(self) -> int:
        """Won that can still be cancelled."""
        return self.captured - self.cancel_amount

    @property
    def tax_free_balance(self) -> int:
        """Won of the balance that are free of tax."""
        free = self.tax_free if self.paid_at else 0
        return free - sum(each.tax_free for each in self.cancellations)

    @property
    def ended_at(self) -> int:
        """Time of the last status, by which PortOne's list by status filters."""
        match self.status:
            case Status.PAID:
                return self.paid_at
            case Status.FAILED:
                return self.failed_at
            case Status.CANCELLED:
                return self.cancellations[-1].cancelled_at
            case Status.READY:
                return self.started_at


@dataclass(frozen=True, slots=True)
class Prepared:
    """An amount registered before a payment; ``currency`` None is not compared."""

    merchant_uid: str
    amount: int
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link; the till draws its address as a QR code."""

    link_id: str
    merchant_uid: str
    title: str
    name: str
    amount: int
    created_at: int
    expired_at: int
    currency: str = "KRW"
    pay_method: str = "kakaopay"
    channel_key: str = ""
    custom_data: str | None = None
    buyer: Buyer = field(default_factory=Buyer)
    closed_at: int = 0
    tax_free: int = 0

    @property
    def ends_at(self) -> int:
        """Second from which no new buyer may enter."""
        return min(self.closed_at, self.expired_at) if self.closed_at else self.expired_at


@dataclass(frozen=True, slots=True)
class CashReceipt:
    """A cash receipt of money that was not paid through PortOne; its number is used once for ever.

    ``identifier`` is masked: nobody needs it once the receipt is issued. ``vat`` is part of
    ``amount``.
    """

    merchant_uid: str
    channel_key: str
    name: str
    amount: int
    tax_free: int
    vat: int
    type: str
    identifier: str
    apply_num: str
    receipt_tid: str
    applied_at: int
    cancelled_at: int = 0


def record_to_plain(record: Payment | Link | Prepared | CashReceipt) -> dict[str, Any]:
    """Convert the record to values that JSON can hold."""
    return asdict(record)


def payment_from_plain(plain: dict[str, Any]) -> Payment:
    """Restore a payment from :func:`record_to_plain`; TypeError/KeyError/ValueError if broken."""
    values = dict(plain)
    values["status"] = Status(values["status"])
    values["buyer"] = Buyer(**values["buyer"])
    values["cancellations"] = tuple(Cancellation(**each) for each in values["cancellations"])
    return Payment(**values)


def link_from_plain(plain: dict[str, Any]) -> Link:
    """Restore a link from :func:`record_to_plain`; errors as :func:`payment_from_plain`."""
    return Link(**{**plain, "buyer": Buyer(**plain["buyer"])})
