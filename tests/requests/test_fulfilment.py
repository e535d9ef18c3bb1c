"""The whole life of an item: one step at a time, by its seller."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import Decision
from tests.requests.desk import BUYER, OTHER_SELLER, SELLER, Desk


def test_step_by_step_until_it_is_there(desk: Desk) -> None:
    desk.sell(1, status=ItemStatus.COMPLETE_PAYMENT)
    seen = [desk.fulfilment_service.advance(Actor.seller(SELLER), 10).status for _ in range(3)]
    assert seen == [
        ItemStatus.WAITING_FOR_DELIVERY,
        ItemStatus.SHIPPING,
        ItemStatus.DELIVERY_COMPLETE,
    ]
    assert code(desk, SELLER, 10) is ErrorCode.ITEM_STEP
    desk.ask(10)


def code(desk: Desk, seller: int, item: int, *, hand_over: bool = False) -> ErrorCode:
    action = desk.fulfilment_service.hand_over if hand_over else desk.fulfilment_service.advance
    with pytest.raises(UserError) as error:
        action(Actor.seller(seller), item)
    return error.value.code


def test_over_the_counter_it_is_there_at_once(desk: Desk) -> None:
    desk.sell(1, status=ItemStatus.COMPLETE_PAYMENT)
    assert (
        desk.fulfilment_service.hand_over(Actor.seller(SELLER), 10).status
        is ItemStatus.DELIVERY_COMPLETE
    )
    assert code(desk, SELLER, 10, hand_over=True) is ErrorCode.ITEM_STEP


@pytest.mark.parametrize("hand_over", [False, True])
def test_the_guards_run_in_their_order(desk: Desk, hand_over: bool) -> None:
    desk.sell(1, 1000, 1000)
    desk.put(10, ItemStatus.CANCEL)

    def refused(seller: int, item: int) -> ErrorCode:
        return code(desk, seller, item, hand_over=hand_over)

    assert refused(99, 99) is ErrorCode.USER_UNKNOWN
    assert refused(BUYER, 99) is ErrorCode.NOT_A_SELLER
    assert refused(SELLER, 99) is ErrorCode.ITEM_UNKNOWN
    assert refused(OTHER_SELLER, 10) is ErrorCode.ITEM_OF_ANOTHER
    assert refused(SELLER, 10) is ErrorCode.ITEM_CANCELLED
    desk.desk.decide(Actor.seller(SELLER), desk.ask(11).id, Decision.APPROVE)
    assert refused(SELLER, 11) is ErrorCode.REFUND_IN_FLIGHT


def test_unpaid_item_is_not_delivered(desk: Desk) -> None:
    desk.sell(1, status=ItemStatus.WAITING_FOR_PAYMENT)
    assert code(desk, SELLER, 10) is ErrorCode.ITEM_STEP
