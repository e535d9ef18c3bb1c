"""Every row of the error table (docs/specification.md 2.2), in the order of the guards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import (
    guard_buyer,
    guard_buyer_cancel,
    guard_own_item,
    guard_pay,
    guard_seller,
    guard_seller_cancel,
)
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.users import User, UserStatus, parse_id

BUYER = User(1, "김하나")
OTHER = User(2, "이두리")
SELLER = User(7, "박가게", status=UserStatus.SELLER)
OTHER_SELLER = User(8, "최상점", status=UserStatus.SELLER)
ADMIN = User(9, "관리자", status=UserStatus.ADMIN)
ITEM = OrderItem(100, 10, 1, 7, 1000, "단팥빵", Won(2500), 2)
ORDER = Order(10, 1, datetime(2026, 1, 1, tzinfo=UTC), (ITEM,))


def with_status(*statuses: ItemStatus) -> Order:
    items = tuple(replace(ITEM, id=100 + n, status=one) for n, one in enumerate(statuses))
    return replace(ORDER, items=items)


def refusal(guard, *arguments) -> str | None:
    try:
        guard(*arguments)
    except UserError as error:
        return error.code.value
    return None


S = ItemStatus
PAID = [S.COMPLETE_PAYMENT, S.WAITING_FOR_DELIVERY, S.SHIPPING, S.DELIVERY_COMPLETE]


@pytest.mark.parametrize(
    ("user", "order", "code"),
    [
        (None, None, "user404"),
        (None, ORDER, "user404"),
        (BUYER, None, "order404"),
        (OTHER, ORDER, "order406"),
        (OTHER, with_status(S.CANCEL), "order406"),
        (BUYER, with_status(S.CANCEL, S.CANCEL), "order409_1"),
        (BUYER, replace(ORDER, items=()), "order409_1"),
        (BUYER, replace(ORDER, items=(replace(ITEM, price=Won(0)),)), "order409_1"),
        *[(BUYER, with_status(status), "order409_2") for status in PAID],
        (BUYER, with_status(S.COMPLETE_PAYMENT, S.CANCEL), "order409_2"),
        (BUYER, ORDER, None),
        (BUYER, with_status(S.WAITING_FOR_PAYMENT, S.CANCEL), None),
        (replace(SELLER, id=1), ORDER, None),
    ],
)
def test_pay_guards(user, order, code):
    assert refusal(guard_pay, Actor.buyer(1), user, order) == code


@pytest.mark.parametrize(
    ("user", "item", "code"),
    [
        (None, None, "user404"),
        (BUYER, None, "orderItem404"),
        (OTHER, ITEM, "orderItem406"),
        (OTHER, replace(ITEM, status=S.CANCEL), "orderItem406"),
        (BUYER, replace(ITEM, status=S.CANCEL), "orderItem409_1"),
        (BUYER, replace(ITEM, status=S.WAITING_FOR_DELIVERY), "orderItem409_2"),
        (BUYER, replace(ITEM, status=S.SHIPPING), "orderItem409_2"),
        (BUYER, replace(ITEM, status=S.DELIVERY_COMPLETE), "orderItem409_3"),
        (BUYER, ITEM, None),
        (BUYER, replace(ITEM, status=S.COMPLETE_PAYMENT), None),
    ],
)
def test_buyer_cancel_guards(user, item, code):
    assert refusal(guard_buyer_cancel, Actor.buyer(1), user, item) == code


@pytest.mark.parametrize(
    ("user", "item", "code"),
    [
        (None, None, "user404"),
        (BUYER, None, "seller406"),
        (ADMIN, ITEM, "seller406"),
        (SELLER, None, "orderItem404"),
        (OTHER_SELLER, ITEM, "orderItem406"),
        (OTHER_SELLER, replace(ITEM, status=S.CANCEL), "orderItem406"),
        (SELLER, replace(ITEM, status=S.CANCEL), "orderItem409_1"),
        *[(SELLER, replace(ITEM, status=status), None) for status in PAID],
        (SELLER, ITEM, None),
    ],
)
def test_seller_cancel_guards(user, item, code):
    assert refusal(guard_seller_cancel, Actor.seller(7), user, item) == code


def test_request_table_guards():
    assert refusal(guard_seller, Actor.seller(7), None) == "user404"
    assert refusal(guard_seller, Actor.seller(1), BUYER) == "seller406"
    assert refusal(guard_seller, Actor.seller(7), SELLER) is None


@pytest.mark.parametrize(
    ("guard", "actor", "user", "things", "code"),
    [
        (guard_pay, Actor.seller(1), BUYER, (ORDER,), "order406"),
        (guard_own_item, Actor.seller(1), BUYER, (ITEM,), "orderItem406"),
        (guard_buyer_cancel, Actor.seller(1), BUYER, (ITEM,), "orderItem406"),
        (guard_buyer, Actor.seller(1), BUYER, (), "user404"),
        (guard_seller, Actor.buyer(7), SELLER, (), "seller406"),
        (guard_seller_cancel, Actor.buyer(7), SELLER, (ITEM,), "seller406"),
        (guard_seller_cancel, Actor.person("7"), SELLER, (ITEM,), "seller406"),
    ],
)
def test_an_actor_of_another_kind_is_refused(guard, actor, user, things, code):
    """The number alone is not enough: seller 7 is no buyer 7, nor any other actor."""
    assert refusal(guard, actor, user, *things) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "-1",
        "+1",
        "0",
        "1.5",
        "1,000",
        "１２",
        "١٢",
        "9" * 19,
        "1" * 5000,
        "0x10",
        "1_000",
    ],
)
def test_ids_are_whole_numbers_and_nothing_else(text):
    with pytest.raises(UserError) as refused:
        parse_id(text)
    assert refused.value.code is ErrorCode.BAD_ID


def test_ids_as_people_type_them():
    assert parse_id(" 0042 ") == 42
    assert parse_id(str(2**63 - 1)) == 2**63 - 1


def test_an_order_has_a_name_for_portone():
    """docs/specification.md 2.3: ``첫상품 외 N건``, at most 40 characters, and the count is
    always seen."""
    assert ORDER.name == "단팥빵"
    three = replace(ORDER, items=(ITEM, replace(ITEM, id=101), replace(ITEM, id=102)))
    assert three.name == "단팥빵 외 2건"
    long = replace(ITEM, id=103, name="가" * 60)
    assert len(replace(ORDER, items=(long,)).name) == 40
    named = replace(ORDER, items=(long, ITEM)).name
    assert len(named) == 40
    assert named.endswith(" 외 1건")
    cancelled_first = replace(ORDER, items=(replace(ITEM, status=S.CANCEL, name="식빵"), ITEM))
    assert cancelled_first.name == "단팥빵"
