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
    ItemPieces,
    Records,
    RefundCheck,
    check_refund,
    find_new_cancellation,
    is_refund_confirmed,
    shows_nothing_moved,
)
from posapp.domain.refunds import Refund, RefundOrigin, find_own_cancellation
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
OTHER_TAG = build_part_tag("[RF-0-BBBB2222]", REFUND.item_id, 2)
ELSEWHERE = replace(REFUND, item_id=None, origin=RefundOrigin.EXTERNAL, tag="[EX-c1]")


def of_pieces(beside: int, **lines: Refund) -> Records:
    """Records of an item of three pieces at 1,000 won."""
    return Records(PAYMENT, lines, pieces=ItemPieces(Won(1000), 3, beside))


def test_an_unrecorded_line_of_a_part_may_be_the_money_of_its_item():
    """A database without the part would give the pieces back twice."""
    tagged = history(1000, line(1000, f"품절 {PART_TAG}"))
    for records in (RECORDS, of_pieces(0)):
        assert check_refund(REFUND, tagged, records) is RefundCheck.UNCLEAR
    assert check_refund(REFUND, tagged, of_pieces(0, c1=PART)) is RefundCheck.POSSIBLE, "others"


def test_an_unrecorded_line_of_the_item_may_be_the_money_of_its_part():
    tagged = history(3000, line(3000, REFUND.tagged_reason))
    for records in (RECORDS, of_pieces(2)):
        assert check_refund(PART, tagged, records) is RefundCheck.UNCLEAR
    assert check_refund(PART, tagged, of_pieces(2, c1=REFUND)) is RefundCheck.POSSIBLE


@pytest.mark.parametrize(
    ("refund", "reason"),
    [(REFUND, f"품절 {PART_TAG}"), (PART, REFUND.tagged_reason)],
    ids=["of the item", "of the part"],
)
def test_a_line_of_such_pieces_that_was_recorded_as_anybodys_is_not_placed(refund, reason):
    """A person explained the money, and no record says which pieces it was for."""
    tagged = history(1000, line(1000, reason))
    records = of_pieces(0, c1=replace(ELSEWHERE, amount=Won(1000)))
    assert check_refund(refund, tagged, records) is RefundCheck.UNCLEAR
    reviewed = replace(refund, reviewed_to=99)
    assert check_refund(reviewed, tagged, records) is RefundCheck.UNCLEAR, "as of its own tag"


@pytest.mark.parametrize(
    ("beside", "lines", "check"),
    [
        (0, 1, RefundCheck.UNCLEAR),
        (1, 1, RefundCheck.UNCLEAR),
        (2, 1, RefundCheck.POSSIBLE),
        (3, 2, RefundCheck.UNCLEAR),
        (4, 2, RefundCheck.POSSIBLE),
    ],
)
def test_lost_parts_are_other_pieces_as_long_as_so_many_are_left(beside, lines, check):
    """Each lost line is of two pieces."""
    others = tuple(line(500, f"품절 {OTHER_TAG}", number=f"c{n}") for n in range(lines))
    assert check_refund(PART, history(500 * lines, *others), of_pieces(beside)) is check


def test_parts_of_other_items_are_other_money():
    stranger = build_part_tag("[RF-0-BBBB2222]", REFUND.item_id + 1, 1)
    tagged = history(1000, line(1000, f"품절 {stranger}"))
    for refund in (REFUND, PART):
        assert check_refund(refund, tagged, of_pieces(0)) is RefundCheck.POSSIBLE
    whole = history(1000, line(1000, "품절 [RF-99-AAAA2222]"))
    assert check_refund(PART, whole, of_pieces(0)) is RefundCheck.POSSIBLE


@pytest.mark.parametrize("refund", [REFUND, PART], ids=["of the item", "of a part"])
@pytest.mark.parametrize(
    ("amount", "check"),
    [
        (999, RefundCheck.POSSIBLE),
        (1000, RefundCheck.UNCLEAR),
        (1001, RefundCheck.POSSIBLE),
        (2000, RefundCheck.UNCLEAR),
        (3000, RefundCheck.UNCLEAR),
        (4000, RefundCheck.POSSIBLE),
    ],
)
def test_an_untagged_line_of_the_price_of_pieces_may_be_of_these(refund, amount, check):
    """Others' cancels know no parts, and a tag that is cut off names none."""
    assert check_refund(refund, history(amount, line(amount)), of_pieces(2)) is check


def test_pieces_that_cost_nothing_are_nobodys_amount():
    records = Records(PAYMENT, pieces=ItemPieces(Won(0), 3, 2))
    assert check_refund(REFUND, history(500, line(500)), records) is RefundCheck.POSSIBLE


def test_the_decision_that_an_untagged_line_was_for_something_else_is_believed():
    reading = history(1000, line(1000))
    records = of_pieces(0, c1=replace(ELSEWHERE, amount=Won(1000), id=7))
    assert check_refund(REFUND, reading, records) is RefundCheck.UNCLEAR
    assert check_refund(replace(REFUND, reviewed_to=7), reading, records) is RefundCheck.POSSIBLE


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
