"""Payment claims: payments that a file reports. They count only after PortOne has shown the same
money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.payment_ref import PaymentRef, Provider
from posapp.domain.payments import ReportedPayment, ReportedStatus
from posapp.domain.refunds import Refund
from posapp.domain.requests import Request
from posapp.domain.verification import PaymentProblem

SYNTHETIC_ID_PREFIX = "~"
"""Start of the id of a cancellation to which PortOne gave no number (``portone.payloads``)."""


class ClaimState(StrEnum):
    """State of a claim."""

    WAITING = "WAITING"
    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"


class ClaimProblem(StrEnum):
    """Reason why a claim is denied, besides the problems of a payment: PortOne's answer does not
    confirm it, or its import was taken back before PortOne was asked."""

    NOT_AT_PORTONE = "claim_not_at_portone"
    CANCELS_DIFFER = "claim_cancels_differ"
    IMPORT_TAKEN_BACK = "claim_import_taken_back"


@dataclass(frozen=True, slots=True)
class PaymentClaim:
    """A payment of an order as a file reports it.

    Attributes:
        amount: won that were captured according to the file.
        paid_at: UTC.
        source: the file and its line, for display.
        items: the order's items as in the file; in the records they wait for payment.
        refunds: the refunds in the file; ``amount`` includes their sum.
        requests: requests of the file; ``refund_id`` is not set yet.
        due_at: when PortOne is read next (UTC); ``None`` once the claim is decided.
        checks: number of readings without a believable answer.
        problem: why it was denied (a ``PaymentProblem`` or ``ClaimProblem``), or empty.
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

    @property
    def ref(self) -> PaymentRef:
        """Reference of the payment: files name payments by PortOne V1's numbers."""
        return PaymentRef(Provider.PORTONE_V1, self.merchant_uid, self.imp_uid)

    def items_before(self) -> tuple[OrderItem, ...]:
        """Return the items as recorded while the claim waits: items that are paid, or paid and
        refunded, in the file wait for payment."""
        return before_payment(self.items, self.refunds)

    @property
    def refunded(self) -> Won:
        """Sum of the file's refunds, in won."""
        return sum((one.amount for one in self.refunds), ZERO)


def before_payment(items: Iterable[OrderItem], refunds: Iterable[Refund]) -> tuple[OrderItem, ...]:
    """Return the items as they were before the payment that a file claims for them."""
    refunded = {refund.item_id for refund in refunds}
    return tuple(
        replace(item, status=ItemStatus.WAITING_FOR_PAYMENT, cancel_reason="")
        if item.is_paid or item.id in refunded
        else item
        for item in items
    )


def guard_no_claim(claim: PaymentClaim | None) -> None:
    """Refuse payment and cancellation while PortOne has not answered for a claimed payment.

    Raises:
        UserError: ``CLAIM_WAITING``.
    """
    if claim is not None and claim.state is ClaimState.WAITING:
        raise UserError(ErrorCode.CLAIM_WAITING)


def problem_of_payment(
    imp_uid: str, merchant_uid: str, amount: Won, reported: ReportedPayment, *, live: bool
) -> PaymentProblem | None:
    """Compare a fresh reading with a payment from a file: number, amount, currency and channel;
    ``None`` when they agree.

    Args:
        live: the till takes real money, and a payment of a test channel does not count; otherwise a
            real one does not.
    """
    if reported.status is ReportedStatus.UNKNOWN:
        return PaymentProblem.STATUS_UNKNOWN
    if reported.is_unclear:
        return PaymentProblem.UNCLEAR
    if reported.imp_uid != imp_uid or reported.merchant_uid != merchant_uid:
        return PaymentProblem.ANOTHER_NUMBER
    if not reported.was_captured:
        return PaymentProblem.NOT_PAID
    if reported.amount != amount:
        return PaymentProblem.AMOUNT_DIFFERS
    if not reported.in_won:
        return PaymentProblem.WRONG_CURRENCY
    if reported.by_kakaopay is None:
        return PaymentProblem.PROVIDER_UNKNOWN
    if not reported.by_kakaopay:
        return PaymentProblem.NOT_KAKAOPAY
    if live and reported.sandbox:
        return PaymentProblem.TEST_PAYMENT
    if not live and not reported.sandbox:
        return PaymentProblem.LIVE_PAYMENT
    return None


def problem_of_claim(
    claim: PaymentClaim, reported: ReportedPayment, *, live: bool
) -> PaymentProblem | ClaimProblem | None:
    """Compare a fresh reading with a claim; ``None`` when PortOne shows exactly that money.

    Compares number, amount, currency, channel, and every cancellation by its id and amount. A
    difference means another payment, or an outdated file.

    Args:
        live: the till takes real money, and a payment of a test channel does not count; otherwise a
            real one does not.
    """
    problem = problem_of_payment(
        claim.imp_uid, claim.merchant_uid, claim.amount, reported, live=live
    )
    if problem is not None:
        return problem
    return None if _has_same_cancels(claim, reported) else ClaimProblem.CANCELS_DIFFER


def _has_same_cancels(claim: PaymentClaim, reported: ReportedPayment) -> bool:
    """Return whether the amounts are the same, and the ids too wherever PortOne gave one."""
    claimed = sorted(int(one.amount) for one in claim.refunds)
    shown = sorted(int(one.amount) for one in reported.cancellations)
    by_number = {one.cancellation_id: one.amount for one in claim.refunds}
    return (
        claimed == shown
        and reported.cancelled == claim.refunded
        and all(
            by_number.get(one.cancellation_id) == one.amount
            for one in reported.cancellations
            if not one.cancellation_id.startswith(SYNTHETIC_ID_PREFIX)
        )
    )
