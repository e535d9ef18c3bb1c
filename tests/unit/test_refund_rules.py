"""What a reading says about a refund, before anything is sent (docs/specification.md 4, step 2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.payments import (
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
    shows_nothing_moved,
)
from posapp.domain.refunds import RefundOrigin, RefundState, plain
from tests.fakes.payments import NOW, PAID, PAYMENT, REFUND, line

NONE = Records(PAYMENT)
TAG_OF_ITEM = "[RF-2S-OTHER]"
"""A tag of item 100, and of another refund."""


def with_lines(*lines: ReportedCancellation) -> ReportedPayment:
    total = sum((line.amount for line in lines), Won(0))
    return replace(PAID, cancelled=total, cancellations=lines)


def recorded(
    origin: RefundOrigin = RefundOrigin.ELSEWHERE, number: int = 0, item: int | None = None
) -> Records:
    """Line c1 is recorded as refund ``number``."""
    record = replace(
        REFUND, id=number, origin=origin, item_id=item, tag="[EX-c1]", state=RefundState.CONFIRMED
    )
    return Records(PAYMENT, {"c1": record})


def test_our_tag_in_the_history_is_the_proof():
    reported = with_lines(line(3000, REFUND.tagged_reason))
    assert examine(REFUND, reported, NONE) is Finding.DONE
    assert landed(REFUND, PAID, reported)


def test_the_tag_proves_even_when_the_status_cannot_be_read():
    reported = replace(with_lines(line(3000, REFUND.tagged_reason)), status=ReportedStatus.UNKNOWN)
    assert examine(REFUND, reported, NONE) is Finding.DONE


def test_a_tag_among_a_persons_words_is_no_proof():
    """Somebody wrote down the tag of an earlier refund as the reason of another."""
    quoting = with_lines(line(3000, f"{REFUND.tag} 대신 [RF-2T-BBB]"))
    assert examine(REFUND, quoting, NONE) is Finding.POSSIBLE
    appended = with_lines(line(3000, f"{REFUND.tag} (카카오페이)"))
    assert examine(REFUND, appended, NONE) is Finding.UNCLEAR
    assert not landed(REFUND, PAID, quoting)


def test_enough_balance_and_no_tag_can_be_sent():
    assert examine(REFUND, PAID, NONE) is Finding.POSSIBLE
    assert examine(REFUND, with_lines(line(7000)), NONE) is Finding.POSSIBLE


def test_a_balance_too_small_or_no_payment_is_refused():
    assert examine(REFUND, with_lines(line(7001)), NONE) is Finding.IMPOSSIBLE
    failed = replace(PAID, status=ReportedStatus.FAILED, paid_at=None)
    assert examine(REFUND, failed, NONE) is Finding.IMPOSSIBLE


@pytest.mark.parametrize("status", [ReportedStatus.PAID, ReportedStatus.CANCELLED])
@pytest.mark.parametrize("paid_at", [NOW, None])
def test_what_is_left_follows_from_amounts_and_not_from_a_status_or_a_time(status, paid_at):
    """docs/portone.md, "Payment": after a partial cancel the status may read paid or cancelled,
    and paid_at 0."""
    partly = replace(with_lines(line(7000)), status=status, paid_at=paid_at)
    assert examine(REFUND, partly, NONE) is Finding.POSSIBLE


def test_an_unknown_status_is_unclear():
    unknown = replace(PAID, status=ReportedStatus.UNKNOWN)
    assert examine(REFUND, unknown, NONE) is Finding.UNCLEAR


@pytest.mark.parametrize(
    "change",
    [
        {"imp_uid": "imp_2"},
        {"merchant_uid": "web-1"},
        {"amount": Won(50000)},
        {"sandbox": False},
        {"currency": "USD"},
        {"pg_provider": "html5_inicis"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_payment_than_the_captured_one_is_unclear_even_with_our_tag(change):
    for reported in (PAID, with_lines(line(3000, REFUND.tagged_reason))):
        assert examine(REFUND, replace(reported, **change), NONE) is Finding.UNCLEAR


def test_names_are_compared_without_case():
    loud = replace(PAID, currency="krw", pg_provider="KAKAOPAY")
    assert examine(REFUND, loud, NONE) is Finding.POSSIBLE
    inner = replace(PAID, pg_provider="nice", emb_pg_provider="KakaoPay")
    assert examine(REFUND, inner, NONE) is Finding.POSSIBLE


def test_what_was_rejected_for_its_channel_goes_back_all_the_same():
    rejected = Records(replace(PAYMENT, standing=PaymentStanding.REJECTED))
    dollars = replace(PAID, currency="USD", pg_provider="paypal")
    assert examine(REFUND, dollars, rejected) is Finding.POSSIBLE


def test_a_named_difference_stops_the_send_and_not_the_proof():
    doubt = replace(NONE, in_doubt=True)
    assert examine(REFUND, PAID, doubt) is Finding.UNCLEAR
    done = with_lines(line(3000, REFUND.tagged_reason))
    assert examine(REFUND, done, doubt) is Finding.DONE


@pytest.mark.parametrize("sends", [0, 1])
def test_a_line_of_the_same_amount_without_a_tag_is_unclear_before_any_send(sends):
    refund = replace(REFUND, sends=sends)
    reported = with_lines(line(3000))
    assert examine(refund, reported, NONE) is Finding.UNCLEAR
    assert examine(refund, with_lines(line(3001)), NONE) is Finding.POSSIBLE
    another = with_lines(line(3000, "사유 [RF-2-BBB]"))
    assert examine(refund, another, NONE) is Finding.POSSIBLE


@pytest.mark.parametrize("number", [4, 6], ids=["before", "after"])
def test_a_line_that_is_recorded_as_another_s_may_be_the_item_until_a_person_says_no(number):
    """Whenever it was recorded: before the refund was wanted, or after."""
    refund, reported = replace(REFUND, id=5), with_lines(line(3000))
    assert examine(refund, reported, recorded(number=number)) is Finding.UNCLEAR
    reviewed = replace(refund, reviewed_to=number)
    assert examine(reviewed, reported, recorded(number=number)) is Finding.POSSIBLE
    assert examine(reviewed, reported, recorded(number=number + 1)) is Finding.UNCLEAR


def test_a_line_that_was_recorded_before_all_that_was_left_was_wanted_is_another():
    """The amount is what was left beside it."""
    rest = replace(REFUND, id=5, item_id=None, amount=Won(3000), tag="[RF-0-9RA]", covers="100 101")
    reported = with_lines(line(3000))
    assert examine(rest, reported, recorded(number=4)) is Finding.POSSIBLE
    assert examine(rest, reported, recorded(number=6)) is Finding.UNCLEAR


def test_a_line_that_is_another_refund_of_ours_is_accounted_for():
    ours = recorded(RefundOrigin.ITEM, number=REFUND.id + 1, item=101)
    assert examine(REFUND, with_lines(line(3000)), ours) is Finding.POSSIBLE


@pytest.mark.parametrize(
    "records",
    [
        NONE,
        recorded(number=0),
        recorded(RefundOrigin.ITEM, number=0, item=100),
        replace(recorded(number=9), ruled_out=frozenset({"c1"})),
    ],
)
def test_no_send_for_an_item_whose_number_stands_in_any_tag(records):
    reported = with_lines(line(1, f"사유 {TAG_OF_ITEM}"))
    assert examine(REFUND, reported, records) is Finding.UNCLEAR


@pytest.mark.parametrize(
    ("reason", "finding"),
    [
        ("사유 [RF-2S-OTH", Finding.UNCLEAR),
        ("사유 [RF-2S-", Finding.UNCLEAR),
        ("사유 [RF-2S", Finding.UNCLEAR),
        ("사유 [RF-2", Finding.UNCLEAR),
        ("사유 [RF-", Finding.UNCLEAR),
        ("사유 [RF", Finding.UNCLEAR),
        ("사유 [RF-2S-OTHER] (PG)", Finding.UNCLEAR),
        ("사유 [RF-2T-OTH", Finding.POSSIBLE),
        ("사유 [RF-2-OTH", Finding.POSSIBLE),
        ("사유 [RF-3", Finding.POSSIBLE),
        ("사유 [RF-2S-OTH [RF-9-X]", Finding.POSSIBLE),
        ("사유 [1]", Finding.POSSIBLE),
        ("사유 ?RF?2S?OTHER?", Finding.UNCLEAR),
        ("사유  RF 2S OTHER ", Finding.UNCLEAR),
        ("사유 ?RF?2S?OT", Finding.UNCLEAR),
        ("사유 ?RF?2T?OTHER?", Finding.POSSIBLE),
        ("RF 2S", Finding.POSSIBLE),
        ("(RF-2S-A) [RF-2T-B", Finding.POSSIBLE),
    ],
)
def test_half_a_tag_that_may_name_the_item_is_unclear(reason, finding):
    assert examine(REFUND, with_lines(line(500, reason)), NONE) is finding


def test_a_whole_cancel_leaves_nothing_to_ask_before_the_first_send():
    single = replace(REFUND, amount=Won(10000))
    gone = replace(with_lines(line(10000)), status=ReportedStatus.CANCELLED)
    assert examine(single, gone, NONE) is Finding.IMPOSSIBLE
    assert examine(replace(single, sends=1), gone, NONE) is Finding.UNCLEAR


def test_no_part_can_be_meant_for_the_rest_of_a_rejected_payment():
    rest = replace(REFUND, item_id=None, origin=RefundOrigin.REJECTED_PAYMENT, tag="[RF-0-B]")
    half = with_lines(line(3000))
    rest = replace(rest, amount=Won(3000))
    assert examine(rest, half, NONE) is Finding.POSSIBLE
    assert examine(replace(rest, sends=1), half, NONE) is Finding.UNCLEAR
    tagged = with_lines(line(7000, "사유 [RF-0-A]"))
    assert examine(rest, tagged, NONE) is Finding.UNCLEAR, "a return that the records lack"
    known = recorded(RefundOrigin.REJECTED_PAYMENT, number=0)
    assert examine(rest, tagged, known) is Finding.POSSIBLE


def test_a_clear_answer_without_our_tag_counts_by_its_arithmetic_alone():
    before = with_lines(line(1000, number="c0"))
    good = with_lines(line(1000, number="c0"), line(3000, "잘린", "c1"))
    assert landed(REFUND, before, good)
    assert not landed(REFUND, before, before)
    assert not landed(REFUND, before, with_lines(line(1000, number="c0"), line(2999, "x", "c1")))


@pytest.mark.parametrize(
    "change",
    [
        {"imp_uid": "imp_2"},
        {"merchant_uid": "web-1"},
        {"amount": Won(10001)},
        {"sandbox": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_answer_about_another_payment_proves_nothing(change):
    tagged = with_lines(line(3000, REFUND.tagged_reason))
    assert not landed(REFUND, PAID, replace(tagged, **change))
    assert not landed(REFUND, PAID, replace(with_lines(line(3000)), **change))


def test_an_answer_whose_new_line_is_anothers_proves_nothing():
    assert not landed(REFUND, PAID, with_lines(line(3000, "사유 [RF-2-BBB]")))
    two = with_lines(line(3000, "x", "c1"), line(0, "y", "c2"))
    assert not landed(REFUND, PAID, two)
    left_out = replace(with_lines(line(3000)), cancelled=Won(3000), cancellations=())
    assert not landed(REFUND, PAID, left_out)


def test_a_refusal_is_borne_out_by_a_reading_that_shows_nothing():
    before = with_lines(line(1000, number="c0"))
    assert shows_nothing_moved(REFUND, before, before)
    for after in (
        with_lines(line(1000, number="c0"), line(3000, "x")),
        with_lines(line(1000, number="c9")),
        with_lines(line(1000, REFUND.tagged_reason, "c0")),
        with_lines(line(1000, TAG_OF_ITEM, "c0")),
        replace(before, cancellations=()),
        replace(before, status=ReportedStatus.UNKNOWN),
        replace(before, merchant_uid="web-1"),
        replace(before, amount=Won(20000)),
    ):
        assert not shows_nothing_moved(REFUND, before, after)


@given(st.text(max_size=10_000))
def test_any_reason_fits_the_wire_and_keeps_its_tag(reason):
    """A reason of 10 kB or with HTML, NUL or RTL marks."""
    tagged = replace(REFUND, reason=reason).tagged_reason
    assert tagged.endswith(REFUND.tag)
    assert len(tagged) <= 220
    assert tagged.isprintable()


@given(st.text(alphabet="[]RF-2S 환불") | st.text())
def test_only_the_tag_of_a_reason_has_square_brackets(reason):
    """What is left of it where the tag is cut off is no tag."""
    words = replace(REFUND, reason=reason).tagged_reason.removesuffix(REFUND.tag)
    assert not {"[", "]"} & set(words)


def test_plain_text_is_one_printable_line():
    assert plain("환불\x00 해\n주세요\u202e <b>") == "환불 해 주세요 <b>"
