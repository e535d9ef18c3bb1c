"""Deciding on money that was found: accept it for its order, or send it back.

Follows docs/specification.md 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.orders import ItemStatus, ItemTrigger, Order
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    AttemptTrigger,
    Payment,
    PaymentStanding,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refunds import Refund
from posapp.domain.verification import RETURN_REASONS, UNDECIDED, Problem, Remedy, Verdict, verify
from posapp.services.elsewhere import record_elsewhere
from posapp.services.lost_payments import is_of_item, is_of_whole, note_lost_payment
from posapp.services.mismatch_notes import note_mismatch
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import TILL, keep_intent

PUT_BACK = "put back"
"""The reason of an attempt that the file lacked and PortOne's books brought back."""

_AS_THE_ORDER_WAS = frozenset(
    {
        Problem.ORDER_GONE,
        Problem.AMOUNT_DIFFERS,
        Problem.ORDER_PAID,
        Problem.ORDER_CHANGED,
        Problem.CANCELLED_ELSEWHERE,
    }
)
"""Problems that the newer file, which is gone, need not have had with the same money."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one reported payment; ``refund_id`` is set when it has to go back."""

    verdict: Verdict
    refund_id: int | None = None


class Settling:
    """Records a reported payment once, whatever it turns out to be."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, *, live: bool) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._live = live

    def settle(self, attempt_id: int, reported: ReportedPayment) -> Settled:
        """Check a freshly read payment against its attempt and its order as it is now, and record
        what follows, all in one transaction.

        Settling the same payment again changes nothing. The network call that sends money back is
        not made here: an intent and an outbox entry that is due at once are kept.
        """
        now = self._clock.now()
        with self._store.writing() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is None:
                raise LookupError(f"attempt {attempt_id} is gone")
            recorded = uow.payments.get(reported.imp_uid)
            if recorded is not None and recorded.merchant_uid == attempt.merchant_uid:
                return Settled(Verdict(Remedy.NOTHING, Problem.USED_BEFORE))
            order = uow.orders.get(attempt.order_id)
            as_it_came = before_our_refunds(reported)
            verdict = verify(as_it_came, attempt, order, recorded=recorded, live=self._live)
            refund_id = None
            if verdict.remedy is Remedy.ACCEPT and order is not None:
                payment = enter_accepted(uow, attempt, order, reported, now)
                record_elsewhere(uow, payment, reported, now)
            elif verdict.remedy is Remedy.ASK_PERSON:
                _note(uow, attempt, reported, verdict, now)
            elif _may_have_fitted(uow, attempt, reported, verdict):
                note_lost_payment(uow, reported, verdict.problem, now)
            elif verdict.problem is not Problem.NOT_PAID and reported.amount > 0:
                refund_id = self._reject(uow, attempt, order, reported, verdict, now)
            uow.commit()
        return Settled(verdict, refund_id)

    def _reject(
        self,
        uow: UnitOfWork,
        attempt: Attempt,
        order: Order | None,
        reported: ReportedPayment,
        verdict: Verdict,
        now: datetime,
    ) -> int | None:
        problem = verdict.problem
        assert problem is not None  # noqa: S101 - a payment is only rejected for a problem
        payment = enter_rejected(uow, attempt, order, reported, problem, now)
        record_elsewhere(uow, payment, reported, now)
        if verdict.remedy is not Remedy.RETURN or reported.balance == 0:
            return None
        tag = self._ids.refund_tag(None)
        return keep_return(uow, payment, reported, problem, tag, now).id


def _may_have_fitted(
    uow: UnitOfWork, attempt: Attempt, reported: ReportedPayment, verdict: Verdict
) -> bool:
    """Of an attempt that was put back, or that an older copy of the file knew, nobody knows what
    its order was like when it was paid: money that does not fit the order as this file has it is
    not sent back for that, unless the newer file had begun to. Money of which that one had sent
    items back was accepted by it, and never goes back by itself."""
    if verdict.remedy is not Remedy.RETURN or any(map(is_of_whole, reported.cancellations)):
        return False
    is_old = attempt.reason == PUT_BACK or attempt.id <= uow.milestones.last_old_attempt()
    if is_old and verdict.problem in _AS_THE_ORDER_WAS:
        return True
    return any(map(is_of_item, reported.cancellations))


def before_our_refunds(reported: ReportedPayment) -> ReportedPayment:
    """A payment of which items were refunded by us had been accepted, by a newer file than this
    one: it is checked as it was before them."""
    if not any(map(is_of_item, reported.cancellations)):
        return reported
    return replace(reported, status=ReportedStatus.PAID, cancelled=ZERO, cancellations=())


def enter_accepted(
    uow: UnitOfWork, attempt: Attempt, order: Order, reported: ReportedPayment, now: datetime
) -> Payment:
    """Captured money pays its order: payment, items, ledger and attempt in the caller's unit."""
    waiting = (i for i in order.items if i.status is ItemStatus.WAITING_FOR_PAYMENT)
    uow.orders.save_items([item.after(ItemTrigger.PAYMENT_VERIFIED) for item in waiting])
    payment = _payment(attempt, reported, PaymentStanding.ACCEPTED, now)
    uow.payments.add(payment)
    uow.ledger.append(
        _captured(Fact.PAYMENT_CAPTURED, attempt, reported, f"buyer:{order.buyer_id}", now)
    )
    uow.attempts.save(replace(_paid(attempt), imp_uid=reported.imp_uid))
    return payment


def enter_rejected(
    uow: UnitOfWork,
    attempt: Attempt,
    order: Order | None,
    reported: ReportedPayment,
    problem: Problem,
    now: datetime,
) -> Payment:
    """Captured money that pays nothing is recorded; sending it back is the caller's to start."""
    payment = _payment(attempt, reported, PaymentStanding.REJECTED, now, problem)
    uow.payments.add(payment)
    actor = f"buyer:{order.buyer_id}" if order else TILL
    uow.ledger.append(
        _captured(Fact.PAYMENT_REJECTED, attempt, reported, actor, now, problem.value)
    )
    if attempt.state is not AttemptState.PAID:
        uow.attempts.save(replace(_paid(attempt), imp_uid=reported.imp_uid))
    return payment


def keep_return(
    uow: UnitOfWork,
    payment: Payment,
    reported: ReportedPayment,
    problem: Problem,
    tag: str,
    now: datetime,
) -> Refund:
    """Keep the intent to send back what PortOne still holds of a rejected payment."""
    return keep_intent(
        uow,
        imp_uid=payment.imp_uid,
        order_id=payment.order_id,
        item_id=None,
        amount=reported.balance,
        reason=RETURN_REASONS[problem],
        tag=tag,
        actor=TILL,
        now=now,
    )


def _paid(attempt: Attempt) -> Attempt:
    if attempt.state is AttemptState.PAID:
        return attempt
    return attempt.after(AttemptTrigger.PAYMENT_FOUND)


def _payment(
    attempt: Attempt,
    reported: ReportedPayment,
    standing: PaymentStanding,
    now: datetime,
    problem: Problem | None = None,
) -> Payment:
    return Payment(
        imp_uid=reported.imp_uid,
        merchant_uid=attempt.merchant_uid,
        order_id=attempt.order_id,
        amount=reported.amount,
        paid_at=reported.moved_at or now,
        standing=standing,
        receipt_url=reported.receipt_url,
        sandbox=reported.sandbox,
        problem=problem.value if problem else "",
    )


def _captured(
    fact: Fact,
    attempt: Attempt,
    reported: ReportedPayment,
    actor: str,
    now: datetime,
    reason: str = "",
) -> NewEntry:
    return NewEntry(
        fact=fact,
        amount=reported.amount,
        actor=actor,
        at=now,
        order_id=attempt.order_id,
        imp_uid=reported.imp_uid,
        reference=attempt.merchant_uid,
        reason=reason,
    )


def _note(
    uow: UnitOfWork,
    attempt: Attempt,
    reported: ReportedPayment,
    verdict: Verdict,
    now: datetime,
) -> None:
    kind = MismatchKind.FOREIGN_PAYMENT
    if verdict.problem in UNDECIDED:
        kind = MismatchKind.UNKNOWN_STATUS
    note_mismatch(
        uow,
        kind,
        merchant_uid=attempt.merchant_uid,
        imp_uid=reported.imp_uid,
        amount=reported.amount,
        evidence=f"{verdict.problem}: PortOne {reported.merchant_uid} {reported.status}"
        f" {reported.amount}",
        found_at=now,
    )
