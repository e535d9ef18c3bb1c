"""Refunds that PortOne refused and carried out all the same, later.

A line of the history with the tag of a refused refund is that refund. It is confirmed when that
fits without a doubt: item, stock and ledger follow, once. Otherwise it becomes a mismatch with its
evidence, which stops what else would be sent of the payment. No money moves here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger
from posapp.domain.payments import Payment, ReportedCancellation, ReportedPayment
from posapp.domain.refunds import Refund, RefundState, RefundTrigger, own_line, plain
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE, enter_refunded, keep_rest, refund_fact


def late_lines(
    uow: UnitOfWork, reported: ReportedPayment, known: Collection[str]
) -> tuple[tuple[Refund, ReportedCancellation], ...]:
    """The lines that are refused refunds of this payment and are not recorded yet.

    Args:
        known: cancellation ids of the payment that are recorded.
    """
    refused = (
        one for one in uow.refunds.of_payment(reported.imp_uid) if one.state is RefundState.REFUSED
    )
    found = ((refund, own_line(refund, reported)) for refund in refused)
    return tuple(
        (refund, line)
        for refund, line in found
        if line is not None and line.cancellation_id not in known
    )


def enter_late_lines(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    known: Collection[str],
    now: datetime,
) -> bool:
    """Confirm each refused refund whose line turned up, or name it where it does not fit.

    Returns:
        ``True`` if a refund was confirmed.
    """
    confirmed = False
    for refund, line in late_lines(uow, reported, known):
        rivals = _rivals(uow, refund, reported)
        if not _fits(uow, payment, refund, rivals):
            _note(uow, payment, line, now)
            continue
        for rival in rivals:
            over = rival.after(RefundTrigger.FOUND_IMPOSSIBLE)
            uow.refunds.save(over)
            uow.outbox.close(rival.id)
            uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, over, ZERO, now))
        enter_refunded(uow, refund, line.cancellation_id, now, actor=PORTONE)
        keep_rest(uow, refund, reported.balance, now)
        confirmed = True
    return confirmed


def _rivals(uow: UnitOfWork, refund: Refund, reported: ReportedPayment) -> tuple[Refund, ...]:
    """Open refunds for the same money that PortOne has not made."""
    return tuple(
        one
        for one in uow.refunds.of_payment(refund.imp_uid)
        if one.is_open and own_line(one, reported) is None and is_same_money(one, refund)
    )


def is_same_money(one: Refund, other: Refund) -> bool:
    """Both are for one item, or both for one payment that was not accepted."""
    return one.item_id == other.item_id or bool(set(one.item_ids) & set(other.item_ids))


def _fits(uow: UnitOfWork, payment: Payment, refund: Refund, rivals: Collection[Refund]) -> bool:
    """The item, or the payment, did not go back otherwise, and nothing else of it was ever sent
    that may be carried out too."""
    if any(rival.sends > 0 or rival.state is RefundState.SENDING for rival in rivals):
        return False
    others = [
        one
        for one in uow.refunds.of_payment(refund.imp_uid)
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


def _note(uow: UnitOfWork, payment: Payment, line: ReportedCancellation, now: datetime) -> None:
    """Once for each line, beside what is named of the payment already; the won that it makes
    PortOne and the ledger differ by are named by comparing."""
    amount, evidence = line.amount, f"{line.cancellation_id} {line.amount} {plain(line.reason)}"
    for one in uow.mismatches.of_payment(payment.imp_uid):
        if one.kind is MismatchKind.LOST_REFUND and evidence in one.evidence:
            return
        if one.kind is MismatchKind.LOST_REFUND and one.settled_at is None:
            amount, evidence = amount + one.amount, f"{one.evidence}; {evidence}"
    uow.mismatches.note(
        Mismatch(
            id=0,
            kind=MismatchKind.LOST_REFUND,
            merchant_uid=payment.merchant_uid,
            imp_uid=payment.imp_uid,
            amount=amount,
            evidence=evidence,
            found_at=now,
            gap=-line.amount,
            ledger_gap=-line.amount,
        )
    )
