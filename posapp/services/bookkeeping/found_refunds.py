"""Refunds that PortOne's history shows as made and our records do not.

Checks whether such a refund fits, ends the open refunds that it replaces, and notes a line that
fits nothing as a mismatch. Shared by refunds that PortOne refused and made later (``late_refunds``)
and refunds that an older copy of the database lost (``restored_refunds``). Works in the caller's
unit of work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger, OrderItem
from posapp.domain.payments import (
    Payment,
    PaymentDisposition,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import Refund, RefundState, RefundTrigger, find_own_cancellation
from posapp.domain.text import strip_controls
from posapp.services.bookkeeping.mismatch_notes import PaymentGap, note_mismatch
from posapp.services.bookkeeping.refund_records import refund_entry
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.unit_of_work import UnitOfWork


def is_same_money(one: Refund, other: Refund) -> bool:
    """Tell whether two refunds share an item, or are both for a payment that was not accepted. A
    refund of the remainder is for each of its items."""
    if not one.item_ids and not other.item_ids:
        return True
    return bool(set(one.item_ids) & set(other.item_ids))


def competing_refunds(
    uow: UnitOfWork, refund: Refund, reported: ReportedPayment
) -> tuple[Refund, ...]:
    """Return the open refunds for the same money that PortOne has not made.

    Args:
        refund: a recorded refund, or one that is about to be recorded.
    """
    return tuple(
        one
        for one in uow.refunds.of_payment(refund.imp_uid)
        if one.is_open
        and find_own_cancellation(one, reported) is None
        and is_same_money(one, refund)
    )


def fits(uow: UnitOfWork, payment: Payment, refund: Refund, competing: Collection[Refund]) -> bool:
    """Tell whether a refund can be confirmed.

    No other refund took its items' money, its amount is what they cost now (pieces may have been
    taken out of one since) and is left of the payment. No competing refund was ever sent, because
    that one may be carried out too.

    Args:
        competing: from ``competing_refunds``; their amounts do not count, because they end when
            this refund is confirmed.
    """
    if any(other.send_count > 0 or other.state is RefundState.SENDING for other in competing):
        return False
    others = [
        one
        for one in uow.refunds.of_payment(payment.imp_uid)
        if one.state is not RefundState.REFUSED and one not in competing
    ]
    if sum(one.amount for one in others) + refund.amount > payment.amount:
        return False
    if not refund.item_ids:
        return True
    items = [item for number in refund.item_ids if (item := uow.orders.item(number)) is not None]
    return (
        len(items) == len(refund.item_ids)
        and all(_can_go_back(item, others) for item in items)
        and sum(item.total for item in items) == refund.amount
    )


def _can_go_back(item: OrderItem, others: Collection[Refund]) -> bool:
    is_paid = ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED)
    return is_paid and all(item.id not in one.item_ids for one in others)


def end_competing_refunds(uow: UnitOfWork, competing: Iterable[Refund], now: datetime) -> None:
    """End refunds without sending them, because another refund returned their money."""
    for other in competing:
        over = other.apply(RefundTrigger.OBSERVED_IMPOSSIBLE)
        uow.refunds.save(over)
        uow.outbox.close(other.id)
        uow.ledger.append(refund_entry(LedgerEvent.REFUND_REFUSED, over, ZERO, now))


def note_lost_lines(
    uow: UnitOfWork,
    payment: Payment,
    lines: Sequence[ReportedCancellation],
    now: datetime,
    *,
    recorded: bool,
) -> None:
    """Note lines that have a tag of ours and fit nothing as a mismatch, each line once.

    New lines are added to those of the payment's open mismatch.

    Args:
        recorded: the caller records the lines as external cancels in the same transaction. The
            ledger then has their won, and only the goods of an accepted payment differ by them.
    """
    known = [
        one
        for one in uow.mismatches.of_payment(payment.imp_uid)
        if one.kind is MismatchKind.LOST_REFUND
    ]
    new = [line for line in lines if not any(_is_named(line, one) for one in known)]
    if not new:
        return
    gone = sum((line.amount for line in new), ZERO)
    differs_in_goods = not recorded or payment.disposition is PaymentDisposition.ACCEPTED
    amount, goods_gap, ledger_gap = gone, ZERO, ZERO
    if differs_in_goods:
        goods_gap -= gone
    if not recorded:
        ledger_gap -= gone
    evidence = [describe_cancellations(new)]
    for one in known:
        if one.resolved_at is None:
            amount += one.amount
            goods_gap += one.goods_gap
            ledger_gap += one.ledger_gap
            evidence.insert(0, one.evidence)
    note_mismatch(
        uow,
        MismatchKind.LOST_REFUND,
        merchant_uid=payment.merchant_uid,
        imp_uid=payment.imp_uid,
        amount=amount,
        evidence=_BETWEEN.join(evidence),
        found_at=now,
        gap=PaymentGap(goods_gap, ledger_gap),
    )


_BETWEEN = "; "


def describe_cancellations(lines: Iterable[ReportedCancellation]) -> str:
    """Return cancellations as the evidence text of a mismatch."""
    return _BETWEEN.join(
        f"{one.cancellation_id} {one.amount} {strip_controls(one.reason)}" for one in lines
    )


def _is_named(line: ReportedCancellation, mismatch: Mismatch) -> bool:
    """Compare whole entries: the number of one line may be the end of another's."""
    whole = f"{_BETWEEN}{mismatch.evidence}{_BETWEEN}"
    return f"{_BETWEEN}{describe_cancellations([line])}{_BETWEEN}" in whole
