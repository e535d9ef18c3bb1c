"""Summaries of orders against the records that they summarise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.claims import ClaimState, PaymentClaim
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderState
from posapp.sandbox.server import Sandbox
from posapp.services.ports.order_search import OrderSummary
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, OTHER_BUYER, SELLER, Actor, Till, an_order, with_status
from tests.fakes.world import FakeClock, NumberedIds
from tests.store.plans import plans_of

S = ItemStatus


@pytest.fixture
def shop(tmp_path: Path, clock: FakeClock) -> Iterator[Till]:
    sandbox = Sandbox(clock=clock.unix)
    gateway = BooksGateway(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    yield till
    till.close()


def at_minute(order: Order, minute: int) -> Order:
    return replace(order, created_at=order.created_at + timedelta(minutes=minute))


def test_the_newest_orders_of_every_state_come_first(shop: Till) -> None:
    orders = [with_status(an_order(10 + n), one) for n, one in enumerate(S)]
    shop.stock_shop(*(at_minute(one, -n) for n, one in enumerate(orders)), an_order(9))
    found = shop.order_summary_service.recent(99)
    # The same minute: the larger number is the newer one.
    assert [one.order_id for one in found] == [10, 9, 11, 12, 13, 14, 15]
    assert [one.state for one in found] == [
        OrderState.WAITING_FOR_PAYMENT,
        OrderState.WAITING_FOR_PAYMENT,
        OrderState.PAID,
        OrderState.IN_DELIVERY,
        OrderState.IN_DELIVERY,
        OrderState.DELIVERED,
        OrderState.CANCELLED,
    ]
    assert [one.order_id for one in shop.order_summary_service.recent(3)] == [10, 9, 11]
    assert len(shop.order_summary_service.recent(0)) == 1
    assert len(shop.order_summary_service.recent(10**12)) == 7


def test_a_summary_has_what_a_line_shows(shop: Till, clock: FakeClock) -> None:
    shop.stock_shop(an_order(10, (5000, 2), (3000, 1), (700, 3), buyer=OTHER_BUYER))
    shop.paid_order(10)
    shop.cancellation_service.refund(Actor.seller(SELLER), 100, "품절", 10_000)
    shop.pass_time(60)
    assert shop.order_summary_service.get(10) == OrderSummary(
        order_id=10,
        created_at=shop.order(10).created_at,
        state=OrderState.PAID,
        name="상품 101 외 1건",
        item_count=2,
        total=Won(5100),
        cancelled_count=1,
        cancelled_total=Won(10_000),
        buyer_id=OTHER_BUYER,
        buyer_name="이두리",
        buyer_phone="010-0000-0002",
        items=shop.order(10).items,
    )
    assert shop.order_summary_service.recent(5) == (shop.order_summary_service.get(10),)


def test_a_cancelled_order_keeps_its_name_and_what_it_came_to(shop: Till) -> None:
    shop.stock_shop(with_status(an_order(10, (5000, 2), (3000, 1), buyer=77), S.CANCEL))
    (found,) = shop.order_summary_service.recent(5)
    assert (found.state, found.name) == (OrderState.CANCELLED, "상품 100 외 1건")
    assert (found.item_count, found.total) == (0, Won(0))
    assert (found.cancelled_count, found.cancelled_total) == (2, Won(13_000))
    assert (found.buyer_id, found.buyer_name, found.buyer_phone) == (77, "", "")


@pytest.mark.parametrize("state", ClaimState)
def test_an_order_whose_payment_a_file_claims_is_marked(shop: Till, state: ClaimState) -> None:
    shop.stock_shop(an_order(10), an_order(20))
    now = shop.clock.now()
    due_at = now if state is ClaimState.WAITING else None
    claim = PaymentClaim(
        10, "imp_1", "W-1", Won(5000), now, "orders.json:3", (), (), (), state, due_at
    )
    with shop.store.transaction() as uow:
        uow.claims.save(claim)
        uow.commit()
    marked = {one.order_id for one in shop.order_summary_service.recent(9) if one.is_claimed}
    assert marked == ({10} if state is ClaimState.WAITING else set())


def test_an_unknown_order_and_an_empty_shop(shop: Till) -> None:
    assert shop.order_summary_service.recent(5) == ()
    assert shop.order_summary_service.get(10) is None


def test_a_found_order_has_a_summary(shop: Till) -> None:
    """As home finds it by number: a paid one, typed or scanned."""
    shop.stock_shop(an_order(10, buyer=BUYER))
    shop.paid_order(10)
    for text in ("10", "PO10", "10번"):
        found = shop.scan_lookup.find(text)
        assert isinstance(found, Order)
        summary = shop.order_summary_service.get(found.id)
        assert summary is not None
        assert (summary.state, summary.total) == (OrderState.PAID, found.total)


def test_the_newest_are_read_along_the_index_of_times(shop: Till) -> None:
    shop.stock_shop(an_order(10), an_order(20))
    plans = plans_of(shop.store, lambda: shop.order_summary_service.recent(5))
    assert plans[0] == ["SCAN orders USING INDEX ix_orders_created"]
    steps = [step for plan in plans[1:] for step in plan]
    assert not [step for step in steps if step.startswith("SCAN")]
