"""Progress of a payment, in the phases that a screen shows (스캔 대기 · 결제 중 · 확인 중 …)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.users import User
from posapp.domain.verification import PaymentProblem


class PaymentPhase(StrEnum):
    """Phase of one attempt, as the counter shows it."""

    PREPARING = "preparing"
    SCAN = "scan"
    PAYING = "paying"
    CHECKING = "checking"
    DONE = "done"
    EXPIRED = "expired"
    STOPPED = "stopped"
    FAILED = "failed"
    RETURNING = "returning"
    RETURNED = "returned"
    RETURN_FAILED = "return_failed"


FINAL_PHASES = frozenset(
    {
        PaymentPhase.DONE,
        PaymentPhase.EXPIRED,
        PaymentPhase.STOPPED,
        PaymentPhase.FAILED,
        PaymentPhase.RETURNED,
        PaymentPhase.RETURN_FAILED,
    }
)
"""Phases without a QR, in which the user may leave or try again."""


@dataclass(frozen=True, slots=True)
class PaymentSummary:
    """What the payment screen shows before the first call to PortOne.

    Attributes:
        cash: won that were received in cash already.
    """

    buyer: User
    order: Order
    live: Attempt | None
    cash: Won = ZERO

    @property
    def due(self) -> Won:
        """What is left to pay, in won."""
        return self.order.total - self.cash


@dataclass(frozen=True, slots=True)
class PaymentProgress:
    """One attempt, read from the store at one moment.

    Attributes:
        payment: the captured money of this attempt, accepted or rejected.
        refund: the automatic refund of a rejected payment.
        problem: why the payment was rejected.
    """

    attempt: Attempt
    order: Order | None
    phase: PaymentPhase
    payment: Payment | None = None
    refund: Refund | None = None
    problem: PaymentProblem | None = None


def progress_of(
    attempt: Attempt, order: Order | None, payment: Payment | None, refund: Refund | None
) -> PaymentProgress:
    """Derive the progress of an attempt from its records alone."""
    problem = PaymentProblem(payment.problem) if payment is not None and payment.problem else None
    return PaymentProgress(
        attempt, order, _phase(attempt, payment, refund), payment, refund, problem
    )


def _phase(attempt: Attempt, payment: Payment | None, refund: Refund | None) -> PaymentPhase:
    if payment is not None and payment.disposition is PaymentDisposition.REJECTED:
        return _phase_of_return(refund)
    if payment is not None:
        return PaymentPhase.DONE
    return _PHASE_OF_STATE.get(attempt.state) or (
        PaymentPhase.PAYING if attempt.first_seen_at is not None else PaymentPhase.SCAN
    )


_PHASE_OF_STATE = {
    AttemptState.CREATED: PaymentPhase.PREPARING,
    AttemptState.UNKNOWN: PaymentPhase.CHECKING,
    AttemptState.PAID: PaymentPhase.CHECKING,
    AttemptState.EXPIRED: PaymentPhase.EXPIRED,
    AttemptState.ABANDONED: PaymentPhase.STOPPED,
    AttemptState.FAILED: PaymentPhase.FAILED,
}


def _phase_of_return(refund: Refund | None) -> PaymentPhase:
    if refund is None:
        return PaymentPhase.RETURN_FAILED
    if refund.state is RefundState.CONFIRMED:
        return PaymentPhase.RETURNED
    if refund.state in (RefundState.REFUSED, RefundState.NEEDS_REVIEW):
        return PaymentPhase.RETURN_FAILED
    return PaymentPhase.RETURNING
