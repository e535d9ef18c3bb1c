"""A buyer's side: every rule and order of docs/specification.md 5, and withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import (
    MAX_REQUEST_TEXT_LENGTH,
    ClosedBy,
    Decision,
    RequestKind,
    RequestState,
)
from posapp.services.orders.order_history import OrderHistoryService
from tests.requests.desk import BUYER, OTHER_BUYER, SELLER, Desk

REFUND, EXCHANGE = RequestKind.REFUND, RequestKind.EXCHANGE


def code_of(action: Callable[[], object]) -> ErrorCode:
    with pytest.raises(UserError) as error:
        action()
    return error.value.code


def test_request_waits_with_its_reason(desk: Desk) -> None:
    desk.sell(1, 5000, 3000)
    made = desk.request_service.create(Actor.buyer(BUYER), 11, EXCHANGE, "  색이\n달라요 ")
    assert (made.kind, made.state, made.reason) == (EXCHANGE, RequestState.WAIT, "색이 달라요")
    assert (made.seller_id, made.buyer_id, made.item_id, made.order_id) == (SELLER, BUYER, 11, 1)
    assert (made.created_at, made.processed_at) == (desk.clock.now(), None)
    assert desk.request(made.id) == made
    assert desk.ledger() == (), "a wish is no fact about money or goods"


def test_the_guards_run_in_their_order(desk: Desk) -> None:
    """Each later one would fail as well."""
    desk.sell(1, status=ItemStatus.SHIPPING)

    def make(user: int, item: int) -> ErrorCode:
        return code_of(lambda: desk.request_service.create(Actor.buyer(user), item, REFUND, ""))

    assert make(99, 99) is ErrorCode.USER_UNKNOWN
    assert make(OTHER_BUYER, 99) is ErrorCode.ITEM_UNKNOWN
    assert make(OTHER_BUYER, 10) is ErrorCode.ITEM_OF_ANOTHER
    assert make(BUYER, 10) is ErrorCode.REQUEST_ITEM_STATE
    desk.put(10, ItemStatus.DELIVERY_COMPLETE)
    assert make(BUYER, 10) is ErrorCode.REASON_REQUIRED


@pytest.mark.parametrize("status", [s for s in ItemStatus if s is not ItemStatus.DELIVERY_COMPLETE])
def test_only_delivered_items_can_be_requested(desk: Desk, status: ItemStatus) -> None:
    desk.sell(1)
    desk.put(10, status)
    assert code_of(lambda: desk.ask(10)) is ErrorCode.REQUEST_ITEM_STATE


@pytest.mark.parametrize(("waiting", "requested"), list(product(RequestKind, RequestKind)))
def test_second_request_is_refused_naming_the_first(
    desk: Desk, waiting: RequestKind, requested: RequestKind
) -> None:
    desk.sell(1, 5000, 3000)
    desk.ask(10, waiting)
    expected = {
        (REFUND, REFUND): ErrorCode.REQUEST_SENT,
        (EXCHANGE, EXCHANGE): ErrorCode.REQUEST_SENT,
        (REFUND, EXCHANGE): ErrorCode.REQUEST_REFUND_WAITING,
        (EXCHANGE, REFUND): ErrorCode.REQUEST_EXCHANGE_WAITING,
    }
    assert code_of(lambda: desk.ask(10, requested, reason="")) is expected[waiting, requested]
    desk.ask(11, requested)


@pytest.mark.parametrize("reason", ["", "  \n\t", "\u200b\u202e"])
def test_a_reason_is_required(desk: Desk, reason: str) -> None:
    desk.sell(1)
    assert code_of(lambda: desk.ask(10, reason=reason)) is ErrorCode.REASON_REQUIRED


def test_a_long_reason_is_cut_and_split_syllables_are_joined(desk: Desk) -> None:
    desk.sell(1, 1000, 1000)
    assert len(desk.ask(10, reason="가" * 900).reason) == MAX_REQUEST_TEXT_LENGTH
    assert desk.ask(11, reason="\u1112\u116a\u11ab\u1107\u116e\u11af").reason == "환불"


def test_money_on_its_way_back_cannot_be_requested_again(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    desk.desk.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE)
    assert code_of(lambda: desk.ask(10)) is ErrorCode.REFUND_IN_FLIGHT


def test_withdrawn_request_allows_another(desk: Desk) -> None:
    desk.sell(1)
    requested = desk.ask(10)
    desk.clock.advance(seconds=60)
    ended = desk.request_service.withdraw(Actor.buyer(BUYER), 10)
    assert (ended.id, ended.state, ended.ended_by) == (
        requested.id,
        RequestState.CANCEL,
        ClosedBy.BUYER,
    )
    assert ended.processed_by == Actor.buyer(1)
    assert ended.processed_at == requested.created_at + timedelta(seconds=60)
    assert desk.request(requested.id) == ended
    (row,) = desk.ledger()
    assert (row.entry.event, row.entry.actor) == (LedgerEvent.REQUEST_WITHDRAWN, Actor.buyer(1))
    assert (row.entry.reference, row.entry.item_id) == (f"request:{requested.id}", 10)
    desk.ask(10, EXCHANGE)


def test_only_own_waiting_requests_can_be_withdrawn(desk: Desk) -> None:
    desk.sell(1)

    def withdraw(user: int, item: int) -> ErrorCode:
        return code_of(lambda: desk.request_service.withdraw(Actor.buyer(user), item))

    assert withdraw(99, 10) is ErrorCode.USER_UNKNOWN
    assert withdraw(BUYER, 99) is ErrorCode.ITEM_UNKNOWN
    assert withdraw(BUYER, 10) is ErrorCode.REQUEST_NONE_WAITING
    requested = desk.ask(10)
    assert withdraw(OTHER_BUYER, 10) is ErrorCode.ITEM_OF_ANOTHER
    desk.desk.decide(Actor.seller(SELLER), requested.id, Decision.REJECT, "사용함")
    assert withdraw(BUYER, 10) is ErrorCode.REQUEST_NONE_WAITING


def test_a_buyer_sees_the_own_requests_newest_first(desk: Desk) -> None:
    desk.sell(1, 1000, 1000)
    desk.sell(2, buyer=OTHER_BUYER)
    first = desk.ask(10)
    desk.clock.advance(seconds=1)
    second = desk.ask(11)
    desk.ask(20)
    assert desk.request_service.of_buyer(Actor.buyer(BUYER)) == (second, first)
    assert code_of(lambda: desk.request_service.of_buyer(Actor.buyer(99))) is ErrorCode.USER_UNKNOWN


def test_the_orders_history_shows_its_requests(desk: Desk) -> None:
    desk.sell(1, 1000, 1000)
    desk.sell(2)
    requests = (desk.ask(11), desk.ask(10, EXCHANGE))
    desk.ask(20)
    assert OrderHistoryService(desk.store).for_order(1).requests == requests
