"""Decides on a payment that was found, and records it: accepted for its order, or rejected with its
refund.

Follows docs/specification.md 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.actors import TILL, Actor
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import Won
from posapp.domain.orders import Order
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    AttemptTrigger,
    Payment,
    PaymentDisposition,
    ReportedPayment,
)
from posapp.domain.refunds import Refund
from posapp.domain.verification import (
    AUTO_REFUND_REASONS,
    UNDECIDED,
    PaymentProblem,
    VerificationAction,
    VerificationResult,
    verify,
)
from posapp.services.bookkeeping.cash_records import held_cash, keep_cash, mark_paid
from posapp.services.bookkeeping.external_cancellations import record_external_cancellations
from posapp.services.bookkeeping.lost_payments import is_of_item, is_of_whole, note_lost_payment
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store, UnitOfWork

RESTORED = "put back"
"""The reason of an attempt that the database lacked and that was restored from PortOne's list."""

_AS_THE_ORDER_WAS = frozenset(
    {
        PaymentProblem.ORDER_GONE,
        PaymentProblem.AMOUNT_DIFFERS,
        PaymentProblem.ORDER_PAID,
        PaymentProblem.ORDER_CHANGED,
        PaymentProblem.TAX_FREE_DIFFERS,
        PaymentProblem.CANCELLED_EXTERNALLY,
    }
)
"""Problems that the lost newer database need not have had with the same payment."""


@dataclass(frozen=True, slots=True)
class RecordedPayment:
    """Result for one reported payment; ``refund_id`` is set if its money must go back."""

    verdict: VerificationResult
    refund_id: int | None = None


class PaymentRecorder:
    """Records a reported payment once, whatever the verdict on it."""

    def __init__(
        self, store: Store, clock: Clock, ids: IdGenerator, *, live: bool, hand_over: bool = True
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._live = live
        self._hand_over = hand_over

    def record(self, attempt_id: int, reported: ReportedPayment) -> RecordedPayment:
        """Verify a freshly read payment against its attempt and its current order, and record the
        consequences, all in one transaction.

        Recording the same payment again changes nothing. The call that sends money back is not
        made here: a refund is created, with an outbox entry that is due at once.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is None:
                raise LookupError(f"attempt {attempt_id} is gone")
            recorded = uow.payments.get(reported.imp_uid)
            if recorded is not None and recorded.merchant_uid == attempt.merchant_uid:
                return RecordedPayment(
                    VerificationResult(VerificationAction.NOTHING, PaymentProblem.USED_BEFORE)
                )
            order = uow.orders.get(attempt.order_id)
            as_reported = without_own_refunds(reported)
            verdict = verify(
                as_reported,
                attempt,
                order,
                recorded=recorded,
                live=self._live,
                cash=held_cash(uow, attempt.order_id),
            )
            refund_id = None
            if verdict.action is VerificationAction.ACCEPT and order is not None:
                hand_over = self._hand_over and is_at_the_open_sale(attempt, order, now)
                payment = record_accepted(uow, attempt, order, reported, now, hand_over=hand_over)
                record_external_cancellations(uow, payment, reported, now)
            elif verdict.action is VerificationAction.REVIEW:
                _note(uow, attempt, reported, verdict, now)
            elif _may_have_matched_order(uow, attempt, reported, verdict):
                note_lost_payment(uow, reported, verdict.problem, now)
            elif verdict.problem is not PaymentProblem.NOT_PAID and reported.amount > 0:
                refund_id = self._reject(uow, attempt, order, reported, verdict, now)
            uow.commit()
        return RecordedPayment(verdict, refund_id)

    def _reject(
        self,
        uow: UnitOfWork,
        attempt: Attempt,
        order: Order | None,
        reported: ReportedPayment,
        verdict: VerificationResult,
        now: datetime,
    ) -> int | None:
        problem = verdict.problem
        assert problem is not None  # noqa: S101 - a payment is only rejected for a problem
        payment = record_rejected(uow, attempt, order, reported, problem, now)
        record_external_cancellations(uow, payment, reported, now)
        if verdict.action is not VerificationAction.REFUND or reported.refundable_balance == 0:
            return None
        tag = self._ids.refund_tag(None)
        return create_auto_refund(uow, payment, reported, problem, tag, now).id


def _may_have_matched_order(
    uow: UnitOfWork, attempt: Attempt, reported: ReportedPayment, verdict: VerificationResult
) -> bool:
    """Tell whether the lost newer database may have accepted a payment that does not fit here.

    For an attempt that was restored, or that an older copy of the database contained, the state of
    the order at payment time is unknown. A difference from the order in this database alone must
    not trigger a refund, unless the newer database had begun to return the payment. A payment of
    which the newer database refunded items was accepted, and is never returned automatically.
    """
    if verdict.action is not VerificationAction.REFUND or any(
        map(is_of_whole, reported.cancellations)
    ):
        return False
    is_old = attempt.reason == RESTORED or attempt.id <= uow.checkpoints.last_old_attempt()
    if is_old and verdict.problem in _AS_THE_ORDER_WAS:
        return True
    return any(map(is_of_item, reported.cancellations))


def without_own_refunds(reported: ReportedPayment) -> ReportedPayment:
    """Return a payment as it was before its cancels, if item refunds of ours are among them. A
    newer database accepted such a payment, so it is verified in that state."""
    if not any(map(is_of_item, reported.cancellations)):
        return reported
    return reported.before_cancellations()


def _note(
    uow: UnitOfWork,
    attempt: Attempt,
    reported: ReportedPayment,
    verdict: VerificationResult,
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


def is_at_the_open_sale(attempt: Attempt, order: Order, now: datetime) -> bool:
    """Return whether the buyer of the counter's order is there when its payment is found: the QR is
    on the screen. A payment that is found later, or by comparing, may be one of a buyer who left.
    """
    return (
        order.is_counter
        and attempt.state is AttemptState.WAITING
        and attempt.expires_at is not None
        and now <= attempt.expires_at
    )


def record_accepted(
    uow: UnitOfWork,
    attempt: Attempt,
    order: Order,
    reported: ReportedPayment,
    now: datetime,
    *,
    hand_over: bool = False,
) -> Payment:
    """Record captured money that pays its order, or the rest beside cash: payment, items, ledger
    and attempt.

    Args:
        hand_over: the items are delivered with it.
    """
    payment = _payment(attempt, reported, PaymentDisposition.ACCEPTED, now)
    uow.payments.add(payment)
    uow.ledger.append(
        _captured(LedgerEvent.PAYMENT_CAPTURED, attempt, reported, Actor.buyer(order.buyer_id), now)
    )
    keep_cash(uow, order.id)
    mark_paid(uow, order, TILL, now, hand_over=hand_over)
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
        tax_free=tax_free_paid(attempt, reported.amount),
        cash_receipt_issued=reported.cash_receipt_issued,
    )


def tax_free_paid(attempt: Attempt, amount: Won) -> Won:
    """Return how much of a captured amount was declared free of tax: as the link says, and of
    another amount than the link's no more than there is."""
    return min(attempt.tax_free, amount)


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
