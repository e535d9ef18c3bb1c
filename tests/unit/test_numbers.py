"""Numbers that travel to PortOne say what they are about, and nothing else says it by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.numbers import (
    TAG,
    beginning_of,
    item_in,
    may_be_of,
    merchant_uid_of,
    order_in,
    tag_after,
    tag_at_end,
    tag_of,
)

TILL, OTHER_TILL = "0a1b2c", "0a1b2d"
RANDOM = "abcdefghijklmnopqrstuvwxyz27"
ROOM = 36**8
"""Order ids below this one have room in a number."""


@given(st.integers(1, ROOM - 1))
def test_a_number_tells_its_own_till_its_order(order_id):
    number = merchant_uid_of(TILL, order_id, RANDOM)
    assert len(number) <= 40
    assert len(number.rpartition("-")[2]) >= 20, "a hundred random bits"
    assert order_in(number, TILL) == order_id
    assert order_in(number, OTHER_TILL) is None


@given(st.integers(1, ROOM - 1), st.integers(1, ROOM - 1))
def test_only_the_numbers_of_an_order_begin_as_they_do(order_id, other):
    beginning = beginning_of(TILL, order_id)
    assert merchant_uid_of(TILL, order_id, RANDOM).startswith(beginning)
    assert not merchant_uid_of(OTHER_TILL, order_id, RANDOM).startswith(beginning)
    assert merchant_uid_of(TILL, other, RANDOM).startswith(beginning) == (other == order_id)
    longer = merchant_uid_of(TILL, order_id * 36 % ROOM or 1, RANDOM)
    assert not longer.startswith(beginning)


@given(st.integers(ROOM, 2**63 - 1))
def test_an_order_without_room_is_left_out(order_id):
    number = merchant_uid_of(TILL, order_id, RANDOM)
    assert len(number) <= 40
    assert order_in(number, TILL) == 0


@given(st.text())
def test_another_systems_number_is_nobodys(text):
    assert order_in(text, TILL) is None


@given(st.integers(1, 2**63 - 1), st.text())
def test_a_tag_at_the_end_tells_its_item_whatever_stands_before_it(item_id, words):
    tag = tag_of(item_id, "abcdefghijklm234")
    assert tag.startswith(TAG)
    assert tag_at_end(f"{words} {tag}") == tag
    assert item_in(tag) == item_id


def test_a_tag_of_a_whole_payment_names_no_item():
    assert item_in(tag_of(None, "abc")) is None


RESTS = st.lists(st.integers(1, 10**10).map(Won), max_size=4)


def tag_after_all(tag: str, rests: list[Won]) -> str:
    for rest in rests:
        tag = tag_after(tag, rest)
    return tag


@given(st.sampled_from([None, 1, 36]), RESTS, RESTS)
def test_a_tag_of_a_rest_means_one_refund_of_one_amount(item_id, rests, others):
    """Whichever copy of a file makes it, out of the same tag."""
    first = tag_of(item_id, "abcdefghijklmn23")
    tag, other = tag_after_all(first, rests), tag_after_all(first, others)
    assert (tag == other) is (rests == others)
    assert tag not in other or rests == others
    assert tag_at_end(f"단순 변심 {tag}") == tag
    assert item_in(tag) == item_id


def test_amounts_of_rests_do_not_run_together():
    """In base 36, as the item, 5 won and then 7 would be 7,315 won at once: 5N7."""
    first = tag_of(None, "abc")
    assert tag_after_all(first, [Won(5), Won(7)]) != tag_after_all(first, [Won(7315)])


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "단순 변심",
        "[RF-1-AAAA] 그리고 더",
        "[RF-]",
        "[RF-1]",
        "RF-1-AAAA]",
        "[RF-1-aaaa]",
        "[EX-1-AAAA]",
    ],
)
def test_words_that_are_no_tag(reason):
    assert tag_at_end(reason) == ""


def test_no_number_is_below_zero():
    with pytest.raises(ValueError, match="below 0"):
        tag_of(-1, "a")
    with pytest.raises(ValueError, match="no tag"):
        item_in("[RF-1]")


@given(st.integers(0, 10**9), st.integers(0, 40))
def test_a_number_of_ours_may_be_ours_however_it_is_cut(order, length):
    number = merchant_uid_of("a1b2c3", order, "k3j9x8w7v6u5t4s3r2q1")
    whole = order_in(number[:length], "a1b2c3") is not None
    assert may_be_of(number[:length], "a1b2c3") is (length >= 4 or whole)
    assert may_be_of(number, "a1b2c3")
    assert not may_be_of(number, "a1b2c4")


@pytest.mark.parametrize("number", ["", "pos", "web-pos-1", "POS-a1b2c3-a-1", " pos-a1b2c3-a-1"])
def test_a_number_that_begins_otherwise_is_not_ours(number):
    assert not may_be_of(number, "a1b2c3")
