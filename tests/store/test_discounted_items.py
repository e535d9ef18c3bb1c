"""Items with a discount: every sum counts it, and no part is taken out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.domain.vat import TaxKind
from posapp.services.ports.fulfilment_search import FulfilmentFilter
from posapp.services.ports.order_search import OrderFilter
from posapp.store.search.buyer_search import SqlBuyerSearch
from posapp.store.search.fulfilment_search import SqlFulfilmentSearch
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, item, user

ITEM = replace(
    item(10, 1, ItemStatus.DELIVERY_COMPLETE),
    discount=Won(757),
    tax=TaxKind.EXEMPT,
    options="3 1",
    measure="0.532kg × 12,900원/kg",
)
OTHER = item(11, 1, ItemStatus.COMPLETE_PAYMENT, discount=Won(1_000))
TOTALS = {10: 9_000 - 757, 11: 9_000 - 1_000}


@pytest.fixture
def shop(store: SqlStore) -> Iterator[SqlStore]:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1), user(9)])
        uow.catalogue.add_orders([Order(1, 1, NOW, (ITEM, OTHER), is_counter=True, note="봉투")])
        uow.commit()
    yield store


def test_all_of_an_order_of_the_counter_is_kept(shop: SqlStore) -> None:
    kept = Order(1, 1, NOW, (ITEM, OTHER), is_counter=True, note="봉투")
    with shop.snapshot() as uow:
        assert uow.orders.get(1) == kept
        assert uow.orders.newest(1) == (kept,)
        assert uow.catalogue.existing_orders([1]) == {1: kept}


def test_every_sum_is_without_the_discount(shop: SqlStore) -> None:
    """A request is decided by the amount that is copied into it."""
    (buyers,) = SqlBuyerSearch(shop).requestable_items(1, 9).rows
    assert buyers.total == TOTALS[10]
    page = SqlFulfilmentSearch(shop).page(9, FulfilmentFilter(), 9)
    assert {row.item_id: row.total for row in page.rows} == {11: TOTALS[11]}
    with shop.transaction() as uow:
        request = Request(
            0, RequestKind.REFUND, RequestState.WAIT, 9, 1, 10, 1, reason="변심", created_at=NOW
        )
        number = uow.requests.add(request).id
        query = f"SELECT amount FROM requests WHERE id = {number}"
        assert uow.connection.exec_driver_sql(query).scalar_one() == TOTALS[10]
        assert uow.orders.get(1).total == sum(TOTALS.values())
        sums = uow.connection.exec_driver_sql("SELECT amount, ordered FROM orders").one()
        assert sums == (sum(TOTALS.values()),) * 2
        uow.orders.save_items([replace(OTHER, status=ItemStatus.CANCEL)])
        uow.commit()
    for amount in (TOTALS[10], sum(TOTALS.values())):
        (found,) = SqlOrderSearch(shop).page(OrderFilter(text=f"{amount}원"), 9).rows
        assert found.order_id == 1


def test_no_part_is_taken_out_of_it(shop: SqlStore) -> None:
    """Its discount has no exact part for each piece: rules and database refuse it."""
    assert OTHER.count > 1
    assert not OTHER.is_divisible
    with pytest.raises(UserError) as refused:
        OTHER.divide(900, 1)
    assert refused.value.code is ErrorCode.PART_DISCOUNTED
    for off in (0, 500):
        part = replace(OTHER, id=900, count=1, part_of=11, discount=Won(off))
        with shop.transaction() as uow, pytest.raises(UserError) as stopped:
            uow.orders.divide(part)
        assert stopped.value.code is ErrorCode.PART_REFUSED
    assert replace(OTHER, discount=Won(0)).is_divisible
