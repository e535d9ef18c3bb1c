"""Items with a discount: every sum counts it, and a part takes its share of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

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


ODD = replace(OTHER, discount=Won(1_001))


def test_a_part_takes_its_share_of_the_discount(shop: SqlStore) -> None:
    assert (OTHER.count, OTHER.is_divisible, OTHER.total_of(1)) == (2, True, 4_000)
    rest, part = OTHER.divide(900, 1)
    assert (rest.discount, part.discount, rest.total, part.total) == (500, 500, 4_000, 4_000)
    with shop.transaction() as uow:
        uow.orders.divide(part)
        found = uow.orders.get(1)
        assert found is not None
        assert found.items == (ITEM, rest, part)
        assert found.ordered_items == (ITEM, OTHER)
        assert found.total == sum(TOTALS.values())
        sums = uow.connection.exec_driver_sql("SELECT amount, ordered FROM orders").one()
        assert sums == (sum(TOTALS.values()),) * 2


def test_a_share_is_rounded_for_the_buyer_and_the_rest_stays(shop: SqlStore) -> None:
    rest, part = ODD.divide(900, 1)
    assert (part.total, rest.total, part.total + rest.total) == (4_000, 3_999, ODD.total)


@pytest.mark.parametrize("off", [-1, 0, 497, 503, 1_000, 1_001])
def test_no_part_takes_another_share(shop: SqlStore, off: int) -> None:
    """Rules and database refuse it; a won for each piece more or less may be of another order of
    parts."""
    with pytest.raises(UserError) as refused:
        OTHER.divide(900, 1, OTHER.price - off)
    assert refused.value.code is ErrorCode.PART_REFUSED
    if off < 0:
        return
    part = replace(OTHER, id=900, count=1, part_of=11, discount=Won(off))
    with shop.transaction() as uow, pytest.raises(UserError) as stopped:
        uow.orders.divide(part)
    assert stopped.value.code is ErrorCode.PART_REFUSED


def test_a_share_of_another_order_of_parts(shop: SqlStore) -> None:
    rest, part = OTHER.divide(900, 1, Won(4_001))
    assert (part.discount, rest.discount) == (499, 501)
    with shop.transaction() as uow:
        uow.orders.divide(part)


@pytest.mark.parametrize("change", ["discount = 999", "discount = 1001", "first_discount = 5"])
def test_the_discount_never_changes_otherwise(shop: SqlStore, change: str) -> None:
    with shop.transaction() as uow, pytest.raises(IntegrityError, match="never changes"):
        uow.connection.exec_driver_sql(f"UPDATE order_items SET {change} WHERE id = 11")
