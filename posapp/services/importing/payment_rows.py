"""Captured and refunded money in a file: accepted only if it is consistent.

The result is a claim: it counts once PortOne confirms exactly this payment (``verify_claims``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from posapp.domain.actors import IMPORT
from posapp.domain.errors import InvalidAmount
from posapp.domain.money import MAX_AMOUNT, ZERO
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.payments import MERCHANT_UID_LIMIT, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.importing.fields import (
    FieldError,
    read_flag,
    read_id,
    read_reason,
    read_text,
    read_time,
    read_url,
    read_won,
)
from posapp.services.importing.import_errors import Cause
from posapp.services.importing.located_json import Located
from posapp.services.importing.rows import ImportOrderRow, RowReader

IMP_UID_LIMIT = 32
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ImportedPayment:
    """An order's payment and its refunds."""

    payment: Payment
    refunds: tuple[Refund, ...]


def read_captured(
    row: RowReader,
    record: Located,
    order: Order,
    cancellations: Sequence[tuple[RowReader, Located]],
    numbers: set[str],
) -> ImportedPayment | None:
    """Read a payment; ``None`` after a complaint. ``numbers`` holds the ids of earlier payments."""
    imp_uid = row.read("imp_uid", record.get("imp_uid"), _read_imp_uid, "")
    merchant_uid = row.read("merchant_uid", record.get("merchant_uid"), _read_merchant_uid, "")
    for field, number in (("imp_uid", imp_uid), ("merchant_uid", merchant_uid)):
        if number and f"{field} {number}" in numbers:
            row.complain(Cause.PAYMENT_TAKEN, field, number)
        numbers.add(f"{field} {number}")
    payment = Payment(
        imp_uid,
        merchant_uid,
        order.id,
        row.read("amount", record.get("amount"), read_won, ZERO),
        row.read("paid_at", record.get("paid_at"), read_time, _NEVER),
        PaymentDisposition.ACCEPTED,
        row.read("receipt_url", record.get("receipt_url"), read_url, ""),
        row.read_said("sandbox", record, read_flag) or False,
    )
    if not row.bad and payment.paid_at < order.created_at:
        row.complain(Cause.TIMES_REVERSED, "paid_at", record.get("paid_at"))
    given = record.get("cancellations", [])
    row.bad = row.bad or not isinstance(given, list) or len(given) != len(cancellations)
    refunds = _read_refunds(row, payment, order, cancellations)
    return None if row.bad else ImportedPayment(payment, refunds)


def _read_refunds(
    row: RowReader,
    payment: Payment,
    order: Order,
    cancellations: Sequence[tuple[RowReader, Located]],
) -> tuple[Refund, ...]:
    items = {item.id: item for item in order.items if item.status is ItemStatus.CANCEL}
    found: list[Refund] = []
    for line, record in cancellations:
        refund = _read_refund(line, record, payment, items)
        if any(each.cancellation_id == refund.cancellation_id for each in found):
            line.complain(
                Cause.DUPLICATE, "cancellation_id", refund.cancellation_id, first_line=line.line
            )
        found.append(refund)
        row.bad = row.bad or line.bad
    if row.bad:
        return ()
    found.sort(key=lambda each: (each.created_at, each.item_id or 0))
    return tuple(found)


def _read_refund(
    row: RowReader, record: Located, payment: Payment, items: dict[int, OrderItem]
) -> Refund:
    item_id = row.read("item_id", record.get("item_id"), read_id, 0)
    item = items.pop(item_id, None)
    if item is None and item_id:
        row.complain(Cause.REFUND_ITEM, "item_id", item_id)
    amount = row.read("amount", record.get("amount"), read_won, ZERO)
    if item is not None and (amount != item.total or amount == 0):
        row.complain(Cause.REFUND_AMOUNT, "amount", amount, expected=int(item.total))
    at = row.read("cancelled_at", record.get("cancelled_at"), read_time, _NEVER)
    if not row.bad and at < payment.paid_at:
        row.complain(Cause.TIMES_REVERSED, "cancelled_at", record.get("cancelled_at"))
    number = row.read("cancellation_id", record.get("cancellation_id"), _read_number, "")
    return Refund(
        0,
        payment.imp_uid,
        payment.order_id,
        item_id,
        RefundOrigin.ITEM,
        amount,
        row.read("reason", record.get("reason"), read_reason, ""),
        tag_of(payment.imp_uid, number),
        IMPORT,
        IMPORT,
        at,
        RefundState.CONFIRMED,
        send_count=1,
        sent_at=at,
        confirmed_at=at,
        cancellation_id=number,
    )


def tag_of(imp_uid: str, cancellation_id: str) -> str:
    """Return the deterministic tag of a refund that was made without a tag of ours."""
    digest = hashlib.sha256(f"{imp_uid} {cancellation_id}".encode()).hexdigest()
    return f"[RF-{digest[:20].upper()}]"


def find_money_problem(row: ImportOrderRow) -> tuple[Cause, dict[str, int]] | None:
    """Return the inconsistency in an order's money, or ``None``.

    An order with paid items needs its payment: without one the till could never refund the money,
    and the ledger would not hold it.
    """
    order = row.order
    try:
        whole = sum((item.total for item in order.items), ZERO)
    except InvalidAmount:
        return Cause.AMOUNT_RANGE, {"highest": MAX_AMOUNT}
    waiting = any(item.status is ItemStatus.WAITING_FOR_PAYMENT for item in order.items)
    if waiting and order.is_paid:
        return Cause.STATUS_MIXED, {}
    if row.payment is None:
        return (Cause.PAYMENT_MISSING, {"amount": int(order.total)}) if order.is_paid else None
    back = sum((refund.amount for refund in row.refunds), ZERO)
    captured = order.total + back
    if waiting or captured == 0:
        return Cause.PAYMENT_UNWANTED, {}
    if row.payment.amount != captured or captured > whole:
        return Cause.PAYMENT_AMOUNT, {"amount": int(row.payment.amount), "expected": int(captured)}
    return None


def _read_imp_uid(value: object) -> str:
    return _number(value, IMP_UID_LIMIT)


def _read_merchant_uid(value: object) -> str:
    return _number(value, MERCHANT_UID_LIMIT)


def _read_number(value: object) -> str:
    return _number(value, 100)


def _number(value: object, limit: int) -> str:
    text = read_text(value, limit)
    if not text:
        raise FieldError(Cause.EMPTY)
    return text
