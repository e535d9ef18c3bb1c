"""Conditions that PortOne's payment must meet for a claim of a file, one at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from posapp.domain.actors import IMPORT
from posapp.domain.claims import ClaimProblem, PaymentClaim, problem_of_claim
from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation, ReportedPayment, ReportedStatus
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.verification import PaymentProblem

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUND = Refund(
    0,
    "imp_1",
    10,
    100,
    RefundOrigin.ITEM,
    Won(2000),
    "파손",
    "[RF-1]",
    IMPORT,
    IMPORT,
    NOW,
    RefundState.CONFIRMED,
    cancellation_id="c1",
)
CLAIM = PaymentClaim(10, "imp_1", "web-1", Won(5000), NOW, "shop.json:3", (), (REFUND,), ())
LINE = ReportedCancellation(Won(2000), "파손", "c1")
GOOD = ReportedPayment(
    "imp_1",
    "web-1",
    ReportedStatus.PAID,
    Won(5000),
    cancelled=Won(2000),
    sandbox=True,
    pg_provider="kakaopay",
    paid_at=NOW,
    history=(LINE,),
)
UNTOUCHED = replace(GOOD, cancelled=Won(0), history=())
WHOLE = replace(CLAIM, refunds=())

ROWS = [
    (CLAIM, GOOD, None),
    (WHOLE, UNTOUCHED, None),
    (CLAIM, replace(GOOD, history=(replace(LINE, cancellation_id="~0-2000-1"),)), None),
    (CLAIM, replace(GOOD, status=ReportedStatus.UNKNOWN), PaymentProblem.STATUS_UNKNOWN),
    (WHOLE, replace(UNTOUCHED, status=ReportedStatus.CANCELLED), PaymentProblem.UNCLEAR),
    (CLAIM, replace(GOOD, imp_uid="imp_2"), PaymentProblem.ANOTHER_NUMBER),
    (CLAIM, replace(GOOD, merchant_uid="web-2"), PaymentProblem.ANOTHER_NUMBER),
    (WHOLE, replace(UNTOUCHED, status=ReportedStatus.READY), PaymentProblem.NOT_PAID),
    (WHOLE, replace(UNTOUCHED, status=ReportedStatus.FAILED), PaymentProblem.NOT_PAID),
    (CLAIM, replace(GOOD, amount=Won(5001)), PaymentProblem.AMOUNT_DIFFERS),
    (CLAIM, replace(GOOD, amount=Won(4999)), PaymentProblem.AMOUNT_DIFFERS),
    (CLAIM, replace(GOOD, currency="USD"), PaymentProblem.WRONG_CURRENCY),
    (CLAIM, replace(GOOD, pg_provider=""), PaymentProblem.PROVIDER_UNKNOWN),
    (CLAIM, replace(GOOD, pg_provider="html5_inicis"), PaymentProblem.NOT_KAKAOPAY),
    (CLAIM, replace(GOOD, sandbox=False), PaymentProblem.LIVE_PAYMENT),
    (WHOLE, GOOD, ClaimProblem.CANCELS_DIFFER),
    (CLAIM, UNTOUCHED, ClaimProblem.CANCELS_DIFFER),
    (
        CLAIM,
        replace(GOOD, history=(replace(LINE, cancellation_id="c2"),)),
        ClaimProblem.CANCELS_DIFFER,
    ),
    (CLAIM, replace(GOOD, cancelled=Won(3000)), ClaimProblem.CANCELS_DIFFER),
]


@pytest.mark.parametrize(("claim", "reported", "problem"), ROWS)
def test_claim_must_equal_the_payment_at_portone(claim, reported, problem):
    assert problem_of_claim(claim, reported, live=False) == problem


def test_a_live_till_takes_no_claim_of_test_money():
    assert problem_of_claim(CLAIM, GOOD, live=True) is PaymentProblem.TEST_PAYMENT
    assert problem_of_claim(CLAIM, replace(GOOD, sandbox=False), live=True) is None
