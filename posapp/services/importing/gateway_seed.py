"""Data that a PortOne simulator needs so that imported payments can be refunded there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.money import Won
from posapp.services.importing.rows import Batch


@dataclass(frozen=True, slots=True)
class SeedRefund:
    """One line of a payment's cancel history; ``reason`` ends in the refund's tag."""

    cancellation_id: str
    amount: Won
    reason: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class SeedPayment:
    """A payment in PortOne's form: times in UTC, amounts in won."""

    imp_uid: str
    merchant_uid: str
    name: str
    amount: Won
    paid_at: datetime
    sandbox: bool
    buyer_name: str
    buyer_phone: str
    cancellations: tuple[SeedRefund, ...]


def seed_payments(batch: Batch) -> tuple[SeedPayment, ...]:
    """Return a batch's payments, oldest first; times are the batch's (shifted or not)."""
    users = {row.id: row for row in batch.users}
    found = []
    for row in batch.orders:
        payment = row.payment
        if payment is None:
            continue
        buyer = users.get(row.order.buyer_id)
        cancellations = tuple(
            SeedRefund(
                refund.cancellation_id, refund.amount, refund.tagged_reason, refund.created_at
            )
            for refund in row.refunds
        )
        found.append(
            SeedPayment(
                payment.imp_uid,
                payment.merchant_uid,
                row.order.name,
                payment.amount,
                payment.paid_at,
                payment.sandbox,
                (buyer.name or "") if buyer else "",
                (buyer.phone or "") if buyer else "",
                cancellations,
            )
        )
    found.sort(key=lambda each: (each.paid_at, each.imp_uid))
    return tuple(found)
