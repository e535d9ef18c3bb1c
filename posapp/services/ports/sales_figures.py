"""Port for sums of what was sold: by time, by tender and by product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.services.ports.records import MoneyTotal


class SalesUnit(StrEnum):
    """What sums are taken by: the hour of Seoul's day (0 to 23), its day (of the year 1970 on), or
    the tender (a ``Tender``'s value, or ``CASH``)."""

    HOUR = "hour"
    DAY = "day"
    TENDER = "tender"


@dataclass(frozen=True, slots=True)
class ProductSales:
    """What stands of one product: paid, and not cancelled since.

    Attributes:
        count: pieces.
        amount: won, without discounts.
    """

    product_id: int
    name: str
    count: int
    amount: Won


@dataclass(frozen=True, slots=True)
class MoneyMovement:
    """One accepted payment or cash tender, or one refund that was confirmed or handed out.

    Attributes:
        at: when it was paid, or the refund was confirmed (UTC).
        amount: won; below 0 for a refund.
        tender: a ``Tender``'s value, or ``CASH``.
        reference: the provider's number of the payment or of the refund; empty for cash.
        actor: who asked for the refund; nobody for a payment.
    """

    at: datetime
    order_id: int
    amount: Won
    tender: str
    reference: str
    actor: Actor | None = None


class SalesFigures(Protocol):
    """Sums over the accepted payments and the kept cash of a time, and over the refunds of accepted
    payments that were confirmed, and the cash that was handed out for refunds, in it. The end of a
    time is excluded; both are UTC."""

    def paid_by(
        self, unit: SalesUnit, since: datetime, until: datetime
    ) -> Mapping[int | str, MoneyTotal]:
        """Return what was paid."""
        ...

    def refunded_by(
        self, unit: SalesUnit, since: datetime, until: datetime
    ) -> Mapping[int | str, MoneyTotal]:
        """Return what was refunded, whenever the payment was."""
        ...

    def products(self, since: datetime, until: datetime, most: int) -> Sequence[ProductSales]:
        """Return the products of which most won stand of what was paid in the time, the largest
        first."""
        ...

    def movements(
        self, since: datetime, until: datetime, size: int
    ) -> Iterator[Sequence[MoneyMovement]]:
        """Yield payments and refunds in their order, in pages of a size."""
        ...
