"""Sums and amounts of a history, one rule at a time: a history that does not add up proves
nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.merchant_numbers import build_part_tag, item_id_of
from posapp.domain.money import Won
from posapp.domain.payments import (
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refund_evidence import (
    Records,
    RefundCheck,
    check_refund,
    find_new_cancellation,
    is_refund_confirmed,
    shows_nothing_moved,
)
from posapp.domain.refunds import RefundOrigin, find_own_cancellation
from tests.fakes.payments import PAID, PAYMENT, REFUND, answered, line

RECORDS = Records(PAYMENT)


def history(cancelled: int, *lines: ReportedCancellation) -> ReportedPayment:
    return replace(PAID, cancelled=Won(cancelled), history=lines)


@pytest.mark.parametrize("amount", [2999, 3001, 10000])
def test_our_tag_with_another_amount_is_not_our_refund(amount):
    tagged = history(amount, line(amount, REFUND.tagged_reason))
    assert find_own_cancellation(REFUND, tagged) is None
    assert check_refund(REFUND, tagged, RECORDS) is RefundCheck.UNCLEAR
    assert not is_refund_confirmed(REFUND, PAID, answered(tagged))


@pytest.mark.parametrize(
    "reported",
    [
        history(3000),
        history(3000, line(1000)),
        history(1000, line(500), line(700, number="c2")),
    ],
)
def test_a_history_that_does_not_add_up_is_unclear(reported):
    """A missing line may be this refund; an extra one leaves it uncertain too."""
    assert check_refund(REFUND, reported, RECORDS) is RefundCheck.UNCLEAR


PART_TAG = build_part_tag("[RF-0-AAAA2222]", REFUND.item_id, 1)
PART = replace(
    REFUND, item_id=item_id_of(PART_TAG), amount=Won(1000), tag=PART_TAG, id=REFUND.id + 1
)


def test_an_unrecorded_line_of_a_part_may_be_the_money_of_its_item():
    """A database without the part would give the pieces back twice."""
    tagged = history(1000, line(1000, f"품절 {PART_TAG}"))
    assert check_refund(REFUND, tagged, RECORDS) is RefundCheck.UNCLEAR
    recorded = Records(PAYMENT, {"c1": PART})
    assert check_refund(REFUND, tagged, recorded) is RefundCheck.POSSIBLE, "other pieces"


def test_an_unrecorded_line_of_the_item_may_be_the_money_of_its_part():
    tagged = history(3000, line(3000, REFUND.tagged_reason))
    assert check_refund(PART, tagged, RECORDS) is RefundCheck.UNCLEAR
    assert check_refund(PART, tagged, Records(PAYMENT, {"c1": REFUND})) is RefundCheck.POSSIBLE


@pytest.mark.parametrize(
    ("amount", "check"),
    [
        (999, RefundCheck.POSSIBLE),
        (1000, RefundCheck.UNCLEAR),
        (1001, RefundCheck.POSSIBLE),
        (2000, RefundCheck.UNCLEAR),
        (2500, RefundCheck.UNCLEAR),
        (2600, RefundCheck.POSSIBLE),
        (3000, RefundCheck.UNCLEAR),
    ],
)
def test_an_untagged_line_of_these_or_more_pieces_may_be_a_part(amount, check):
    """Two pieces at 500: 2,000 may be four of them. Others' cancels know no parts."""
    tag = build_part_tag("[RF-0-AAAA2222]", REFUND.item_id, 2)
    two = replace(PART, item_id=item_id_of(tag), tag=tag)
    assert check_refund(two, history(amount, line(amount)), RECORDS) is check


def test_parts_of_one_item_are_different_money():
    other = build_part_tag("[RF-0-BBBB2222]", REFUND.item_id, 1)
    tagged = history(1000, line(1000, f"품절 {other}"))
    assert check_refund(PART, tagged, RECORDS) is RefundCheck.POSSIBLE
    stranger = build_part_tag("[RF-0-BBBB2222]", REFUND.item_id + 1, 1)
    tagged = history(1000, line(1000, f"품절 {stranger}"))
    assert check_refund(REFUND, tagged, RECORDS) is RefundCheck.POSSIBLE


@pytest.mark.parametrize("amount", [2999, 3001])
def test_a_new_line_of_another_amount_proves_nothing(amount):
    after = history(amount, line(amount))
    assert find_new_cancellation(REFUND, PAID, after) is None
    assert find_new_cancellation(REFUND, PAID, history(3000, line(3000))) is not None


def test_an_answer_with_another_balance_proves_nothing():
    """A line of our amount is new, and the balance shows that more was cancelled than it: an old
    line was left out before, or there was another cancel."""
    before = history(1000, line(1000, number="c0"))
    after = history(3000, line(3000))
    assert find_new_cancellation(REFUND, before, after) is not None
    assert not is_refund_confirmed(REFUND, before, answered(after))


def test_a_refusal_beside_a_smaller_balance_is_not_borne_out():
    """The same line by its number, and more of it."""
    before, after = history(1000, line(1000)), history(3000, line(3000))
    assert shows_nothing_moved(REFUND, before, before)
    assert not shows_nothing_moved(REFUND, before, after)


def test_a_refusal_beside_a_history_that_does_not_add_up_is_not_borne_out():
    before, after = history(1000, line(1000)), history(1000, line(500))
    assert not shows_nothing_moved(REFUND, before, after)


def test_a_refusal_beside_our_own_tag_is_not_borne_out():
    """The tag of a whole payment has no item number: the tag itself is compared."""
    returned = replace(REFUND, item_id=None, origin=RefundOrigin.REJECTED_PAYMENT, tag="[RF-0-B]")
    before = history(1000, line(1000))
    assert shows_nothing_moved(returned, before, before)
    after = history(1000, line(1000, f"위/변조 {returned.tag}"))
    assert not shows_nothing_moved(returned, before, after)
