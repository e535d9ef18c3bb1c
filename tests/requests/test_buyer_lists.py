"""A buyer's own items and requests, against the guards that decide about a new request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import OPEN, Refund, RefundOrigin, RefundState
from posapp.domain.requests import Decision, RequestKind, RequestState, guard_create_request
from posapp.services.ports.buyer_search import RequestableItem
from posapp.services.ports.requests import RefundProgress
from posapp.services.requests.buyer_lists import BuyerLists
from posapp.store.search.buyer_search import SqlBuyerSearch
from tests.requests.desk import BUYER, OTHER_BUYER, OTHER_SELLER, SELLER, Desk
from tests.store.plans import plans_of

ME, SELLERS = Actor.buyer(BUYER), Actor.seller(SELLER)


@pytest.fixture
def lists(desk: Desk) -> BuyerLists:
    return BuyerLists(desk.store, SqlBuyerSearch(desk.store))


def may_ask(desk: Desk, item_id: int) -> bool:
    """Whether a request can be made now, as the service that makes it decides."""
    with desk.store.snapshot() as uow:
        try:
            guard_create_request(
                ME,
                uow.people.get(BUYER),
                uow.orders.item(item_id),
                RequestKind.EXCHANGE,
                uow.requests.waiting_of_item(item_id),
                uow.refunds.of_item(item_id),
                "작아요",
            )
        except UserError:
            return False
    return True


def agree(desk: Desk, lists: BuyerLists, *items: int) -> set[int]:
    listed = {row.item_id for row in lists.requestable_items(ME, 99).rows}
    assert listed == {item for item in items if may_ask(desk, item)}
    return listed


def test_a_row_has_what_a_buyer_recognises(desk: Desk, lists: BuyerLists) -> None:
    whole = desk.sell(1, 5000, 700, seller=OTHER_SELLER)
    assert lists.requestable_items(ME, 5).rows == (
        RequestableItem(
            11, 1, whole.created_at, 1, "상품 11", 2, Won(1400), ItemStatus.DELIVERY_COMPLETE,
            OTHER_SELLER,
        ),
        RequestableItem(
            10, 1, whole.created_at, 0, "상품 10", 2, Won(10_000), ItemStatus.DELIVERY_COMPLETE,
            OTHER_SELLER,
        ),
    )  # fmt: skip


def test_only_delivered_items_of_the_buyer_can_be_asked_about(
    desk: Desk, lists: BuyerLists
) -> None:
    statuses = list(ItemStatus)
    desk.sell(1, *[1000] * len(statuses))
    desk.sell(2, buyer=OTHER_BUYER)
    items = [10 + n for n in range(len(statuses))]
    for item, status in zip(items, statuses, strict=True):
        desk.put(item, status)
    delivered = items[statuses.index(ItemStatus.DELIVERY_COMPLETE)]
    assert agree(desk, lists, *items, 20) == {delivered}


def test_a_waiting_request_takes_its_item_off_the_list(desk: Desk, lists: BuyerLists) -> None:
    desk.sell(1, 1000, 1000)
    assert agree(desk, lists, 10, 11) == {10, 11}
    asked = desk.ask(10)
    assert agree(desk, lists, 10, 11) == {11}
    desk.desk.decide(SELLERS, asked.id, Decision.REJECT, "아니요")
    assert agree(desk, lists, 10, 11) == {10, 11}
    desk.desk.decide(SELLERS, desk.ask(10).id, Decision.APPROVE)
    assert agree(desk, lists, 10, 11) == {11}, "its money is on the way"


@pytest.mark.parametrize("state", RefundState)
@pytest.mark.parametrize("covered", [False, True])
def test_items_whose_money_goes_back_are_not_listed(
    desk: Desk, lists: BuyerLists, state: RefundState, covered: bool
) -> None:
    desk.sell(1, 1000, 1000, 1000)
    refund = Refund(
        0, "imp_1", 1, 10, RefundOrigin.ITEM, Won(2000), "x", "[RF-1]", ME, SELLERS,
        desk.clock.now(), state,
    )  # fmt: skip
    with desk.store.transaction() as uow:
        uow.refunds.add(replace(refund, item_id=None, covers="10 12") if covered else refund)
        uow.commit()
    gone = ({10, 12} if covered else {10}) if state in OPEN else set()
    assert agree(desk, lists, 10, 11, 12) == {10, 11, 12} - gone


def test_pages_of_items_follow_each_other(desk: Desk, lists: BuyerLists) -> None:
    for order in (3, 1, 2):  # 1 and 2 of the same moment
        desk.sell(order, *[100] * 3)
        desk.clock.advance(seconds=0 if order == 1 else 60)
    expected = [22, 21, 20, 12, 11, 10, 32, 31, 30]
    for size in (1, 2, 4, 9):
        found: list[int] = []
        after = None
        while True:
            page = lists.requestable_items(ME, size, after)
            found += [row.item_id for row in page.rows]
            assert page.more is (len(found) < len(expected))
            if not page.more:
                break
            after = page.rows[-1].cursor
        assert found == expected
    assert len(lists.requestable_items(ME, 0).rows) == 1


def test_requests_in_every_state_are_listed_newest_first(desk: Desk, lists: BuyerLists) -> None:
    desk.sell(1, 1000, 1000, 1000, 1000)
    desk.sell(2, buyer=OTHER_BUYER)
    desk.ask(20)
    waiting, approved, rejected, withdrawn = (desk.ask(item) for item in (10, 11, 12, 13))
    desk.desk.decide(SELLERS, approved.id, Decision.APPROVE)
    desk.desk.decide(SELLERS, rejected.id, Decision.REJECT, "품절")
    desk.request_service.withdraw(ME, 13)
    rows = lists.requests(ME, 9).rows
    assert [(row.id, row.state) for row in rows] == [
        (withdrawn.id, RequestState.CANCEL),
        (rejected.id, RequestState.CANCEL),
        (approved.id, RequestState.OK),
        (waiting.id, RequestState.WAIT),
    ]
    assert [row.id for row in rows] == [one.id for one in desk.request_service.of_buyer(ME)]
    assert (rows[2].money, rows[2].amount) == (RefundProgress.WAITING, 2000)
    assert (rows[1].note, rows[1].product_name) == ("품절", "상품 12")
    first = lists.requests(ME, 3)
    assert (first.rows, first.more) == (rows[:3], True)
    rest = lists.requests(ME, 3, (first.rows[-1].created_at, first.rows[-1].id))
    assert (rest.rows, rest.more) == (rows[3:], False)


def test_an_unknown_buyer_and_a_seller_are_refused(desk: Desk, lists: BuyerLists) -> None:
    for actor in (Actor.buyer(99), SELLERS, Actor.person()):
        for read in (lists.requestable_items, lists.requests):
            with pytest.raises(UserError) as refused:
                read(actor, 5)
            assert refused.value.code is ErrorCode.USER_UNKNOWN


def test_the_plans_seek_in_the_buyers_own_rows(desk: Desk, lists: BuyerLists) -> None:
    now = desk.clock.now()
    for after in (None, (now, 1, 1)):
        _, plan = plans_of(desk.store, lambda: lists.requestable_items(ME, 9, after))  # noqa: B023
        bound = "" if after is None else " AND created_at<?"
        assert f"INDEX ix_orders_buyer (buyer_id=?{bound})" in plan[0]
        assert not [step for step in plan if step.startswith(("SCAN", "USE TEMP"))]
    for key in (None, (now, 1)):
        _, plan = plans_of(desk.store, lambda: lists.requests(ME, 9, key))  # noqa: B023
        assert "INDEX ix_requests_buyer (buyer_id=?" in plan[0]
        assert not [step for step in plan if step.startswith(("SCAN", "USE TEMP"))]
