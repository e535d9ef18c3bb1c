"""The result of a reading for a refund, before anything is sent (docs/specification.md 4, step
2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.payments import (
    PaymentDisposition,
    ReportedCancellation,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refund_evidence import (
    Records,
    RefundCheck,
    check_refund,
    is_refund_confirmed,
    shows_nothing_moved,
)
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.domain.text import strip_controls
from tests.fakes.payments import NOW, PAID, PAYMENT, REFUND, answered, line

NONE = Records(PAYMENT)
TAG_OF_ITEM = "[RF-2S-OTHER]"
"""A tag of item 100, and of another refund."""


def with_lines(*lines: ReportedCancellation) -> ReportedPayment:
    total = sum((line.amount for line in lines), Won(0))
    return replace(PAID, cancelled=total, history=lines)


def recorded(
    origin: RefundOrigin = RefundOrigin.EXTERNAL, number: int = 0, item: int | None = None
) -> Records:
    """Line c1 is recorded as refund ``number``."""
    record = replace(
        REFUND, id=number, origin=origin, item_id=item, tag="[EX-c1]", state=RefundState.CONFIRMED
    )
    return Records(PAYMENT, {"c1": record})


def test_our_tag_in_the_history_is_the_proof():
    reported = with_lines(line(3000, REFUND.tagged_reason))
    assert check_refund(REFUND, reported, NONE) is RefundCheck.DONE
    assert is_refund_confirmed(REFUND, PAID, answered(reported))


def test_the_tag_proves_even_when_the_status_cannot_be_read():
    reported = replace(with_lines(line(3000, REFUND.tagged_reason)), status=ReportedStatus.UNKNOWN)
    assert check_refund(REFUND, reported, NONE) is RefundCheck.DONE


def test_a_tag_within_a_persons_text_is_no_proof():
    """A person wrote the tag of an earlier refund into the reason of another."""
    quoting = with_lines(line(3000, f"{REFUND.tag} 대신 [RF-2T-BBB]"))
    assert check_refund(REFUND, quoting, NONE) is RefundCheck.POSSIBLE
    appended = with_lines(line(3000, f"{REFUND.tag} (카카오페이)"))
    assert check_refund(REFUND, appended, NONE) is RefundCheck.UNCLEAR
    assert not is_refund_confirmed(REFUND, PAID, answered(quoting))


def test_enough_balance_and_no_tag_can_be_sent():
    assert check_refund(REFUND, PAID, NONE) is RefundCheck.POSSIBLE
    assert check_refund(REFUND, with_lines(line(7000)), NONE) is RefundCheck.POSSIBLE


def test_a_balance_too_small_or_no_payment_is_refused():
    assert check_refund(REFUND, with_lines(line(7001)), NONE) is RefundCheck.IMPOSSIBLE
    failed = replace(PAID, status=ReportedStatus.FAILED, paid_at=None)
    assert check_refund(REFUND, failed, NONE) is RefundCheck.IMPOSSIBLE


@pytest.mark.parametrize("status", [ReportedStatus.PAID, ReportedStatus.CANCELLED])
@pytest.mark.parametrize("paid_at", [NOW, None])
def test_balance_follows_from_amounts_not_from_status_or_time(status, paid_at):
    """docs/portone.md, "Payment": after a partial cancel the status may read paid or cancelled,
    and paid_at 0."""
    partly = replace(with_lines(line(7000)), status=status, paid_at=paid_at)
    assert check_refund(REFUND, partly, NONE) is RefundCheck.POSSIBLE


def test_an_unknown_status_is_unclear():
    unknown = replace(PAID, status=ReportedStatus.UNKNOWN)
    assert check_refund(REFUND, unknown, NONE) is RefundCheck.UNCLEAR


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "another"},
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
    """Fails before: the provider was not compared, and the send goes to that of the reading."""
    for reported in (PAID, with_lines(line(3000, REFUND.tagged_reason))):
        assert check_refund(REFUND, replace(reported, **change), NONE) is RefundCheck.UNCLEAR


def test_names_are_compared_without_case():
    loud = replace(PAID, currency="krw", pg_provider="KAKAOPAY")
    assert check_refund(REFUND, loud, NONE) is RefundCheck.POSSIBLE
    inner = replace(PAID, pg_provider="nice", emb_pg_provider="KakaoPay")
    assert check_refund(REFUND, inner, NONE) is RefundCheck.POSSIBLE


def test_payment_rejected_for_its_channel_is_refundable():
    rejected = Records(replace(PAYMENT, disposition=PaymentDisposition.REJECTED))
    dollars = replace(PAID, currency="USD", pg_provider="paypal")
    assert check_refund(REFUND, dollars, rejected) is RefundCheck.POSSIBLE


def test_open_mismatch_stops_the_send_and_not_the_proof():
    doubt = replace(NONE, in_doubt=True)
    assert check_refund(REFUND, PAID, doubt) is RefundCheck.UNCLEAR
    done = with_lines(line(3000, REFUND.tagged_reason))
    assert check_refund(REFUND, done, doubt) is RefundCheck.DONE


@pytest.mark.parametrize("sends", [0, 1])
def test_untagged_line_of_the_same_amount_is_unclear_before_any_send(sends):
    refund = replace(REFUND, send_count=sends)
    reported = with_lines(line(3000))
    assert check_refund(refund, reported, NONE) is RefundCheck.UNCLEAR
    assert check_refund(refund, with_lines(line(3001)), NONE) is RefundCheck.POSSIBLE
    another = with_lines(line(3000, "사유 [RF-2-BBB]"))
    assert check_refund(refund, another, NONE) is RefundCheck.POSSIBLE


@pytest.mark.parametrize("number", [4, 6], ids=["before", "after"])
def test_line_recorded_as_external_may_be_the_item_until_reviewed(number):
    """Whenever it was recorded: before the refund was wanted, or after."""
    refund, reported = replace(REFUND, id=5), with_lines(line(3000))
    assert check_refund(refund, reported, recorded(number=number)) is RefundCheck.UNCLEAR
    reviewed = replace(refund, reviewed_to=number)
    assert check_refund(reviewed, reported, recorded(number=number)) is RefundCheck.POSSIBLE
    assert check_refund(reviewed, reported, recorded(number=number + 1)) is RefundCheck.UNCLEAR


def test_line_recorded_before_the_remainder_is_another():
    """The amount is what was left beside it."""
    rest = replace(REFUND, id=5, item_id=None, amount=Won(3000), tag="[RF-0-9RA]", covers="100 101")
    reported = with_lines(line(3000))
    assert check_refund(rest, reported, recorded(number=4)) is RefundCheck.POSSIBLE
    assert check_refund(rest, reported, recorded(number=6)) is RefundCheck.UNCLEAR


def test_a_line_that_is_another_refund_of_ours_is_accounted_for():
    ours = recorded(RefundOrigin.ITEM, number=REFUND.id + 1, item=101)
    assert check_refund(REFUND, with_lines(line(3000)), ours) is RefundCheck.POSSIBLE


@pytest.mark.parametrize(
    "records",
    [
        NONE,
        recorded(number=0),
        recorded(RefundOrigin.ITEM, number=0, item=100),
        replace(recorded(number=9), ruled_out=frozenset({"c1"})),
    ],
)
def test_no_send_for_an_item_named_in_any_tag(records):
    reported = with_lines(line(1, f"사유 {TAG_OF_ITEM}"))
    assert check_refund(REFUND, reported, records) is RefundCheck.UNCLEAR


@pytest.mark.parametrize(
    ("reason", "finding"),
    [
        ("사유 [RF-2S-OTH", RefundCheck.UNCLEAR),
        ("사유 [RF-2S-", RefundCheck.UNCLEAR),
        ("사유 [RF-2S", RefundCheck.UNCLEAR),
        ("사유 [RF-2", RefundCheck.UNCLEAR),
        ("사유 [RF-", RefundCheck.UNCLEAR),
        ("사유 [RF", RefundCheck.UNCLEAR),
        ("사유 [RF-2S-OTHER] (PG)", RefundCheck.UNCLEAR),
        ("사유 [RF-2T-OTH", RefundCheck.POSSIBLE),
        ("사유 [RF-2-OTH", RefundCheck.POSSIBLE),
        ("사유 [RF-3", RefundCheck.POSSIBLE),
        ("사유 [RF-2S-OTH [RF-9-X]", RefundCheck.POSSIBLE),
        ("사유 [1]", RefundCheck.POSSIBLE),
        ("사유 ?RF?2S?OTHER?", RefundCheck.UNCLEAR),
        ("사유  RF 2S OTHER ", RefundCheck.UNCLEAR),
        ("사유 ?RF?2S?OT", RefundCheck.UNCLEAR),
        ("사유 ?RF?2T?OTHER?", RefundCheck.POSSIBLE),
        ("RF 2S", RefundCheck.POSSIBLE),
        ("(RF-2S-A) [RF-2T-B", RefundCheck.POSSIBLE),
    ],
)
def test_half_a_tag_that_may_name_the_item_is_unclear(reason, finding):
    assert check_refund(REFUND, with_lines(line(500, reason)), NONE) is finding


def test_a_whole_cancel_leaves_nothing_to_ask_before_the_first_send():
    single = replace(REFUND, amount=Won(10000))
    gone = replace(with_lines(line(10000)), status=ReportedStatus.CANCELLED)
    assert check_refund(single, gone, NONE) is RefundCheck.IMPOSSIBLE
    assert check_refund(replace(single, send_count=1), gone, NONE) is RefundCheck.UNCLEAR


def test_no_part_can_be_meant_for_the_rest_of_a_rejected_payment():
    rest = replace(REFUND, item_id=None, origin=RefundOrigin.REJECTED_PAYMENT, tag="[RF-0-B]")
    half = with_lines(line(3000))
    rest = replace(rest, amount=Won(3000))
    assert check_refund(rest, half, NONE) is RefundCheck.POSSIBLE
    assert check_refund(replace(rest, send_count=1), half, NONE) is RefundCheck.UNCLEAR
    tagged = with_lines(line(7000, "사유 [RF-0-A]"))
    assert check_refund(rest, tagged, NONE) is RefundCheck.UNCLEAR, "a return that the records lack"
    known = recorded(RefundOrigin.REJECTED_PAYMENT, number=0)
    assert check_refund(rest, tagged, known) is RefundCheck.POSSIBLE


def test_a_clear_answer_without_our_tag_counts_by_its_arithmetic_alone():
    before = with_lines(line(1000, number="c0"))
    good = with_lines(line(1000, number="c0"), line(3000, "잘린", "c1"))
    assert is_refund_confirmed(REFUND, before, answered(good))
    assert not is_refund_confirmed(REFUND, before, answered(before))
    assert not is_refund_confirmed(
        REFUND, before, answered(with_lines(line(1000, number="c0"), line(2999, "x", "c1")))
    )


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "another"},
        {"imp_uid": "imp_2"},
        {"merchant_uid": "web-1"},
        {"amount": Won(10001)},
        {"sandbox": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_answer_about_another_payment_proves_nothing(change):
    tagged = with_lines(line(3000, REFUND.tagged_reason))
    assert not is_refund_confirmed(REFUND, PAID, answered(replace(tagged, **change)))
    assert not is_refund_confirmed(
        REFUND, PAID, answered(replace(with_lines(line(3000)), **change))
    )


def test_answer_whose_new_line_is_external_proves_nothing():
    assert not is_refund_confirmed(
        REFUND, PAID, answered(with_lines(line(3000, "사유 [RF-2-BBB]")))
    )
    two = with_lines(line(3000, "x", "c1"), line(0, "y", "c2"))
    assert not is_refund_confirmed(REFUND, PAID, answered(two))
    left_out = replace(with_lines(line(3000)), cancelled=Won(3000), history=())
    assert not is_refund_confirmed(REFUND, PAID, answered(left_out))


def test_a_refusal_is_borne_out_by_a_reading_that_shows_nothing():
    before = with_lines(line(1000, number="c0"))
    assert shows_nothing_moved(REFUND, before, before)
    for after in (
        with_lines(line(1000, number="c0"), line(3000, "x")),
        with_lines(line(1000, number="c9")),
        with_lines(line(1000, REFUND.tagged_reason, "c0")),
        with_lines(line(1000, TAG_OF_ITEM, "c0")),
        replace(before, history=()),
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
    """Without its tag, a reason contains no square bracket."""
    text = replace(REFUND, reason=reason).tagged_reason.removesuffix(REFUND.tag)
    assert not {"[", "]"} & set(text)


def test_plain_text_is_one_printable_line():
    assert strip_controls("환불\x00 해\n주세요\u202e <b>") == "환불 해 주세요 <b>"
