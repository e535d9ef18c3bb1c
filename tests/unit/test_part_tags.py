"""Tags of refunds of some pieces of an item, and what is left of the item."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.merchant_numbers import (
    FIRST_PART,
    build_part_tag,
    build_refund_tag,
    build_remainder_tag,
    is_remainder_tag,
    item_id_of,
    may_name_item,
    part_of,
    tag_after,
    trailing_tag,
)
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.refunds import TAGGED_LENGTH
from tests.fakes.payments import REFUND
from tests.store.records import NOW, item, order

RANDOM = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16)
NUMBERS = st.integers(1, 2**63 - 1)
COUNTS = st.integers(1, 999_999_999)
PAID = ItemStatus.COMPLETE_PAYMENT


@given(RANDOM, NUMBERS, COUNTS)
def test_a_tag_names_part_item_and_pieces(random: str, of_item: int, count: int) -> None:
    tag = build_part_tag(build_refund_tag(None, random), of_item, count)
    part = part_of(tag)
    assert part is not None
    assert (part.of_item, part.count) == (of_item, count)
    assert part.number == item_id_of(tag) and FIRST_PART <= part.number < 10**15
    assert trailing_tag(f"단순 변심 {tag}") == tag
    assert not is_remainder_tag(tag)
    assert build_part_tag(build_refund_tag(None, random), of_item, count) == tag


def test_a_part_that_there_is_keeps_its_number_in_a_later_tag() -> None:
    first = build_part_tag("[RF-0-AAAABBBB]", 5495, 2)
    part = part_of(first)
    assert part is not None
    later = build_part_tag("[RF-0-CCCCDDDD]", 5495, 2, part.number)
    assert part_of(later) == part and later != first


@given(st.integers(0, 400), NUMBERS, COUNTS)
@example(200, 2**63 - 1, 999_999_999)
def test_a_reason_with_the_longest_tag_is_no_longer_than_with_a_short_one(
    length: int, of_item: int, count: int
) -> None:
    tag = build_part_tag(build_refund_tag(None, "A" * 16), of_item, count)
    refund = replace(REFUND, reason="가" * length, tag=tag)
    assert len(refund.tagged_reason) <= TAGGED_LENGTH
    assert trailing_tag(refund.tagged_reason) == tag


def test_a_reason_of_200_characters_is_whole_before_a_usual_tag() -> None:
    refund = replace(REFUND, reason="가" * 300, tag=build_refund_tag(2**63 - 1, "A" * 16))
    assert (
        refund.tagged_reason.startswith("가" * 200) and len(refund.tagged_reason) <= TAGGED_LENGTH
    )


@given(RANDOM, NUMBERS)
def test_no_other_tag_names_a_part(random: str, item_id: int) -> None:
    whole = build_refund_tag(None, random)
    for tag in (
        build_refund_tag(item_id, random),
        whole,
        build_remainder_tag(whole),
        tag_after(whole, Won(900)),
        "",
        "[RF-1-9P5X2XAAAA]",
    ):
        assert part_of(tag) is None


@pytest.mark.parametrize("tag", ["[RF-5-AAAA]", build_remainder_tag("[RF-0-AAAA]"), ""])
def test_a_part_is_tagged_from_a_fresh_tag_alone(tag: str) -> None:
    with pytest.raises(ValueError, match="no fresh tag"):
        build_part_tag(tag, 5, 2)


def test_a_cut_tag_may_name_the_part_or_its_item() -> None:
    tag = build_part_tag("[RF-0-AAAABBBB]", 5495, 2)
    part = part_of(tag)
    assert part is not None
    end = tag.index("X2X")
    for cut in (tag[: end + 3], tag[:end], tag[: end - 2], tag[: tag.index("-9P") + 1]):
        assert may_name_item(f"변심 {cut}", part.number)
        assert may_name_item(f"변심 {cut}", 5495)
    assert may_name_item(f"변심 {tag[: end - 2]}", 5488), "54… is all that is left of it"
    assert not may_name_item(f"변심 {tag[: end + 1]}", 54), "its number is whole"
    assert not may_name_item(f"변심 {tag[:end]}", 77)
    assert not may_name_item(f"변심 {tag[:end]}", None)


@pytest.mark.parametrize("number", [2024112912345678, FIRST_PART + 7])
def test_a_cut_tag_of_an_item_with_a_long_number_is_of_no_other_item(number: int) -> None:
    """Marketplaces number items with sixteen digits; the letters of a tag begin with no 9."""
    tag = build_refund_tag(number, "ABCD234567")
    for cut in (tag[:-1], tag[: tag.index("BCD")], f"{tag[:-4]}…"):
        assert may_name_item(f"변심 {cut}", number)
        assert not may_name_item(f"변심 {cut}", 5495)


@given(RANDOM, st.integers(1, 9))
def test_a_tag_that_is_cut_in_the_number_of_a_part_may_be_of_any_item(
    random: str, digits: int
) -> None:
    tag = build_part_tag(build_refund_tag(None, random), 5495, 2)
    cut = tag[: len("[RF-") + digits]
    assert may_name_item(f"변심 {cut}", 5495)
    assert not may_name_item(f"변심 {cut}", None), "it is no tag of a whole payment"


@pytest.mark.parametrize("cut", ["[RF-9-", "[RF-8V0-", "[RF--", "[RF-9UGXNORJLS-"])
def test_a_whole_number_that_is_no_parts_is_another_items(cut: str) -> None:
    assert not may_name_item(f"변심 {cut}", 5495)


@pytest.mark.parametrize("cut", ["[RF-5", "[RF-7ZZZZZZZZZ", "[RF-9V", "[RF-A", "[RF-9UIZ00000"])
def test_a_cut_number_that_begins_no_part_is_another_items(cut: str) -> None:
    assert not may_name_item(f"변심 {cut}", 5495)


def test_a_tag_of_a_part_without_its_punctuation_may_be_of_any_item() -> None:
    tag = build_part_tag("[RF-0-AAAABBBB]", 5495, 2)
    for spoilt in (tag.strip("[]"), tag.replace("-", " ").strip("[]"), tag.replace("[", "(")):
        assert may_name_item(f"변심 {spoilt}", 5495)
    assert not may_name_item("변심 RF-JOXVBDJ37K-AAAABBBB", 5495)
    assert not may_name_item(f"변심 {tag.strip('[]')}", None)


def test_a_tag_that_is_cut_before_its_letters_may_be_of_any_part() -> None:
    for end in ("-", "-…", "-9", "-9P", "-9P…"):
        cut = build_refund_tag(FIRST_PART + 7, "A")[:-3] + end
        assert may_name_item(f"변심 {cut}", 5495)
    assert not may_name_item(f"변심 {build_refund_tag(2 * 10**15, 'A')[:-3]}-", 5495)


@given(
    price=st.integers(0, 10_000_000),
    count=st.integers(2, 99),
    taken=st.data(),
    status=st.sampled_from([one for one in ItemStatus if one not in (ItemStatus.CANCEL,
                            ItemStatus.WAITING_FOR_PAYMENT)]),
)  # fmt: skip
def test_parts_are_exact_and_sums_stay_whole(
    price: int, count: int, taken: st.DataObject, status: ItemStatus
) -> None:
    """Again and again, until one piece is left."""
    whole = item(10, 1, status, price=Won(price), count=count)
    rest, parts = whole, []
    while rest.count > 1 and len(parts) < 5:
        pieces = taken.draw(st.integers(1, rest.count - 1))
        rest, part = rest.divide(FIRST_PART + len(parts), pieces)
        assert part.total == price * pieces
        assert part == replace(whole, id=part.id, count=pieces, part_of=10)
        parts.append(part)
    assert rest == replace(whole, count=rest.count)
    assert rest.count + sum(one.count for one in parts) == count
    assert rest.total + sum(one.total for one in parts) == whole.total
    divided = replace(order(1), items=(rest, *parts))
    assert divided.total == whole.total
    assert divided.ordered_items == (whole,)


@pytest.mark.parametrize(
    ("given_item", "count", "code"),
    [
        (item(1, 1, PAID, count=3), 0, ErrorCode.PART_COUNT),
        (item(1, 1, PAID, count=3), -1, ErrorCode.PART_COUNT),
        (item(1, 1, PAID, count=3), 3, ErrorCode.PART_COUNT),
        (item(1, 1, PAID, count=3), 4, ErrorCode.PART_COUNT),
        (item(1, 1, PAID, count=1), 1, ErrorCode.PART_COUNT),
        (item(1, 1, ItemStatus.WAITING_FOR_PAYMENT, count=3), 1, ErrorCode.NOT_PAID_YET),
        (item(1, 1, ItemStatus.CANCEL, count=3), 1, ErrorCode.NOT_PAID_YET),
        (item(1, 1, PAID, count=3, part_of=9), 1, ErrorCode.PART_OF_PART),
    ],
)
def test_what_cannot_be_divided(given_item: OrderItem, count: int, code: ErrorCode) -> None:
    with pytest.raises(UserError) as refused:
        given_item.divide(FIRST_PART, count)
    assert refused.value.code is code


def test_an_order_without_parts_is_as_it_was_ordered() -> None:
    whole = Order(1, 1, NOW, (item(1, 1, PAID), item(2, 1, ItemStatus.CANCEL)))
    assert whole.ordered_items == whole.items


def test_a_divided_item_counts_once_in_the_name_of_its_order() -> None:
    whole = item(10, 1, PAID, count=5)
    rest, part = whole.divide(FIRST_PART, 2)
    divided = Order(1, 1, NOW, (rest, item(11, 1, PAID), part))
    assert divided.name == Order(1, 1, NOW, (whole, item(11, 1, PAID))).name
    gone = replace(rest, status=ItemStatus.CANCEL)
    assert Order(1, 1, NOW, (gone, part)).name == Order(1, 1, NOW, (whole,)).name
