"""How far a payment is, in the few words that a screen needs (스캔 대기 · 결제 중 · 확인 중 …)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, AttemptState, Payment, PaymentStanding
from posapp.domain.people import User
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.verification import Problem


class Phase(StrEnum):
    """What a person at the counter is told about one attempt."""

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


OVER = frozenset(
    {
        Phase.DONE,
        Phase.EXPIRED,
        Phase.STOPPED,
        Phase.FAILED,
        Phase.RETURNED,
        Phase.RETURN_FAILED,
    }
)
"""Phases in which the QR is gone and the person may leave or try again."""


@dataclass(frozen=True, slots=True)
class PaySummary:
    """What the pay screen shows before anything is asked of PortOne."""

    buyer: User
    order: Order
    live: Attempt | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One attempt, read from the store at one moment.

    Attributes:
        payment: the money that this attempt brought, accepted or rejected.
        refund: the automatic refund of a rejected payment.
        problem: why the payment was rejected.
    """

    attempt: Attempt
    order: Order | None
    phase: Phase
    payment: Payment | None = None
    refund: Refund | None = None
    problem: Problem | None = None


def progress_of(
    attempt: Attempt, order: Order | None, payment: Payment | None, refund: Refund | None
) -> Progress:
    """Say how far an attempt is, from its records alone."""
    problem = Problem(payment.problem) if payment is not None and payment.problem else None
    return Progress(attempt, order, _phase(attempt, payment, refund), payment, refund, problem)


def _phase(attempt: Attempt, payment: Payment | None, refund: Refund | None) -> Phase:
    if payment is not None and payment.standing is PaymentStanding.REJECTED:
        return _phase_of_return(refund)
    if payment is not None:
        return Phase.DONE
    return _PHASE_OF_STATE.get(attempt.state) or (
        Phase.PAYING if attempt.opened_at is not None else Phase.SCAN
    )


_PHASE_OF_STATE = {
    AttemptState.CREATED: Phase.PREPARING,
    AttemptState.UNKNOWN: Phase.CHECKING,
    AttemptState.PAID: Phase.CHECKING,
    AttemptState.EXPIRED: Phase.EXPIRED,
    AttemptState.ABANDONED: Phase.STOPPED,
    AttemptState.FAILED: Phase.FAILED,
}


def _phase_of_return(refund: Refund | None) -> Phase:
    if refund is None:
        return Phase.RETURN_FAILED
    if refund.state is RefundState.CONFIRMED:
        return Phase.RETURNED
    if refund.state in (RefundState.REFUSED, RefundState.NEEDS_PERSON):
        return Phase.RETURN_FAILED
    return Phase.RETURNING
