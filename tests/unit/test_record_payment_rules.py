"""A payment as it was before this shop sent parts of it back (an older file meets it again)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation, ReportedPayment, ReportedStatus
from posapp.services.payments.record_payment import without_own_refunds

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAID = ReportedPayment("imp_1", "pos-1", ReportedStatus.PAID, Won(8000), paid_at=NOW)


def cancelled(*reasons: str) -> ReportedPayment:
    lines = tuple(
        ReportedCancellation(Won(1000), reason, f"c{n}") for n, reason in enumerate(reasons)
    )
    return replace(
        PAID,
        status=ReportedStatus.CANCELLED,
        cancelled=Won(1000 * len(lines)),
        history=lines,
    )


def test_payment_with_an_item_refund_was_accepted():
    before = without_own_refunds(cancelled(f"품절 {build_refund_tag(100, 'AAA')}", "콘솔 취소"))
    assert (before.status, before.refundable_balance, before.cancellations) == (
        ReportedStatus.PAID,
        8000,
        (),
    )


def test_external_cancels_are_detected():
    for reported in (PAID, cancelled("콘솔 취소"), cancelled("x [RF-1-AAA] y")):
        assert without_own_refunds(reported) == reported


def test_payment_that_we_refunded_whole_is_not_accepted():
    returned = cancelled(f"결제금액 위/변조. {build_refund_tag(None, 'AAA')}")
    assert without_own_refunds(returned) == returned
