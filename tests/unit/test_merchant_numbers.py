"""Numbers sent to PortOne name their subject, and no other text does so by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.merchant_numbers import (
    TAG,
    beginning_of,
    build_merchant_uid,
    build_refund_tag,
    item_id_of,
    may_be_merchant_uid_of,
    order_id_of,
    tag_after,
    trailing_tag,
)
from posapp.domain.money import Won

TILL, OTHER_TILL = "0a1b2c", "0a1b2d"
RANDOM = "abcdefghijklmnopqrstuvwxyz27"
ROOM = 36**8
"""Order ids below this one have room in a number."""


@given(st.integers(1, ROOM - 1))
def test_a_number_names_its_order_to_its_own_till(order_id):
    number = build_merchant_uid(TILL, order_id, RANDOM)
    assert len(number) <= 40
    assert len(number.rpartition("-")[2]) >= 20, "a hundred random bits"
    assert order_id_of(number, TILL) == order_id
    assert order_id_of(number, OTHER_TILL) is None


@given(st.integers(1, ROOM - 1), st.integers(1, ROOM - 1))
def test_only_the_numbers_of_an_order_begin_as_they_do(order_id, other):
    beginning = beginning_of(TILL, order_id)
    assert build_merchant_uid(TILL, order_id, RANDOM).startswith(beginning)
    assert not build_merchant_uid(OTHER_TILL, order_id, RANDOM).startswith(beginning)
    assert build_merchant_uid(TILL, other, RANDOM).startswith(beginning) == (other == order_id)
    longer = build_merchant_uid(TILL, order_id * 36 % ROOM or 1, RANDOM)
    assert not longer.startswith(beginning)


@given(st.integers(ROOM, 2**63 - 1))
def test_an_order_without_room_is_left_out(order_id):
    number = build_merchant_uid(TILL, order_id, RANDOM)
    assert len(number) <= 40
    assert order_id_of(number, TILL) == 0


@given(st.text())
def test_number_of_another_system_names_no_order(text):
    assert order_id_of(text, TILL) is None


@given(st.integers(1, 2**63 - 1), st.text())
def test_tag_at_the_end_names_its_item_after_any_text(item_id, text):
    tag = build_refund_tag(item_id, "abcdefghijklm234")
    assert tag.startswith(TAG)
    assert trailing_tag(f"{text} {tag}") == tag
    assert item_id_of(tag) == item_id


def test_a_tag_of_a_whole_payment_names_no_item():
    assert item_id_of(build_refund_tag(None, "abc")) is None


RESTS = st.lists(st.integers(1, 10**10).map(Won), max_size=4)


def tag_after_all(tag: str, rests: list[Won]) -> str:
    for rest in rests:
        tag = tag_after(tag, rest)
    return tag


@given(st.sampled_from([None, 1, 36]), RESTS, RESTS)
def test_a_tag_of_a_rest_means_one_refund_of_one_amount(item_id, rests, others):
    """Whichever copy of a file makes it, out of the same tag."""
    first = build_refund_tag(item_id, "abcdefghijklmn23")
    tag, other = tag_after_all(first, rests), tag_after_all(first, others)
    assert (tag == other) is (rests == others)
    assert tag not in other or rests == others
    assert trailing_tag(f"단순 변심 {tag}") == tag
    assert item_id_of(tag) == item_id


def test_amounts_of_rests_do_not_run_together():
    """In base 36, as the item, 5 won and then 7 would be 7,315 won at once: 5N7."""
    first = build_refund_tag(None, "abc")
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
def test_text_that_is_no_tag(reason):
    assert trailing_tag(reason) == ""


def test_no_number_is_below_zero():
    with pytest.raises(ValueError, match="below 0"):
        build_refund_tag(-1, "a")
    with pytest.raises(ValueError, match="no tag"):
        item_id_of("[RF-1]")


@given(st.integers(0, 10**9), st.integers(0, 40))
def test_cut_number_of_ours_may_be_ours(order, length):
    number = build_merchant_uid("a1b2c3", order, "k3j9x8w7v6u5t4s3r2q1")
    whole = order_id_of(number[:length], "a1b2c3") is not None
    assert may_be_merchant_uid_of(number[:length], "a1b2c3") is (length >= 4 or whole)
    assert may_be_merchant_uid_of(number, "a1b2c3")
    assert not may_be_merchant_uid_of(number, "a1b2c4")


@pytest.mark.parametrize("number", ["", "pos", "web-pos-1", "POS-a1b2c3-a-1", " pos-a1b2c3-a-1"])
def test_a_number_that_begins_otherwise_is_not_ours(number):
    assert not may_be_merchant_uid_of(number, "a1b2c3")
