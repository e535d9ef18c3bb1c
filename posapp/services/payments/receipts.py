"""Receipts for buyers: what was bought, what was paid and what was refunded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.cash import CashRefund, CashRefundState, CashTender, TenderState, kept
from posapp.domain.cash_receipts import CashReceipt, ReceiptState
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order, OrderItem
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.sale_tax import TaxPart, returned_taxes, sold_items
from posapp.domain.shop_details import NO_DETAILS, ShopDetails
from posapp.domain.users import User
from posapp.domain.vat import TaxSplit


class ReceiptTender(StrEnum):
    """What a part of a sale was paid with, as its receipt names it."""

    CASH = "cash"
    KAKAOPAY = "kakaopay"


@dataclass(frozen=True, slots=True)
class TenderLine:
    """One tender on a receipt, in won.

    Attributes:
        received: of cash, what the buyer gave.
        change: of cash, what the buyer got back.
    """

    tender: ReceiptTender
    amount: Won
    received: Won = ZERO
    change: Won = ZERO


@dataclass(frozen=True, slots=True)
class CounterSale:
    """What the receipt of a sale at the counter says beside that of any order.

    Attributes:
        items: as they were sold, whatever became of them.
        tax: the tax in them; of what is exempt only that, where the shop names no tax.
        tenders: what paid them, in the order of the receipt.
        returned: the tax in each item that went back or is going back, by its id.
    """

    items: tuple[OrderItem, ...]
    tax: TaxPart
    tenders: tuple[TenderLine, ...]
    returned: Mapping[int, TaxPart]

    def tax_of(self, item_ids: Sequence[int]) -> TaxPart | None:
        """Return the tax in items that went back together; ``None``: none of them did."""
        parts = [self.returned[number] for number in item_ids if number in self.returned]
        return TaxPart.joined(parts) if parts else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paid order of the shop with this name.

    Attributes:
        payment: what was paid by QR; ``None``: all of it was paid in cash.
        refunded: won that went back, by QR and in cash.
        sale: of an order of the counter.
        cash: what was paid in cash.
        cash_receipt: the valid 현금영수증 of that cash, or ``None``.
    """

    shop: str
    buyer: User | None
    order: Order
    payment: Payment | None
    refunded: Won
    details: ShopDetails = NO_DETAILS
    sale: CounterSale | None = None
    cash: tuple[CashTender, ...] = ()
    cash_receipt: CashReceipt | None = None

    @property
    def amount(self) -> Won:
        """What was paid, in won."""
        return kept(self.cash) + (self.payment.amount if self.payment is not None else ZERO)

    @property
    def paid_at(self) -> datetime:
        """When it was paid (UTC)."""
        times = [one.received_at for one in self.cash]
        return max((*times, self.payment.paid_at) if self.payment is not None else times)


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
    def tenders(self) -> Sequence[CashTender]:
        """Cash that was received for it."""

    @property
    def cash_refunds(self) -> Sequence[CashRefund]:
        """Cash that goes back for its items."""

    @property
    def cash_receipts(self) -> Sequence[CashReceipt]:
        """Its cash receipts, in any state."""

    @property
    def shop(self) -> ShopDetails:
        """The shop's details."""


def receipt_of(shop: str, history: OrderRecords) -> Receipt | None:
    """Return the receipt of an order; ``None`` if neither a payment of it was accepted nor cash
    kept."""
    accepted = (one for one in history.payments if one.disposition is PaymentDisposition.ACCEPTED)
    payment = next(accepted, None)
    cash = tuple(one for one in history.tenders if one.state is TenderState.KEPT)
    if payment is None and not cash:
        return None
    refunds = [
        one for one in history.refunds if payment is not None and one.imp_uid == payment.imp_uid
    ]
    by_qr = (one.amount for one in refunds if one.state is RefundState.CONFIRMED)
    in_cash = (one.amount for one in history.cash_refunds if one.paid_at is not None)
    sale = None
    if history.order.is_counter:
        tenders = _tender_lines(payment, cash)
        sale = counter_sale(history.order, refunds, history.cash_refunds, tenders)
    return Receipt(
        shop,
        history.buyer,
        history.order,
        payment,
        sum(by_qr, ZERO) + sum(in_cash, ZERO),
        history.shop,
        sale,
        cash,
        next((one for one in history.cash_receipts if one.state is ReceiptState.ISSUED), None),
    )


def _tender_lines(payment: Payment | None, cash: Sequence[CashTender]) -> tuple[TenderLine, ...]:
    lines = [TenderLine(ReceiptTender.CASH, one.amount, one.received, one.change) for one in cash]
    if payment is not None:
        lines.append(TenderLine(ReceiptTender.KAKAOPAY, payment.amount))
    return tuple(lines)


def return_tenders(refund: Refund | None, cash: CashRefund | None) -> tuple[TenderLine, ...]:
    """Return by what an item goes back: the part by QR first, as it is back first.

    Args:
        refund: its refund by QR, or ``None``.
        cash: its refund in cash, or ``None``.
    """
    lines = []
    if refund is not None and refund.state is not RefundState.REFUSED:
        lines.append(TenderLine(ReceiptTender.KAKAOPAY, refund.amount))
    if cash is not None and cash.state is not CashRefundState.DROPPED:
        lines.append(TenderLine(ReceiptTender.CASH, cash.amount))
    return tuple(lines)


def counter_sale(
    order: Order,
    refunds: Sequence[Refund],
    cash_refunds: Sequence[CashRefund],
    tenders: tuple[TenderLine, ...],
) -> CounterSale:
    """Return what the receipt of a sale at the counter says.

    Args:
        refunds: of what was paid by QR.
        cash_refunds: of its items.
    """
    paid = sum((one.amount for one in tenders), ZERO)
    items = sold_items(order, refunds, cash_refunds, paid)
    split = TaxSplit.of((one.tax, one.total) for one in items)
    returned = returned_taxes(order, refunds, cash_refunds, split)
    return CounterSale(items, TaxPart.of(split), tenders, returned)
