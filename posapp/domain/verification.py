"""Checks of docs/specification.md 2.4: the reported payment against its attempt and order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, Payment, ReportedPayment, ReportedStatus
from posapp.domain.vat import may_be_tax_free


class PaymentProblem(StrEnum):
    """Reason why a payment is not accepted; each has a message of its own."""

    ORDER_GONE = "order404"
    AMOUNT_DIFFERS = "verify_amount"
    ORDER_CHANGED = "verify_order_total"
    TAX_FREE_DIFFERS = "verify_tax_free"
    NOT_PAID = "verify_not_paid"
    STATUS_UNKNOWN = "verify_status_unknown"
    UNCLEAR = "verify_unclear"
    CANCELLED_EXTERNALLY = "verify_cancelled"
    WRONG_CURRENCY = "verify_currency"
    ANOTHER_NUMBER = "verify_merchant_uid"
    NOT_KAKAOPAY = "verify_provider"
    PROVIDER_UNKNOWN = "verify_provider_unknown"
    TEST_PAYMENT = "verify_test_in_live"
    LIVE_PAYMENT = "verify_live_in_test"
    USED_BEFORE = "verify_used"
    ORDER_PAID = "verify_order_paid"


class VerificationAction(StrEnum):
    """Action after a check: accept, do nothing, refund, or ask a person."""

    ACCEPT = "accept"
    NOTHING = "nothing"
    REFUND = "return"
    REVIEW = "ask_person"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """Result of all checks on one reported payment."""

    action: VerificationAction
    problem: PaymentProblem | None = None


_FOREIGN = frozenset({PaymentProblem.ANOTHER_NUMBER, PaymentProblem.USED_BEFORE})
"""The money belongs to another number: the till must not refund it, and a person reviews it."""

UNDECIDED = frozenset(
    {PaymentProblem.STATUS_UNKNOWN, PaymentProblem.UNCLEAR, PaymentProblem.PROVIDER_UNKNOWN}
)
"""PortOne's report does not show whether the money is ours: a person reviews it, and the till
checks it again."""

TAMPERED = "결제금액 위/변조. 결제금액이 일치하지 않습니다."

AUTO_REFUND_REASONS = {
    PaymentProblem.ORDER_GONE: "존재하지 않는 주문의 결제입니다.",
    PaymentProblem.AMOUNT_DIFFERS: TAMPERED,
    PaymentProblem.ORDER_CHANGED: TAMPERED,
    PaymentProblem.TAX_FREE_DIFFERS: "면세 금액이 일치하지 않습니다.",
    PaymentProblem.CANCELLED_EXTERNALLY: "일부 취소된 결제입니다.",
    PaymentProblem.WRONG_CURRENCY: "원화 결제가 아닙니다.",
    PaymentProblem.NOT_KAKAOPAY: "카카오페이 결제가 아닙니다.",
    PaymentProblem.TEST_PAYMENT: "테스트 결제입니다.",
    PaymentProblem.LIVE_PAYMENT: "테스트 매장의 실제 결제입니다.",
    PaymentProblem.ORDER_PAID: "이미 결제된 주문의 중복 결제입니다.",
}
"""Refund reason for PortOne and the buyer's KakaoPay (docs/specification.md 2.4)."""


def verify(
    reported: ReportedPayment,
    attempt: Attempt,
    order: Order | None,
    *,
    recorded: Payment | None,
    live: bool,
    cash: Won = ZERO,
) -> VerificationResult:
    """Compare a freshly read payment with its attempt and its order as it is now.

    Args:
        recorded: our own record of that ``imp_uid``, if there is one.
        live: the till takes real money and rejects test payments; otherwise it rejects real ones.
        cash: won that were received for the order and not returned; the payment has to be the rest.

    Returns:
        ``ACCEPT`` when every check passes; ``NOTHING`` when no money moved (or all of it was
            refunded already); ``REFUND`` when money moved and a check failed; ``REVIEW`` when the
            money cannot be attributed to this attempt.
    """
    problem = _first_problem(reported, attempt, order, recorded=recorded, live=live, cash=cash)
    if problem is None:
        return VerificationResult(VerificationAction.ACCEPT)
    if problem is PaymentProblem.NOT_PAID:
        return VerificationResult(VerificationAction.NOTHING, problem)
    if problem in _FOREIGN or problem in UNDECIDED:
        return VerificationResult(VerificationAction.REVIEW, problem)
    if reported.refundable_balance <= 0:
        return VerificationResult(VerificationAction.NOTHING, problem)
    return VerificationResult(VerificationAction.REFUND, problem)


def _first_problem(  # noqa: C901 - one guard after another, in the specification's order
    reported: ReportedPayment,
    attempt: Attempt,
    order: Order | None,
    *,
    recorded: Payment | None,
    live: bool,
    cash: Won,
) -> PaymentProblem | None:
    if reported.status is ReportedStatus.UNKNOWN:
        return PaymentProblem.STATUS_UNKNOWN
    if reported.is_unclear:
        return PaymentProblem.UNCLEAR
    if not reported.was_captured:
        return PaymentProblem.NOT_PAID
    if reported.merchant_uid != attempt.merchant_uid:
        return PaymentProblem.ANOTHER_NUMBER
    if recorded is not None:
        return PaymentProblem.USED_BEFORE
    if order is None:
        return PaymentProblem.ORDER_GONE
    if reported.amount != attempt.amount:
        return PaymentProblem.AMOUNT_DIFFERS
    if order.is_paid:
        return PaymentProblem.ORDER_PAID
    if attempt.amount != order.total - cash:
        return PaymentProblem.ORDER_CHANGED
    if not may_be_tax_free(attempt.tax_free, order.tax_split, attempt.amount):
        return PaymentProblem.TAX_FREE_DIFFERS
    if reported.cancelled != 0 or reported.status is ReportedStatus.CANCELLED:
        return PaymentProblem.CANCELLED_EXTERNALLY
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
