"""Receipts for buyers: what was bought, what was paid and what was refunded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.shop_details import NO_DETAILS, ShopDetails
from posapp.domain.users import User


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paid order of the shop with this name. ``refunded`` is the won of its confirmed refunds."""

    shop: str
    buyer: User | None
    order: Order
    payment: Payment
    refunded: Won
    details: ShopDetails = NO_DETAILS


class OrderRecords(Protocol):
    """What is read of an order for its receipt."""

    @property
    def order(self) -> Order:
        """The order as it is now."""

    @property
    def buyer(self) -> User | None:
        """Whose order it is; ``None``: not named on the paper."""

    @property
    def payments(self) -> Sequence[Payment]:
        """Its payments, accepted or not."""

    @property
    def refunds(self) -> Sequence[Refund]:
        """Its refunds."""

    @property
    def shop(self) -> ShopDetails:
        """The shop's details."""


def receipt_of(shop: str, history: OrderRecords) -> Receipt | None:
    """Return the receipt of an order; ``None`` if it has no accepted payment."""
    accepted = (one for one in history.payments if one.disposition is PaymentDisposition.ACCEPTED)
    payment = next(accepted, None)
    if payment is None:
        return None
    refunded = sum(
        (
            refund.amount
            for refund in history.refunds
            if refund.imp_uid == payment.imp_uid and refund.state is RefundState.CONFIRMED
        ),
        ZERO,
    )
    return Receipt(shop, history.buyer, history.order, payment, refunded, history.shop)
