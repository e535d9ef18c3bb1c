"""Writes captured money: accepted for its order, or rejected with its refund."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from posapp.domain.actors import TILL, Actor
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.orders import ItemStatus, ItemTrigger, Order
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    AttemptTrigger,
    Payment,
    PaymentDisposition,
    ReportedPayment,
)
from posapp.domain.refunds import Refund
from posapp.domain.verification import AUTO_REFUND_REASONS, PaymentProblem
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.ports.unit_of_work import UnitOfWork

RESTORED = "put back"
"""The reason of an attempt that the database lacked and that was restored from PortOne's list."""


def record_accepted(
    uow: UnitOfWork, attempt: Attempt, order: Order, reported: ReportedPayment, now: datetime
) -> Payment:
    """Record captured money that pays its order: payment, items, ledger and attempt."""
    waiting = (i for i in order.items if i.status is ItemStatus.WAITING_FOR_PAYMENT)
    uow.orders.save_items([item.apply(ItemTrigger.PAYMENT_VERIFIED) for item in waiting])
    payment = _payment(attempt, reported, PaymentDisposition.ACCEPTED, now)
    uow.payments.add(payment)
    uow.ledger.append(
        _captured(LedgerEvent.PAYMENT_CAPTURED, attempt, reported, Actor.buyer(order.buyer_id), now)
    )
    uow.attempts.save(replace(_paid(attempt), imp_uid=reported.imp_uid))
    return payment


def record_rejected(
    uow: UnitOfWork,
    attempt: Attempt,
    order: Order | None,
    reported: ReportedPayment,
    problem: PaymentProblem,
    now: datetime,
) -> Payment:
    """Record captured money that pays nothing; the caller creates its refund."""
    payment = _payment(attempt, reported, PaymentDisposition.REJECTED, now, problem)
    uow.payments.add(payment)
    actor = Actor.buyer(order.buyer_id) if order else TILL
    uow.ledger.append(
        _captured(LedgerEvent.PAYMENT_REJECTED, attempt, reported, actor, now, problem.value)
    )
    if attempt.state is not AttemptState.PAID:
        uow.attempts.save(replace(_paid(attempt), imp_uid=reported.imp_uid))
    return payment


def create_auto_refund(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    problem: PaymentProblem,
    tag: str,
    now: datetime,
) -> Refund:
    """Create the refund of what PortOne still holds of a rejected payment."""
    return create_refund(
        uow,
        imp_uid=payment.imp_uid,
        order_id=payment.order_id,
        item_id=None,
        amount=reported.refundable_balance,
        reason=AUTO_REFUND_REASONS[problem],
        tag=tag,
        actor=TILL,
        now=now,
    )


def _paid(attempt: Attempt) -> Attempt:
    if attempt.state is AttemptState.PAID:
        return attempt
    return attempt.apply(AttemptTrigger.PAYMENT_FOUND)


def _payment(
    attempt: Attempt,
    reported: ReportedPayment,
    disposition: PaymentDisposition,
    now: datetime,
    problem: PaymentProblem | None = None,
) -> Payment:
    return Payment(
        imp_uid=reported.imp_uid,
        merchant_uid=attempt.merchant_uid,
        order_id=attempt.order_id,
        amount=reported.amount,
        paid_at=reported.moved_at or now,
        disposition=disposition,
        receipt_url=reported.receipt_url,
        sandbox=reported.sandbox,
        problem=problem.value if problem else "",
        provider=attempt.provider,
        tender=reported.tender,
        till=attempt.till,
    )


def _captured(
    event: LedgerEvent,
    attempt: Attempt,
    reported: ReportedPayment,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> NewEntry:
    return NewEntry(
        event=event,
        amount=reported.amount,
        actor=actor,
        at=now,
        order_id=attempt.order_id,
        imp_uid=reported.imp_uid,
        reference=attempt.merchant_uid,
        reason=reason,
    )
