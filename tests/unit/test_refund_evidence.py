"""Sums and amounts of a history, one sentence at a time: what does not add up proves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from posapp.domain.money import Won
from posapp.domain.payments import (
    Payment,
    PaymentStanding,
    ReportedCancellation,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refund_evidence import (
    Finding,
    Records,
    examine,
    landed,
    new_line,
    shows_nothing_moved,
)
from posapp.domain.refunds import Refund, RefundOrigin, own_line

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUND = Refund(
    1,
    "imp_1",
    10,
    100,
    RefundOrigin.ITEM,
    Won(3000),
    "단순 변심",
    "[RF-2S-AAA]",
    "buyer:1",
    "buyer:1",
    NOW,
)
PAID = ReportedPayment(
    "imp_1",
    "m",
    ReportedStatus.PAID,
    Won(10000),
    paid_at=NOW,
    sandbox=True,
    pg_provider="kakaopay",
)
RECORDS = Records(
    Payment("imp_1", "m", 10, Won(10000), NOW, PaymentStanding.ACCEPTED, sandbox=True)
)


def line(amount: int, reason: str = "콘솔 취소", number: str = "c1") -> ReportedCancellation:
    return ReportedCancellation(Won(amount), reason, number)


def history(cancelled: int, *lines: ReportedCancellation) -> ReportedPayment:
    return replace(PAID, cancelled=Won(cancelled), cancellations=lines)


@pytest.mark.parametrize("amount", [2999, 3001, 10000])
def test_our_tag_with_another_amount_is_not_our_refund(amount):
    tagged = history(amount, line(amount, REFUND.tagged_reason))
    assert own_line(REFUND, tagged) is None
    assert examine(REFUND, tagged, RECORDS) is Finding.UNCLEAR
    assert not landed(REFUND, PAID, tagged)


@pytest.mark.parametrize(
    "reported",
    [
        history(3000),
        history(3000, line(1000)),
        history(1000, line(500), line(700, number="c2")),
    ],
)
def test_a_history_that_does_not_add_up_is_unclear(reported):
    """A line that is not shown may be this refund; one too many says nothing certain either."""
    assert examine(REFUND, reported, RECORDS) is Finding.UNCLEAR


@pytest.mark.parametrize("amount", [2999, 3001])
def test_a_new_line_of_another_amount_proves_nothing(amount):
    after = history(amount, line(amount))
    assert new_line(REFUND, PAID, after) is None
    assert new_line(REFUND, PAID, history(3000, line(3000))) is not None


def test_an_answer_with_another_balance_proves_nothing():
    """A line of our amount is new, and the balance says that more went back than it: an old line
    was left out before, or somebody else was there."""
    before = history(1000, line(1000, number="c0"))
    after = history(3000, line(3000))
    assert new_line(REFUND, before, after) is not None
    assert not landed(REFUND, before, after)


def test_a_refusal_beside_a_smaller_balance_is_not_borne_out():
    """The same line by its number, and more of it."""
    before, after = history(1000, line(1000)), history(3000, line(3000))
    assert shows_nothing_moved(REFUND, before, before)
    assert not shows_nothing_moved(REFUND, before, after)


def test_a_refusal_beside_a_history_that_does_not_add_up_is_not_borne_out():
    before, after = history(1000, line(1000)), history(1000, line(500))
    assert not shows_nothing_moved(REFUND, before, after)


def test_a_refusal_beside_our_own_tag_is_not_borne_out():
    """Of a whole payment no item's number tells: the tag itself does."""
    returned = replace(REFUND, item_id=None, origin=RefundOrigin.REJECTED_PAYMENT, tag="[RF-0-B]")
    before = history(1000, line(1000))
    assert shows_nothing_moved(returned, before, before)
    after = history(1000, line(1000, f"위/변조 {returned.tag}"))
    assert not shows_nothing_moved(returned, before, after)
