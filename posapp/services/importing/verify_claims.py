"""Verification of payments that files claim: PortOne is queried for each before it counts.

A file proves nothing. Its payments wait: they are in no ledger, and their orders cannot be handed
over, refunded or paid again. A payment that PortOne shows exactly is then recorded. Otherwise a
mismatch names the file and its line, and the order stays unpaid.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from posapp.domain.actors import IMPORT
from posapp.domain.claims import ClaimProblem, ClaimState, PaymentClaim, problem_of_claim
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.orders import Order
from posapp.domain.payments import Payment, PaymentDisposition, ReportedPayment
from posapp.domain.refunds import Refund
from posapp.domain.requests import RequestKind, RequestState
from posapp.domain.verification import UNDECIDED, PaymentProblem
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.importing.payment_query_job import (
    AGAIN_MS,
    AT_ONCE,
    IDLE_MS,
    KINDS,
    PaymentQueryJob,
)
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

LATER = timedelta(minutes=1)
LATER_AT_MOST = timedelta(hours=6)
"""Pauses of one claim after an unusable answer: doubled each time, up to the maximum."""


class ClaimVerification(PaymentQueryJob[PaymentClaim]):
    """Job that queries claimed payments and records PortOne's answers."""

    name = "claims"
    _is_importing = False

    def _portion(self) -> Sequence[PaymentClaim]:
        with self._store.snapshot() as uow:
            # What PortOne confirms cannot be taken back any more, so an import ends first.
            self._is_importing = bool(uow.imports.unfinished())
            return () if self._is_importing else uow.claims.due(self._clock.now(), AT_ONCE)

    def _enter(self, one: PaymentClaim, reported: ReportedPayment | None) -> None:
        self.resolve({one.imp_uid: reported})

    def _note_unreadable(self, one: PaymentClaim) -> None:
        now = self._clock.now()
        with self._store.transaction() as uow:
            claim = uow.claims.for_order(one.order_id)
            if claim is not None and claim.state is ClaimState.WAITING:
                uow.claims.save(_later(claim, now))
                uow.commit()

    def _pause_after(self, count: int) -> int:
        if self._is_importing:
            return AGAIN_MS
        with self._store.snapshot() as uow:
            due_at = uow.claims.next_due()
        pause = IDLE_MS
        if due_at is not None:
            pause = (due_at - self._clock.now()) // timedelta(milliseconds=1)
        return min(max(1, pause), IDLE_MS)

    def waiting(self) -> tuple[PaymentClaim, ...]:
        """Return the claims without an answer of PortOne."""
        with self._store.snapshot() as uow:
            return uow.claims.waiting()

    def resolve(self, readings: Mapping[str, ReportedPayment | None]) -> None:
        """Record or deny the claims of these fresh readings, all in one transaction.

        Args:
            readings: by imp_uid; ``None`` if PortOne does not know the payment.
        """
        now = self._clock.now()
        facts: list[NewEntry] = []
        with self._store.transaction() as uow:
            for claim in uow.claims.waiting_of(readings):
                reported = readings[claim.imp_uid]
                problem = self._problem(uow, claim, reported)
                if problem is not None or reported is None:
                    _deny(uow, claim, reported, problem or ClaimProblem.NOT_AT_PORTONE, now)
                else:
                    facts += _enter_claim(uow, claim, reported)
            for fact in sorted(facts, key=lambda each: each.at):
                uow.ledger.append(fact)
            uow.commit()

    def _problem(
        self, uow: UnitOfWork, claim: PaymentClaim, reported: ReportedPayment | None
    ) -> PaymentProblem | ClaimProblem | None:
        if reported is None:
            return ClaimProblem.NOT_AT_PORTONE
        problem = problem_of_claim(claim, reported, live=self._live)
        if problem is not None:
            return problem
        if uow.payments.get(claim.imp_uid) is not None:
            return PaymentProblem.USED_BEFORE
        return _problem_of_order(uow, claim, uow.orders.get(claim.order_id))


def _problem_of_order(
    uow: UnitOfWork, claim: PaymentClaim, order: Order | None
) -> PaymentProblem | None:
    """Return a problem unless the order is still as imported."""
    if order is None:
        return PaymentProblem.ORDER_GONE
    if order.is_paid or uow.payments.accepted_of_order(order.id) is not None:
        return PaymentProblem.ORDER_PAID
    before = {item.id: item.status for item in claim.items_before()}
    untouched = before == {item.id: item.status for item in order.items}
    return None if untouched else PaymentProblem.ORDER_CHANGED


def _later(claim: PaymentClaim, now: datetime) -> PaymentClaim:
    pause = min(LATER * 2 ** min(claim.checks, 10), LATER_AT_MOST)
    return replace(claim, checks=claim.checks + 1, due_at=now + pause)


def _deny(
    uow: UnitOfWork,
    claim: PaymentClaim,
    reported: ReportedPayment | None,
    problem: PaymentProblem | ClaimProblem,
    now: datetime,
) -> None:
    """Note the mismatch. An undecided answer is queried again later, any other denies the claim."""
    if problem in UNDECIDED:
        uow.claims.save(_later(claim, now))
    else:
        denied = replace(claim, state=ClaimState.DENIED, due_at=None, problem=problem.value)
        uow.claims.save(denied)
    log.warning("the payment of %s (order %s): %s", claim.source, claim.order_id, problem)
    there = (
        f"{reported.merchant_uid} {reported.amount} -{reported.cancelled} {reported.status}"
        if reported is not None
        else "-"
    )
    given = f"order {claim.order_id} {claim.merchant_uid} {claim.amount} -{claim.refunded}"
    note_mismatch(
        uow,
        KINDS.get(problem, MismatchKind.FOREIGN_PAYMENT),
        merchant_uid=claim.merchant_uid,
        imp_uid=claim.imp_uid,
        amount=claim.amount,
        evidence=f"{problem}: {claim.source}: {given}; PortOne {there}",
        found_at=now,
    )


def _enter_claim(uow: UnitOfWork, claim: PaymentClaim, reported: ReportedPayment) -> list[NewEntry]:
    """Save payment, refunds, items and requests of the file; returns the ledger entries."""
    paid_at = reported.paid_at or claim.paid_at
    till = uow.record_ids.till
    uow.claims.save(replace(claim, state=ClaimState.CONFIRMED, due_at=None))
    uow.orders.save_items(claim.items)
    uow.payments.add(
        Payment(
            claim.imp_uid,
            claim.merchant_uid,
            claim.order_id,
            reported.amount,
            paid_at,
            PaymentDisposition.ACCEPTED,
            reported.receipt_url,
            reported.sandbox,
            provider=claim.ref.provider,
            tender=reported.tender,
            till=till,
            cash_receipt_issued=reported.cash_receipt_issued,
        )
    )
    captured = NewEntry(
        LedgerEvent.PAYMENT_CAPTURED,
        reported.amount,
        IMPORT,
        paid_at,
        order_id=claim.order_id,
        imp_uid=claim.imp_uid,
        reference=claim.imp_uid,
        reason=claim.source,
    )
    kept: dict[int | None, int] = {}
    balance = reported.amount
    for refund in claim.refunds:
        stored = uow.refunds.add(replace(refund, expected_balance=balance, till=till))
        kept[refund.item_id] = stored.id
        balance -= refund.amount
    for request in claim.requests:
        approved = (request.kind, request.state) == (RequestKind.REFUND, RequestState.OK)
        refund_id = kept[request.item_id] if approved else None
        uow.requests.add(replace(request, refund_id=refund_id))
    return [captured, *(_refunded(refund) for refund in claim.refunds)]


def _refunded(refund: Refund) -> NewEntry:
    return NewEntry(
        LedgerEvent.REFUND_CONFIRMED,
        -refund.amount,
        IMPORT,
        refund.created_at,
        order_id=refund.order_id,
        item_id=refund.item_id,
        imp_uid=refund.imp_uid,
        reference=refund.cancellation_id,
        reason=refund.reason,
    )
