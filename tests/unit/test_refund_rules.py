"""What a reading says about a refund, before anything is sent (spec.md 4, step 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation, ReportedPayment, ReportedStatus
from posapp.domain.refunds import (
    Finding,
    Refund,
    RefundOrigin,
    examine,
    landed,
    plain,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUND = Refund(
    1,
    "imp_1",
    10,
    100,
    RefundOrigin.ITEM,
    Won(3000),
    "단순 변심",
    "[RF-AAA]",
    "buyer:1",
    "buyer:1",
    NOW,
)
PAID = ReportedPayment("imp_1", "m", ReportedStatus.PAID, Won(10000), paid_at=NOW)
NONE: frozenset[str] = frozenset()


def with_lines(*lines: ReportedCancellation) -> ReportedPayment:
    total = sum((line.amount for line in lines), Won(0))
    return replace(PAID, cancelled=total, cancellations=lines)


def line(amount: int, reason: str = "콘솔 취소", number: str = "c1") -> ReportedCancellation:
    return ReportedCancellation(Won(amount), reason, number)


def test_our_tag_in_the_history_is_the_proof():
    reported = with_lines(line(3000, REFUND.tagged_reason))
    assert examine(REFUND, reported, NONE) is Finding.DONE
    assert landed(REFUND, PAID, reported)


def test_the_tag_proves_even_when_the_status_cannot_be_read():
    reported = replace(with_lines(line(3000, REFUND.tagged_reason)), status=ReportedStatus.UNKNOWN)
    assert examine(REFUND, reported, NONE) is Finding.DONE


def test_enough_balance_and_no_tag_can_be_sent():
    assert examine(REFUND, PAID, NONE) is Finding.POSSIBLE
    assert examine(REFUND, with_lines(line(7000)), NONE) is Finding.POSSIBLE


def test_a_balance_too_small_or_no_payment_is_refused():
    assert examine(REFUND, with_lines(line(7001)), NONE) is Finding.IMPOSSIBLE
    failed = replace(PAID, status=ReportedStatus.FAILED, paid_at=None)
    assert examine(REFUND, failed, NONE) is Finding.IMPOSSIBLE


def test_a_status_of_cancelled_after_a_partial_cancel_changes_nothing():
    """portone.md: after a partial cancel the status may read paid or cancelled."""
    partly = replace(with_lines(line(7000)), status=ReportedStatus.CANCELLED)
    assert examine(REFUND, partly, NONE) is Finding.POSSIBLE


def test_an_unknown_status_is_unclear():
    unknown = replace(PAID, status=ReportedStatus.UNKNOWN)
    assert examine(REFUND, unknown, NONE) is Finding.UNCLEAR


def test_a_new_line_of_the_same_amount_without_a_tag_is_unclear_after_a_send():
    sent = replace(REFUND, sends=1)
    reported = with_lines(line(3000))
    assert examine(sent, reported, NONE) is Finding.UNCLEAR
    assert examine(sent, reported, frozenset({"c1"})) is Finding.POSSIBLE
    assert examine(REFUND, reported, NONE) is Finding.POSSIBLE
    another = with_lines(line(3000, "사유 [RF-2-BBB]"))
    assert examine(sent, another, NONE) is Finding.POSSIBLE
    half = with_lines(line(3000, "사유 [RF-2-B"))
    assert examine(sent, half, NONE) is Finding.UNCLEAR, "half a tag may be ours"


def test_a_clear_answer_without_our_tag_counts_by_its_arithmetic_alone():
    before = with_lines(line(1000, number="c0"))
    good = with_lines(line(1000, number="c0"), line(3000, "잘린", "c1"))
    assert landed(REFUND, before, good)
    assert not landed(REFUND, before, before)
    assert not landed(REFUND, before, with_lines(line(1000, number="c0"), line(2999, "x", "c1")))
    assert not landed(REFUND, before, replace(good, imp_uid="imp_2"))


@given(st.text(max_size=10_000))
def test_any_reason_fits_the_wire_and_keeps_its_tag(reason):
    """A reason of 10 kB or with HTML, NUL or RTL marks (issue 3, bad input)."""
    tagged = replace(REFUND, reason=reason).tagged_reason
    assert tagged.endswith(REFUND.tag)
    assert len(tagged) <= 220
    assert tagged.isprintable()


def test_plain_text_is_one_printable_line():
    assert plain("환불\x00 해\n주세요\u202e <b>") == "환불 해 주세요 <b>"
