"""Unresolved money: refunds on their way, refunds with an unknown result, cases for a person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.explanations import Explanation
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.domain.payment_ref import PaymentRef, Provider
from posapp.domain.payments import Payment, ReportedPayment, ReportedStatus
from posapp.domain.permissions import Permission
from posapp.domain.refund_evidence import (
    RefundCheck,
    check_refund,
    is_our_payment,
    may_have_taken_its_pieces,
    names_item,
    unattributed_cancellations,
)
from posapp.domain.refunds import Refund, RefundState, RefundTrigger, find_own_cancellation
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.external_cancellations import record_external_cancellations
from posapp.services.bookkeeping.payment_gap import unnamed_gap
from posapp.services.bookkeeping.payment_records import (
    gather_records,
    is_in_doubt,
    payment_ref_of,
)
from posapp.services.bookkeeping.review_records import disowned_entry, requeued_entry
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.refunds.complete_refund import RefundCompletion
from posapp.services.refunds.refund_protocol import IN_DOUBT
from posapp.services.runtime.gateways import Gateways

log = logging.getLogger(__name__)

UNRESOLVED_STATES = (
    RefundState.NEEDS_REVIEW,
    RefundState.UNKNOWN,
    RefundState.SENDING,
    RefundState.APPROVED,
)


@dataclass(frozen=True, slots=True)
class UnresolvedRefund:
    """A refund that has not ended, with its evidence: what was sent, when, and PortOne's answer.

    Attributes:
        staff_names: names of the staff, by number.
    """

    refund: Refund
    payment: Payment | None
    item: OrderItem | None
    staff_names: Mapping[int, str] = field(default_factory=dict)


class AssignmentResult(StrEnum):
    """Result of a person's decision about a cancellation.

    ``CONFIRMED``: it was the refund. ``SENDS_AGAIN``: it was not; the next round may send.
    ``REFUSED``: it was not, and what is left of the payment is less than the refund.
    ``TAGGED``: it was not, and its own tag is for the same money. Nothing more is sent for that
    money, so the refund ended.
    ``READS_AGAIN``: the history needs no decision any more; the next round determines the result.
    """

    CONFIRMED = "confirmed"
    SENDS_AGAIN = "sends_again"
    REFUSED = "refused"
    TAGGED = "tagged"
    READS_AGAIN = "reads_again"


class UnresolvedMoneyService:
    """Lists unresolved money, and lets a person retry a refund or decide what no rule can."""

    def __init__(
        self,
        store: Store,
        gateways: Gateways,
        clock: Clock,
        completion: RefundCompletion,
        wake: Callable[[], None],
        access: AccessControl,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._completion = completion
        self._wake = wake
        self._access = access

    def refunds(self, limit: int = 200) -> tuple[UnresolvedRefund, ...]:
        """Return the refunds that have not ended, oldest first. PortOne's refusal does not end the
        refund of a rejected payment: it is listed until the money is back."""
        with self._store.snapshot() as uow:
            found = uow.refunds.in_states(UNRESOLVED_STATES, limit)
            names = uow.staff.names()
            return tuple(
                UnresolvedRefund(
                    one,
                    uow.payments.get(one.imp_uid),
                    uow.orders.item(one.item_id) if one.item_id is not None else None,
                    names,
                )
                for one in found
            )

    def mismatches(self, limit: int = 200) -> tuple[Mismatch, ...]:
        """Return the open mismatches, which no rule could decide, oldest first."""
        with self._store.snapshot() as uow:
            return uow.mismatches.open(limit)

    def read_payment(self, actor: Actor, imp_uid: str, merchant_uid: str) -> ReportedPayment | None:
        """Read a payment at its provider, for a person. Changes nothing, and sends nothing.

        Args:
            merchant_uid: our number, of a payment that is not recorded.

        Returns:
            ``None`` if the provider does not know it.

        Raises:
            UserError: ``NOT_PERMITTED``.
            GatewayError: it could not be read.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            payment = uow.payments.get(imp_uid)
        ref = payment.ref if payment else PaymentRef(Provider.PORTONE_V1, merchant_uid, imp_uid)
        return self._gateways.for_(ref).get_payment(ref)

    def retry(self, actor: Actor, refund_id: int) -> None:
        """Make a refund due now. The payment is read before anything is sent. If the refund needed
        a person, the ledger names the actor.

        Raises:
            UserError: ``NOT_PERMITTED``; ``REFUND_UNKNOWN``; it needs a person, and is above a
                limit of the actor (``AccessControl.require_refund``).
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            require_resend(self._access, uow, actor, refund_id)
            requeue(uow, actor, refund_id, self._clock.now())
            uow.commit()
        log.info("refund %s made due by %s", refund_id, actor)
        self._wake()

    def assign_cancellation(self, actor: Actor, refund_id: int, ours: bool) -> AssignmentResult:
        """Apply a person's decision whether the cancellations that may be this refund are it.

        The payment is read first; the decision applies to that history. The ledger names the actor.

        Args:
            ours: the (oldest) one is this refund: the refund is confirmed with it, as any other.
                Otherwise they are recorded as what they are, and the refund is queued again; it
                ends if one of them names its item, because an item is refunded once.

        Raises:
            UserError: ``NOT_PERMITTED``; ``REFUND_UNKNOWN``; ``REFUND_NOT_WAITING``: it does not
                wait for a decision;
                ``REFUND_AMOUNT_DIFFERS``: none of them has the refund's amount; not ours, and
                above a limit of the actor (``AccessControl.require_refund``).
            GatewayError: the payment could not be read; nothing was changed.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            ref = payment_ref_of(uow, _waiting(uow, refund_id).imp_uid)
        reported = self._gateways.for_(ref).get_payment(ref)
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            if not ours:
                require_resend(self._access, uow, actor, refund_id)
            decided = self._decide(uow, actor, _waiting(uow, refund_id), reported, ours=ours)
            uow.commit()
        log.info("refund %s: %s said ours=%s, %s", refund_id, actor, ours, decided.value)
        self._wake()
        return decided

    def explained(self, since: datetime, until: datetime, limit: int = 200) -> tuple[Mismatch, ...]:
        """Return the mismatches explained in this time, for a closing report. They remain
        differences between PortOne and the ledger."""
        with self._store.snapshot() as uow:
            return uow.mismatches.explained(since, until, limit)

    def close_mismatch(self, actor: Actor, mismatch_id: int, note: str, amount: int) -> None:
        """Record a person's explanation of a mismatch: it leaves the list and enters the ledger.

        No money moves. Refunds of the payment that the mismatch held up continue. A further
        difference of the payment becomes a new mismatch.

        Args:
            actor: the explaining person.
            amount: won, the whole amount in the list (``Mismatch.amount``).

        Raises:
            UserError: ``NOT_PERMITTED``; ``EXPLANATION_REQUIRED``: the actor says nothing of who
                it is, or the note is missing; ``MISMATCH_UNKNOWN``; ``EXPLAINED_AMOUNT_DIFFERS``:
                the amount in the list changed.
            InvalidAmount: the amount is no whole number of won, or below 0.
        """
        explanation = Explanation(actor, note, Won(amount))
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            mismatch = uow.mismatches.get(mismatch_id)
            if mismatch is None:
                raise UserError(ErrorCode.MISMATCH_UNKNOWN)
            if mismatch.resolved_at is not None:
                return
            if explanation.amount != mismatch.amount:
                raise UserError(ErrorCode.EXPLAINED_AMOUNT_DIFFERS, amount=int(mismatch.amount))
            uow.mismatches.explain(mismatch_id, explanation, now)
            uow.ledger.append(_explained_fact(uow, mismatch, explanation, now))
            _requeue_held_up(uow, actor, mismatch.imp_uid, now)
            uow.commit()
        log.info("mismatch %s explained by %s: %s", mismatch_id, explanation.by, explanation.note)
        self._wake()

    def _decide(
        self,
        uow: UnitOfWork,
        actor: Actor,
        refund: Refund,
        reported: ReportedPayment | None,
        *,
        ours: bool,
    ) -> AssignmentResult:
        records = gather_records(uow, refund, reported) if reported else None
        lines = (
            unattributed_cancellations(refund, reported, records) if reported and records else ()
        )
        if (
            not lines
            or reported is None
            or records is None
            or not is_our_payment(records.payment, reported)
            or reported.status is ReportedStatus.UNKNOWN
            or reported.requested_cancellations
            or find_own_cancellation(refund, reported) is not None
        ):
            uow.ledger.append(requeued_entry(actor, refund, _why(uow, refund), self._clock.now()))
            self._queue_again(uow, refund)
            return AssignmentResult.READS_AGAIN
        if ours:
            lines = tuple(line for line in lines if line.amount == refund.amount)
            if not lines:  # the ledger would record more, or less, than went back
                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
            self._completion.record_confirmed(
                uow, refund, lines[0].cancellation_id, reported, actor=actor
            )
            _close(uow, refund.id)
            self._close_difference(uow, actor, refund, reported)
            return AssignmentResult.CONFIRMED
        uow.ledger.append(disowned_entry(actor, refund, lines, self._clock.now()))
        others = replace(records, ruled_out=frozenset(line.cancellation_id for line in lines))
        if check_refund(refund, reported, others) is RefundCheck.IMPOSSIBLE:
            self._completion.record_rejected_refund(uow, refund, reported)
            _close(uow, refund.id)
            return AssignmentResult.REFUSED
        if refund.item_id is not None and any(
            names_item(refund, one, records)
            or may_have_taken_its_pieces(refund, one, reported, records)
            for one in lines
        ):
            self._completion.record_rejected_refund(uow, refund, reported)
            _close(uow, refund.id)
            return AssignmentResult.TAGGED
        record_external_cancellations(uow, records.payment, reported, self._clock.now())
        now = uow.refunds.get(refund.id)
        if now is None or not now.is_open:
            # One of those lines returned this money, under a tag that our records had lost.
            return AssignmentResult.TAGGED
        last = max(one.id for one in uow.refunds.of_payment(refund.imp_uid))
        self._queue_again(uow, replace(refund, reviewed_to=last))
        return AssignmentResult.SENDS_AGAIN

    def _close_difference(
        self, uow: UnitOfWork, actor: Actor, refund: Refund, reported: ReportedPayment
    ) -> None:
        """Close the mismatches about a cancel that is this refund, if no gap is left. The person's
        decision is their explanation. A gap that is left stays open: it needs an explanation with
        a person, a reason and an amount of its own."""
        payment = uow.payments.get(refund.imp_uid)
        if payment is None or unnamed_gap(uow, payment, reported.refundable_balance).amount != ZERO:
            return
        now = self._clock.now()
        for one in uow.mismatches.of_payment(refund.imp_uid):
            if one.kind is not MismatchKind.CANCELS_DIFFER or one.resolved_at is not None:
                continue
            ended = replace(one, amount=ZERO, goods_gap=ZERO, ledger_gap=ZERO)
            uow.mismatches.note(ended)
            explanation = Explanation(actor, refund.tag, ZERO)
            uow.mismatches.explain(one.id, explanation, now)
            uow.ledger.append(_explained_fact(uow, ended, explanation, now))

    def _queue_again(self, uow: UnitOfWork, refund: Refund) -> None:
        uow.refunds.save(refund.apply(RefundTrigger.REQUEUED))
        if not uow.outbox.requeue(refund.id, self._clock.now()):
            raise UserError(ErrorCode.REFUND_NOT_WAITING)


def require_resend(access: AccessControl, uow: UnitOfWork, actor: Actor, refund_id: int) -> None:
    """Hold the limits of a refund that needs a person and may be sent again by this decision.

    Raises:
        UserError: it is above a limit of the actor (``AccessControl.require_refund``).
    """
    refund = uow.refunds.get(refund_id)
    if refund is not None and refund.state is RefundState.NEEDS_REVIEW:
        what = f"resend:{refund.id}"
        access.require_refund(uow, actor, what, refund.amount, refund.reason, again=True)


def requeue(uow: UnitOfWork, actor: Actor, refund_id: int, now: datetime) -> None:
    """Make a refund due at ``now``. One that needs a person is given back to automatic processing,
    and the ledger names the actor.

    Raises:
        UserError: ``REFUND_UNKNOWN``.
    """
    refund = uow.refunds.get(refund_id)
    if refund is None:
        raise UserError(ErrorCode.REFUND_UNKNOWN)
    if refund.state is RefundState.NEEDS_REVIEW:
        uow.refunds.save(refund.apply(RefundTrigger.REQUEUED))
        uow.ledger.append(requeued_entry(actor, refund, _why(uow, refund), now))
    uow.outbox.requeue(refund_id, now)


def _why(uow: UnitOfWork, refund: Refund) -> str:
    """Return why a refund needs a person, or empty."""
    entry = uow.outbox.get_pending(refund.id)
    return entry.why if entry is not None else ""


def _requeue_held_up(uow: UnitOfWork, actor: Actor, imp_uid: str, now: datetime) -> None:
    """Requeue refunds that waited for the explanation or went to a person because it was
    missing."""
    if not imp_uid or is_in_doubt(uow, imp_uid):
        return
    for refund in uow.refunds.of_payment(imp_uid):
        entry = uow.outbox.get_pending(refund.id) if refund.is_open else None
        if entry is not None and entry.why == IN_DOUBT:
            requeue(uow, actor, refund.id, now)


def _waiting(uow: UnitOfWork, refund_id: int) -> Refund:
    refund = uow.refunds.get(refund_id)
    if refund is None:
        raise UserError(ErrorCode.REFUND_UNKNOWN)
    if refund.state is not RefundState.NEEDS_REVIEW:
        raise UserError(ErrorCode.REFUND_NOT_WAITING)
    return refund


def _close(uow: UnitOfWork, refund_id: int) -> None:
    """Close the outbox entry of an ended refund. Left abandoned, it would block its payment for
    ever. An entry that is claimed at this moment is being abandoned: the decision is rejected and
    can be repeated."""
    if not uow.outbox.close(refund_id):
        raise UserError(ErrorCode.REFUND_NOT_WAITING)


def _explained_fact(
    uow: UnitOfWork, mismatch: Mismatch, explanation: Explanation, now: datetime
) -> NewEntry:
    """Return the ledger entry of an explanation. Its amount is 0, because no money moves; its
    reason has the explained won before the note."""
    payment = uow.payments.get(mismatch.imp_uid) if mismatch.imp_uid else None
    attempt = uow.attempts.by_merchant_uid(mismatch.merchant_uid)
    order_id = payment.order_id if payment else attempt.order_id if attempt else None
    return NewEntry(
        event=LedgerEvent.MISMATCH_EXPLAINED,
        amount=ZERO,
        actor=explanation.by,
        at=now,
        order_id=order_id,
        imp_uid=mismatch.imp_uid,
        reference=f"mismatch:{mismatch.id}",
        reason=f"{mismatch.kind} {explanation.amount}: {explanation.note}",
    )
