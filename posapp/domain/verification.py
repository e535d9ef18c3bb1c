"""The checks of docs/specification.md 2.4: what PortOne reports, against what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, Payment, ReportedPayment, ReportedStatus


class Problem(StrEnum):
    """Why a payment is not accepted; each has a message of its own."""

    ORDER_GONE = "order404"
    AMOUNT_DIFFERS = "verify_amount"
    ORDER_CHANGED = "verify_order_total"
    NOT_PAID = "verify_not_paid"
    STATUS_UNKNOWN = "verify_status_unknown"
    UNCLEAR = "verify_unclear"
    CANCELLED_ELSEWHERE = "verify_cancelled"
    WRONG_CURRENCY = "verify_currency"
    ANOTHER_NUMBER = "verify_merchant_uid"
    NOT_KAKAOPAY = "verify_provider"
    PROVIDER_UNKNOWN = "verify_provider_unknown"
    TEST_PAYMENT = "verify_test_in_live"
    LIVE_PAYMENT = "verify_live_in_test"
    USED_BEFORE = "verify_used"
    ORDER_PAID = "verify_order_paid"


class Remedy(StrEnum):
    """What follows from a check: accept, wait, send the money back, or ask a person."""

    ACCEPT = "accept"
    NOTHING = "nothing"
    RETURN = "return"
    ASK_PERSON = "ask_person"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of all checks on one reported payment."""

    remedy: Remedy
    problem: Problem | None = None


_FOREIGN = frozenset({Problem.ANOTHER_NUMBER, Problem.USED_BEFORE})
"""Money that belongs to another number is not ours to send back: a person looks at it."""

UNDECIDED = frozenset({Problem.STATUS_UNKNOWN, Problem.UNCLEAR, Problem.PROVIDER_UNKNOWN})
"""What PortOne says does not tell whether the money is ours: a person looks at it, and so does the
till, again."""

TAMPERED = "결제금액 위/변조. 결제금액이 일치하지 않습니다."

RETURN_REASONS = {
    Problem.ORDER_GONE: "존재하지 않는 주문의 결제입니다.",
    Problem.AMOUNT_DIFFERS: TAMPERED,
    Problem.ORDER_CHANGED: TAMPERED,
    Problem.CANCELLED_ELSEWHERE: "일부 취소된 결제입니다.",
    Problem.WRONG_CURRENCY: "원화 결제가 아닙니다.",
    Problem.NOT_KAKAOPAY: "카카오페이 결제가 아닙니다.",
    Problem.TEST_PAYMENT: "테스트 결제입니다.",
    Problem.LIVE_PAYMENT: "테스트 매장의 실제 결제입니다.",
    Problem.ORDER_PAID: "이미 결제된 주문의 중복 결제입니다.",
}
"""What PortOne and the buyer's KakaoPay are told when the money goes back
(docs/specification.md 2.4)."""


def verify(
    reported: ReportedPayment,
    attempt: Attempt,
    order: Order | None,
    *,
    recorded: Payment | None,
    live: bool,
) -> Verdict:
    """Compare a freshly read payment with its attempt and its order as it is now.

    Args:
        recorded: our own record of that ``imp_uid``, if there is one.
        live: the till takes real money; a test payment is then refused, and the other way round.

    Returns:
        ``ACCEPT`` when everything holds; ``NOTHING`` when no money moved (or all went back
        already); ``RETURN`` when money moved and a check failed; ``ASK_PERSON`` when the money
        cannot be said to be this attempt's.
    """
    problem = _first_problem(reported, attempt, order, recorded=recorded, live=live)
    if problem is None:
        return Verdict(Remedy.ACCEPT)
    if problem is Problem.NOT_PAID:
        return Verdict(Remedy.NOTHING, problem)
    if problem in _FOREIGN or problem in UNDECIDED:
        return Verdict(Remedy.ASK_PERSON, problem)
    if reported.balance <= 0:
        return Verdict(Remedy.NOTHING, problem)
    return Verdict(Remedy.RETURN, problem)


def _first_problem(  # noqa: C901 - one guard after another, in the specification's order
    reported: ReportedPayment,
    attempt: Attempt,
    order: Order | None,
    *,
    recorded: Payment | None,
    live: bool,
) -> Problem | None:
    if reported.status is ReportedStatus.UNKNOWN:
        return Problem.STATUS_UNKNOWN
    if reported.is_unclear:
        return Problem.UNCLEAR
    if not reported.money_moved:
        return Problem.NOT_PAID
    if reported.merchant_uid != attempt.merchant_uid:
        return Problem.ANOTHER_NUMBER
    if recorded is not None:
        return Problem.USED_BEFORE
    if order is None:
        return Problem.ORDER_GONE
    if reported.amount != attempt.amount:
        return Problem.AMOUNT_DIFFERS
    if order.is_paid:
        return Problem.ORDER_PAID
    if attempt.amount != order.total:
        return Problem.ORDER_CHANGED
    if reported.cancelled != 0 or reported.status is ReportedStatus.CANCELLED:
        return Problem.CANCELLED_ELSEWHERE
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
