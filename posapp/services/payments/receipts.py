"""Receipts for buyers: what was bought, what was paid and what was refunded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order, OrderItem
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.sale_tax import TaxPart, refund_taxes, sold_items
from posapp.domain.shop_details import NO_DETAILS, ShopDetails
from posapp.domain.users import User
from posapp.domain.vat import TaxSplit


class ReceiptTender(StrEnum):
    """What a part of a sale was paid with, as its receipt names it."""

    KAKAOPAY = "kakaopay"


@dataclass(frozen=True, slots=True)
class TenderLine:
    """One tender on a receipt, in won."""

    tender: ReceiptTender
    amount: Won


@dataclass(frozen=True, slots=True)
class CounterSale:
    """What the receipt of a sale at the counter says beside that of any order.

    Attributes:
        items: as they were sold, whatever became of them.
        tax: the tax in them; of what is exempt only that, where the shop names no tax.
        tenders: what paid them, in the order of the receipt.
        refund_taxes: the tax in what each refund returned, by its id.
    """

    items: tuple[OrderItem, ...]
    tax: TaxPart
    tenders: tuple[TenderLine, ...]
    refund_taxes: Mapping[int, TaxPart]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paid order of the shop with this name.

    Attributes:
        refunded: won of its confirmed refunds.
        sale: of an order of the counter.
    """

    shop: str
    buyer: User | None
    order: Order
    payment: Payment
    refunded: Won
    details: ShopDetails = NO_DETAILS
    sale: CounterSale | None = None


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
    refunds = [one for one in history.refunds if one.imp_uid == payment.imp_uid]
    refunded = sum((one.amount for one in refunds if one.state is RefundState.CONFIRMED), ZERO)
    sale = None
    if history.order.is_counter:
        tenders = (TenderLine(ReceiptTender.KAKAOPAY, payment.amount),)
        sale = counter_sale(history.order, refunds, tenders)
    return Receipt(shop, history.buyer, history.order, payment, refunded, history.shop, sale)


def counter_sale(
    order: Order, refunds: Sequence[Refund], tenders: tuple[TenderLine, ...]
) -> CounterSale:
    """Return what the receipt of a sale at the counter says.

    Args:
        refunds: of what was paid.
    """
    items = sold_items(order, refunds, sum((one.amount for one in tenders), ZERO))
    split = TaxSplit.of((one.tax, one.total) for one in items)
    return CounterSale(items, TaxPart.of(split), tenders, refund_taxes(order, refunds, split))
