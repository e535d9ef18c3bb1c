"""Each use case takes an actor: a number of the other side, a person and the till are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from posapp.domain.actors import NOBODY, TILL, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import Decision, RequestKind
from tests.fakes.till import BUYER, SELLER, Till, an_order, with_status

UNPAID, PAID, DELIVERED = 100, 200, 300
SELLERS_NUMBER, BUYERS_NUMBER = Actor.buyer(SELLER), Actor.seller(BUYER)
"""The right number, and the wrong kind."""

NO_USERS = (Actor.person(), Actor.person("박가게"), TILL, NOBODY, Actor.parse("admin:7"))

Call = Callable[[Till, Actor], object]

OF_BUYERS: dict[str, tuple[Call, ErrorCode]] = {
    "summary": (lambda t, who: t.payment_service.get_summary(who, 10), ErrorCode.ORDER_OF_ANOTHER),
    "pay": (lambda t, who: t.payment_service.start(who, 10), ErrorCode.ORDER_OF_ANOTHER),
    "request": (
        lambda t, who: t.request_service.create(who, DELIVERED, RequestKind.REFUND, "안 맞아요"),
        ErrorCode.ITEM_OF_ANOTHER,
    ),
    "withdraw": (lambda t, who: t.request_service.withdraw(who, 301), ErrorCode.ITEM_OF_ANOTHER),
    "requests": (lambda t, who: t.request_service.of_buyer(who), ErrorCode.USER_UNKNOWN),
    "own items": (lambda t, who: t.buyer_lists.requestable_items(who, 5), ErrorCode.USER_UNKNOWN),
    "own requests": (lambda t, who: t.buyer_lists.requests(who, 5), ErrorCode.USER_UNKNOWN),
}

OF_SELLERS: dict[str, Call] = {
    "open the desk": lambda t, who: t.decision_service.get_seller(who),
    "preview": lambda t, who: t.decision_service.preview(who, [1]),
    "decide": lambda t, who: t.decision_service.decide(who, 1, Decision.APPROVE),
    "undo": lambda t, who: t.decision_service.undo(who, 1),
    "deliver": lambda t, who: t.fulfilment_service.advance(who, PAID),
    "hand over": lambda t, who: t.fulfilment_service.hand_over(who, PAID),
    "undo a step": lambda t, who: t.fulfilment_service.undo_step(who, PAID),
}


@pytest.fixture
def shop(till: Till) -> Iterator[Till]:
    delivered = with_status(an_order(30, (4000, 1), (4000, 1)), ItemStatus.DELIVERY_COMPLETE)
    paid = with_status(an_order(20), ItemStatus.COMPLETE_PAYMENT)
    till.stock_shop(an_order(10), paid, delivered)
    till.request_service.create(Actor.buyer(BUYER), 301, RequestKind.REFUND, "안 맞아요")
    yield till
    till.close()


def refusal(call: Call, shop: Till, actor: Actor) -> ErrorCode:
    before = records(shop)
    with pytest.raises(UserError) as refused:
        call(shop, actor)
    assert records(shop) == before
    return refused.value.code


def records(shop: Till) -> object:
    with shop.store.snapshot() as uow:
        rows = uow.ledger.rows(0, 99)
        requests = [uow.requests.for_order(number) for number in (10, 20, 30)]
        return rows, requests, [uow.orders.get(number) for number in (10, 20, 30)]


@pytest.mark.parametrize("name", OF_BUYERS)
def test_a_seller_s_number_is_no_buyer(shop: Till, name: str) -> None:
    call, code = OF_BUYERS[name]
    assert refusal(call, shop, BUYERS_NUMBER) is code
    assert not shop.books.links()
    for other in NO_USERS:
        assert refusal(call, shop, other) is ErrorCode.USER_UNKNOWN


@pytest.mark.parametrize("name", OF_SELLERS)
def test_a_buyer_s_number_is_no_seller(shop: Till, name: str) -> None:
    call = OF_SELLERS[name]
    assert refusal(call, shop, SELLERS_NUMBER) is ErrorCode.NOT_A_SELLER
    for other in NO_USERS:
        assert refusal(call, shop, other) is ErrorCode.USER_UNKNOWN


def test_actor_that_is_neither_buyer_nor_seller_cancels_nothing(shop: Till) -> None:
    calls: tuple[Call, ...] = (
        lambda t, who: t.cancellation_service.get_item(who, UNPAID),
        lambda t, who: t.cancellation_service.cancel(who, UNPAID, ""),
        lambda t, who: t.cancellation_service.refund(who, PAID, "", 5000),
    )
    for call in calls:
        assert refusal(call, shop, BUYERS_NUMBER) is ErrorCode.NOT_A_SELLER
        assert refusal(call, shop, SELLERS_NUMBER) is ErrorCode.ITEM_OF_ANOTHER
        for other in NO_USERS:
            assert refusal(call, shop, other) is ErrorCode.USER_UNKNOWN


def test_the_right_kind_is_let_through(shop: Till) -> None:
    assert shop.decision_service.get_seller(Actor.seller(SELLER)).id == SELLER
    assert len(shop.request_service.of_buyer(Actor.buyer(BUYER))) == 1
    assert shop.cancellation_service.cancel(Actor.seller(SELLER), UNPAID, "").cancel_reason
