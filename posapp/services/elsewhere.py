"""Money that went back without this till: cancelled in PortOne's console, or by another till."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.payments import Payment, ReportedCancellation, ReportedPayment
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    own_line,
    plain,
)
from posapp.services.lost_refunds import put_back_refunds
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE, refund_fact


def known_lines(uow: UnitOfWork, imp_uid: str) -> frozenset[str]:
    """The cancellation ids of a payment that are recorded already."""
    refunds = uow.refunds.of_payment(imp_uid)
    return frozenset(refund.cancellation_id for refund in refunds if refund.cancellation_id)


def record_elsewhere(
    uow: UnitOfWork, payment: Payment, reported: ReportedPayment, now: datetime
) -> tuple[Refund, ...]:
    """Record every line of PortOne's history that is not recorded yet: one with a tag of ours that
    the records lack as the refund that it is, any other as cancelled elsewhere.

    Call it when no refund of the payment can still turn out to be one of those lines. Returns what
    was added; the ledger gets a fact for each. Approved refunds for which those lines left too
    little are refused in the same breath: together they would be more than was captured.
    """
    put_back_refunds(uow, payment, reported, known_lines(uow, payment.imp_uid), now)
    ours = [refund for refund in uow.refunds.of_payment(payment.imp_uid) if refund.tag]
    known = known_lines(uow, payment.imp_uid)
    foreign = [
        line
        for line in reported.cancellations
        if line.amount > 0
        and line.cancellation_id not in known
        and not any(refund.tag in line.reason for refund in ours)
    ]
    if foreign:
        _refuse_what_no_longer_fits(uow, ours, reported, now)
    return tuple(_record(uow, payment, line, now) for line in foreign)


def _refuse_what_no_longer_fits(
    uow: UnitOfWork, ours: list[Refund], reported: ReportedPayment, now: datetime
) -> None:
    """The older one comes first, as in the outbox; one that was sent is never refused here."""
    left = reported.balance
    for refund in ours:
        if not refund.is_open or own_line(refund, reported) is not None:
            continue
        if refund.state is RefundState.APPROVED and refund.amount > left:
            refused = refund.after(RefundTrigger.FOUND_IMPOSSIBLE)
            uow.refunds.save(refused)
            uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, refused, ZERO, now))
        else:
            left -= refund.amount


def _record(uow: UnitOfWork, payment: Payment, line: ReportedCancellation, now: datetime) -> Refund:
    refund = uow.refunds.add(
        Refund(
            id=0,
            imp_uid=payment.imp_uid,
            order_id=payment.order_id,
            item_id=None,
            origin=RefundOrigin.ELSEWHERE,
            amount=line.amount,
            reason=plain(line.reason),
            tag=f"[EX-{line.cancellation_id}]",
            asked_by=PORTONE,
            approved_by=PORTONE,
            created_at=now,
            state=RefundState.CONFIRMED,
            confirmed_at=line.cancelled_at or now,
            cancellation_id=line.cancellation_id,
        )
    )
    uow.ledger.append(
        NewEntry(
            fact=Fact.CANCELLED_ELSEWHERE,
            amount=-line.amount,
            actor=PORTONE,
            at=now,
            order_id=payment.order_id,
            imp_uid=payment.imp_uid,
            reference=line.cancellation_id,
            reason=refund.reason,
        )
    )
    return refund
