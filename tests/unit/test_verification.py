"""Every row of the verify table (docs/specification.md 2.4), in the order of the checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import (
    Payment,
    PaymentDisposition,
    ReportedCancellation,
    ReportedStatus,
)
from posapp.domain.vat import TaxKind
from posapp.domain.verification import (
    AUTO_REFUND_REASONS,
    PaymentProblem,
    VerificationAction,
    verify,
)
from tests.fakes.payments import ATTEMPT, GOOD, ITEM, NOW, ORDER

RECORDED = Payment("imp_1", "pos-other", 11, Won(5000), NOW, PaymentDisposition.ACCEPTED)
PAID_ORDER = replace(ORDER, items=(replace(ITEM, status=ItemStatus.COMPLETE_PAYMENT),))
SMALLER = replace(ORDER, items=(replace(ITEM, count=1),))
LARGER = replace(ORDER, items=(replace(ITEM, count=3),))

ROWS = [
    (GOOD, ORDER, None, False, VerificationAction.ACCEPT, None),
    (GOOD, None, None, False, VerificationAction.REFUND, PaymentProblem.ORDER_GONE),
    (
        replace(GOOD, amount=Won(4999)),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.AMOUNT_DIFFERS,
    ),
    (
        replace(GOOD, amount=Won(5001)),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.AMOUNT_DIFFERS,
    ),
    (GOOD, SMALLER, None, False, VerificationAction.REFUND, PaymentProblem.ORDER_CHANGED),
    (GOOD, LARGER, None, False, VerificationAction.REFUND, PaymentProblem.ORDER_CHANGED),
    (GOOD, PAID_ORDER, None, False, VerificationAction.REFUND, PaymentProblem.ORDER_PAID),
    (
        replace(GOOD, cancelled=Won(1000)),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.CANCELLED_EXTERNALLY,
    ),
    (
        replace(GOOD, cancelled=Won(5000), status=ReportedStatus.CANCELLED),
        ORDER,
        None,
        False,
        VerificationAction.NOTHING,
        PaymentProblem.CANCELLED_EXTERNALLY,
    ),
    (
        replace(GOOD, currency="USD"),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.WRONG_CURRENCY,
    ),
    (
        replace(GOOD, merchant_uid="pos-xyz"),
        ORDER,
        None,
        False,
        VerificationAction.REVIEW,
        PaymentProblem.ANOTHER_NUMBER,
    ),
    (
        replace(GOOD, pg_provider="html5_inicis"),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.NOT_KAKAOPAY,
    ),
    (GOOD, ORDER, None, True, VerificationAction.REFUND, PaymentProblem.TEST_PAYMENT),
    (replace(GOOD, sandbox=False), ORDER, None, True, VerificationAction.ACCEPT, None),
    (
        replace(GOOD, sandbox=False),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.LIVE_PAYMENT,
    ),
    (GOOD, ORDER, RECORDED, False, VerificationAction.REVIEW, PaymentProblem.USED_BEFORE),
    (
        replace(GOOD, status=ReportedStatus.READY, paid_at=None),
        ORDER,
        None,
        False,
        VerificationAction.NOTHING,
        PaymentProblem.NOT_PAID,
    ),
    (
        replace(GOOD, status=ReportedStatus.FAILED, paid_at=None),
        ORDER,
        None,
        False,
        VerificationAction.NOTHING,
        PaymentProblem.NOT_PAID,
    ),
    (
        replace(GOOD, status=ReportedStatus.UNKNOWN),
        ORDER,
        None,
        False,
        VerificationAction.REVIEW,
        PaymentProblem.STATUS_UNKNOWN,
    ),
    (
        replace(GOOD, amount=Won(0)),
        ORDER,
        None,
        False,
        VerificationAction.REVIEW,
        PaymentProblem.UNCLEAR,
    ),
    (
        replace(GOOD, status=ReportedStatus.CANCELLED),
        ORDER,
        None,
        False,
        VerificationAction.REVIEW,
        PaymentProblem.UNCLEAR,
    ),
    (
        replace(GOOD, status=ReportedStatus.FAILED, cancelled=Won(1000)),
        ORDER,
        None,
        False,
        VerificationAction.REVIEW,
        PaymentProblem.UNCLEAR,
    ),
    (
        replace(GOOD, pg_provider="", emb_pg_provider=" "),
        ORDER,
        None,
        False,
        VerificationAction.REVIEW,
        PaymentProblem.PROVIDER_UNKNOWN,
    ),
    # No time says anything: it is documented as 0 once the status is not paid.
    (
        replace(GOOD, status=ReportedStatus.CANCELLED, cancelled=Won(5000), paid_at=None),
        ORDER,
        None,
        False,
        VerificationAction.NOTHING,
        PaymentProblem.CANCELLED_EXTERNALLY,
    ),
    (
        replace(GOOD, status=ReportedStatus.CANCELLED, cancelled=Won(1000), paid_at=None),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.CANCELLED_EXTERNALLY,
    ),
    (replace(GOOD, paid_at=None), ORDER, None, False, VerificationAction.ACCEPT, None),
    (
        replace(GOOD, status=ReportedStatus.READY),
        ORDER,
        None,
        False,
        VerificationAction.NOTHING,
        PaymentProblem.NOT_PAID,
    ),
    # Names have no case.
    *(
        (
            replace(GOOD, currency=currency, pg_provider=provider),
            ORDER,
            None,
            False,
            VerificationAction.ACCEPT,
            None,
        )
        for currency, provider in (
            ("krw", "KAKAOPAY"),
            ("Krw", "KakaoPay"),
            (" ＫＲＷ", "ｋａｋａｏｐａｙ "),
        )
    ),
    (
        replace(GOOD, pg_provider="kakao"),
        ORDER,
        None,
        False,
        VerificationAction.REFUND,
        PaymentProblem.NOT_KAKAOPAY,
    ),
]


@pytest.mark.parametrize(("reported", "order", "recorded", "live", "remedy", "problem"), ROWS)
def test_verify_table(reported, order, recorded, live, remedy, problem):
    verdict = verify(reported, ATTEMPT, order, recorded=recorded, live=live)
    assert (verdict.action, verdict.problem) == (remedy, problem)


@pytest.mark.parametrize(
    ("order", "cash", "problem"),
    [
        (LARGER, 2500, None),
        (LARGER, 0, PaymentProblem.ORDER_CHANGED),
        (LARGER, 2499, PaymentProblem.ORDER_CHANGED),
        (LARGER, 2501, PaymentProblem.ORDER_CHANGED),
        (ORDER, 1, PaymentProblem.ORDER_CHANGED),
    ],
)
def test_a_payment_beside_cash_is_the_rest(order, cash, problem):
    verdict = verify(GOOD, ATTEMPT, order, recorded=None, live=False, cash=Won(cash))
    assert verdict.problem is problem


def test_every_problem_has_a_row():
    own_test = {PaymentProblem.TAX_FREE_DIFFERS}
    assert {row[-1] for row in ROWS} | own_test == {*PaymentProblem, None}


@pytest.mark.parametrize("tax_free", [0, 1, 2499, 2500, 2501, 4999, 5000])
def test_what_was_declared_free_of_tax_fits_the_goods(tax_free: int) -> None:
    """As some contract with KakaoPay declares it: nothing, all, or the exempt goods."""
    mixed = (replace(ITEM, count=1, tax=TaxKind.EXEMPT), replace(ITEM, id=101, count=1))
    attempt = replace(ATTEMPT, tax_free=Won(tax_free))
    result = verify(GOOD, attempt, replace(ORDER, items=mixed), recorded=None, live=False)
    if tax_free in (0, 2500, 5000):
        assert result.action is VerificationAction.ACCEPT
    else:
        assert result.action is VerificationAction.REFUND
        assert result.problem is PaymentProblem.TAX_FREE_DIFFERS


LINE = ReportedCancellation(Won(5000), "전액", "A1", NOW)


@pytest.mark.parametrize(
    ("changes", "moved", "unclear"),
    [
        ({}, True, False),
        ({"paid_at": None}, True, False),
        ({"amount": Won(0)}, True, True),
        ({"status": ReportedStatus.CANCELLED, "cancelled": Won(5000)}, True, False),
        ({"status": ReportedStatus.CANCELLED, "history": (LINE,)}, True, False),
        ({"status": ReportedStatus.CANCELLED}, True, True),
        ({"status": ReportedStatus.CANCELLED, "paid_at": None}, True, True),
        ({"status": ReportedStatus.FAILED}, False, False),
        ({"status": ReportedStatus.READY, "paid_at": None}, False, False),
        ({"status": ReportedStatus.READY, "cancelled": Won(1)}, True, True),
        ({"status": ReportedStatus.FAILED, "history": (LINE,)}, True, True),
        ({"status": ReportedStatus.UNKNOWN, "paid_at": None}, True, True),
    ],
)
def test_captured_amount_follows_from_status_and_amounts_not_times(changes, moved, unclear):
    for paid_at in (changes.get("paid_at", NOW), None):
        reported = replace(GOOD, **{**changes, "paid_at": paid_at})
        assert (reported.was_captured, reported.is_unclear) == (moved, unclear)


def test_moved_at_follows_the_reported_times():
    late = NOW + timedelta(minutes=9)
    line = replace(LINE, cancelled_at=late)
    assert replace(GOOD, started_at=late).moved_at == NOW
    unpaid = replace(GOOD, paid_at=None, history=(line, replace(LINE, cancelled_at=None)))
    assert unpaid.moved_at == late
    assert replace(unpaid, started_at=NOW).moved_at == NOW
    assert replace(GOOD, paid_at=None).moved_at is None


def test_kakaopay_may_be_named_by_the_embedded_provider():
    embedded = replace(GOOD, pg_provider="html5_inicis", emb_pg_provider="kakaopay")
    assert (
        verify(embedded, ATTEMPT, ORDER, recorded=None, live=False).action
        is VerificationAction.ACCEPT
    )


def test_the_first_failing_check_answers():
    """Amount wrong *and* order paid *and* not KakaoPay: the amount is reported (order of the
    table)."""
    worst = replace(GOOD, amount=Won(1), pg_provider="x", currency="USD")
    verdict = verify(worst, ATTEMPT, PAID_ORDER, recorded=None, live=True)
    assert verdict.problem is PaymentProblem.AMOUNT_DIFFERS
    gone = verify(worst, ATTEMPT, None, recorded=None, live=True)
    assert gone.problem is PaymentProblem.ORDER_GONE


def test_every_automatic_refund_has_a_reason():
    returned = {row[-1] for row in ROWS if row[-2] is VerificationAction.REFUND}
    assert returned <= set(AUTO_REFUND_REASONS)
    tampered = "결제금액 위/변조. 결제금액이 일치하지 않습니다."
    assert AUTO_REFUND_REASONS[PaymentProblem.AMOUNT_DIFFERS] == tampered
    assert AUTO_REFUND_REASONS[PaymentProblem.ORDER_CHANGED] == tampered
