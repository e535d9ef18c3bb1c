"""Payments that a file claims: they count only once PortOne has shown the same money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.payments import ReportedPayment, ReportedStatus
from posapp.domain.refunds import Refund
from posapp.domain.requests import Request
from posapp.domain.verification import Problem

NAMELESS = "~"
"""How the name of a cancellation begins to which PortOne gave no number (``portone.wire``)."""


class ClaimState(StrEnum):
    """How far a claim is."""

    WAITING = "WAITING"
    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"


class ClaimProblem(StrEnum):
    """Why PortOne's answer does not carry a claim, beyond the problems of a payment."""

    NOT_AT_PORTONE = "claim_not_at_portone"
    CANCELS_DIFFER = "claim_cancels_differ"


@dataclass(frozen=True, slots=True)
class PaymentClaim:
    """A payment of an order as a file tells it.

    Attributes:
        amount: won that the file says were captured.
        paid_at: UTC.
        source: the file and the line that say so, for people.
        items: the order's items as the file has them; in the records they wait for payment.
        refunds: what the file says went back; their sum is in ``amount``.
        requests: requests of the file; ``refund_id`` is not set yet.
        due_at: when PortOne is asked next (UTC); ``None`` once the claim is decided.
        checks: how many times PortOne was asked without a believable answer.
        problem: why it was denied (a ``Problem`` or ``ClaimProblem``), or empty.
    """

    order_id: int
    imp_uid: str
    merchant_uid: str
    amount: Won
    paid_at: datetime
    source: str
    items: tuple[OrderItem, ...]
    refunds: tuple[Refund, ...]
    requests: tuple[Request, ...]
    state: ClaimState = ClaimState.WAITING
    due_at: datetime | None = None
    checks: int = 0
    problem: str = ""

    def items_before(self) -> tuple[OrderItem, ...]:
        """The items as they are in the records while the claim waits: what the file says was paid,
        or paid and refunded, waits for payment."""
        return before_payment(self.items, self.refunds)

    @property
    def refunded(self) -> Won:
        """What the file says went back, in won."""
        return sum((one.amount for one in self.refunds), ZERO)


def before_payment(items: Iterable[OrderItem], refunds: Iterable[Refund]) -> tuple[OrderItem, ...]:
    """Items as they were before the payment that a file claims for them."""
    refunded = {refund.item_id for refund in refunds}
    return tuple(
        replace(item, status=ItemStatus.WAITING_FOR_PAYMENT, cancel_reason="")
        if item.is_paid or item.id in refunded
        else item
        for item in items
    )


def guard_no_claim(claim: PaymentClaim | None) -> None:
    """Nothing is paid or cancelled while PortOne has not answered for a payment that a file claims.

    Raises:
        UserError: ``CLAIM_WAITING``.
    """
    if claim is not None and claim.state is ClaimState.WAITING:
        raise UserError(ErrorCode.CLAIM_WAITING)


def problem_of_payment(
    imp_uid: str, merchant_uid: str, amount: Won, reported: ReportedPayment, *, live: bool
) -> Problem | None:
    """Compare a fresh reading with a payment that a file told of: number, amount, currency and
    channel; ``None`` when PortOne shows just that one.

    Args:
        live: the till takes real money; a payment of a test channel is then none, and the other
            way round.
    """
    if reported.status is ReportedStatus.UNKNOWN:
        return Problem.STATUS_UNKNOWN
    if reported.is_unclear:
        return Problem.UNCLEAR
    if reported.imp_uid != imp_uid or reported.merchant_uid != merchant_uid:
        return Problem.ANOTHER_NUMBER
    if not reported.money_moved:
        return Problem.NOT_PAID
    if reported.amount != amount:
        return Problem.AMOUNT_DIFFERS
    if not reported.in_won:
        return Problem.WRONG_CURRENCY
    if reported.by_kakaopay is None:
        return Problem.PROVIDER_UNKNOWN
    if not reported.by_kakaopay:
        return Problem.NOT_KAKAOPAY
    if live and reported.sandbox:
        return Problem.TEST_PAYMENT
    if not live and not reported.sandbox:
        return Problem.LIVE_PAYMENT
    return None


def problem_of_claim(
    claim: PaymentClaim, reported: ReportedPayment, *, live: bool
) -> Problem | ClaimProblem | None:
    """Compare a fresh reading with a claim; ``None`` when PortOne shows just that money.

    Number, amount, currency, channel, and every cancellation by its own number and amount: what
    differs anywhere is another payment, or a file that is not of today.

    Args:
        live: the till takes real money; a payment of a test channel is then none, and the other
            way round.
    """
    problem = problem_of_payment(
        claim.imp_uid, claim.merchant_uid, claim.amount, reported, live=live
    )
    if problem is not None:
        return problem
    return None if _has_same_cancels(claim, reported) else ClaimProblem.CANCELS_DIFFER


def _has_same_cancels(claim: PaymentClaim, reported: ReportedPayment) -> bool:
    """The same amounts, and PortOne's own number wherever it gave one."""
    claimed = sorted(int(one.amount) for one in claim.refunds)
    shown = sorted(int(one.amount) for one in reported.cancellations)
    by_number = {one.cancellation_id: one.amount for one in claim.refunds}
    return (
        claimed == shown
        and reported.cancelled == claim.refunded
        and all(
            by_number.get(one.cancellation_id) == one.amount
            for one in reported.cancellations
            if not one.cancellation_id.startswith(NAMELESS)
        )
    )
