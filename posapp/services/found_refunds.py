"""A refund that PortOne's history shows and our records do not have as made: whether it fits, which
open refunds it takes the place of, and the mismatch of a line that fits nothing.

Shared by refunds that PortOne refused and made all the same (``late_refunds``), and by those that
an older copy of the database lost (``lost_refunds``). Works in the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger
from posapp.domain.payments import (
    Payment,
    PaymentStanding,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import Refund, RefundState, RefundTrigger, own_line, plain
from posapp.services.mismatch_notes import Gap, note_mismatch
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import refund_fact


def is_same_money(one: Refund, other: Refund) -> bool:
    """Both are for one item, or both for a payment that was not accepted; a refund of all that is
    left is for each of its items."""
    if not one.item_ids and not other.item_ids:
        return True
    return bool(set(one.item_ids) & set(other.item_ids))


def rivals_of(uow: UnitOfWork, refund: Refund, reported: ReportedPayment) -> tuple[Refund, ...]:
    """Return the open refunds for the same money that PortOne has not made.

    Args:
        refund: as it is in the records, or as it is to be added to them.
    """
    return tuple(
        one
        for one in uow.refunds.of_payment(refund.imp_uid)
        if one.is_open and own_line(one, reported) is None and is_same_money(one, refund)
    )


def fits(uow: UnitOfWork, payment: Payment, refund: Refund, rivals: Collection[Refund]) -> bool:
    """Tell whether a refund can be confirmed: no other one took its items' money, its amount is
    left of the payment, and no rival was ever sent, as that may be carried out too.

    Args:
        rivals: of ``rivals_of``; they do not count, as they end when it is confirmed.
    """
    if any(rival.sends > 0 or rival.state is RefundState.SENDING for rival in rivals):
        return False
    others = [
        one
        for one in uow.refunds.of_payment(payment.imp_uid)
        if one.state is not RefundState.REFUSED and one not in rivals
    ]
    if sum(one.amount for one in others) + refund.amount > payment.amount:
        return False
    return all(_can_go_back(uow, item_id, others) for item_id in refund.item_ids)


def _can_go_back(uow: UnitOfWork, item_id: int, others: Collection[Refund]) -> bool:
    item = uow.orders.item(item_id)
    return (
        item is not None
        and ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED)
        and all(item_id not in one.item_ids for one in others)
    )


def end_rivals(uow: UnitOfWork, rivals: Iterable[Refund], now: datetime) -> None:
    """The money of these refunds went back by another one: they end without being sent."""
    for rival in rivals:
        over = rival.after(RefundTrigger.FOUND_IMPOSSIBLE)
        uow.refunds.save(over)
        uow.outbox.close(rival.id)
        uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, over, ZERO, now))


def name_lines(
    uow: UnitOfWork,
    payment: Payment,
    lines: Sequence[ReportedCancellation],
    now: datetime,
    *,
    recorded: bool,
) -> None:
    """Note lines with a tag of ours that fit nothing as a mismatch: each of them once, beside those
    that the open one of the payment names already.

    Args:
        recorded: they are recorded as cancels of others in the same breath, so that the ledger has
            their won and only the goods of an accepted payment differ by them.
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
    differs_in_goods = not recorded or payment.standing is PaymentStanding.ACCEPTED
    amount, gap, ledger_gap = gone, ZERO, ZERO
    if differs_in_goods:
        gap -= gone
    if not recorded:
        ledger_gap -= gone
    evidence = [as_evidence(new)]
    for one in known:
        if one.settled_at is None:
            amount += one.amount
            gap += one.gap
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
        gap=Gap(gap, ledger_gap),
    )


_BETWEEN = "; "


def as_evidence(lines: Iterable[ReportedCancellation]) -> str:
    """Return cancellations in the words of a mismatch."""
    return _BETWEEN.join(f"{one.cancellation_id} {one.amount} {plain(one.reason)}" for one in lines)


def _is_named(line: ReportedCancellation, mismatch: Mismatch) -> bool:
    """The number of one line may be the end of another's."""
    whole = f"{_BETWEEN}{mismatch.evidence}{_BETWEEN}"
    return f"{_BETWEEN}{as_evidence([line])}{_BETWEEN}" in whole
