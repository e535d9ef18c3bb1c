"""What the database holds about parts of items, whoever writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.services.ports.order_search import OrderFilter
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.store.records import NOW, item, order, paid, refund, user

PART = 900_000_000_000_001
PAID = ItemStatus.COMPLETE_PAYMENT


@pytest.fixture
def whole(store: SqlStore) -> OrderItem:
    """An item of five pieces in a paid order of two."""
    paid(store)
    first = item(10, 1, PAID, count=5)
    with store.transaction() as uow:
        uow.catalogue.add_users([user()])
        uow.catalogue.add_orders([replace(order(1), items=(first, item(11, 1, PAID)))])
        uow.commit()
    return first


@pytest.fixture
def uow(store: SqlStore, whole: OrderItem) -> Iterator[SqlUnitOfWork]:
    with store.transaction() as unit:
        yield unit


def part(whole: OrderItem, count: int = 2, number: int = PART) -> OrderItem:
    return replace(whole, id=number, count=count, part_of=whole.id)


def items(uow: SqlUnitOfWork) -> tuple[OrderItem, ...]:
    found = uow.orders.get(1)
    assert found is not None
    return found.items


def refused(uow: SqlUnitOfWork, taken: OrderItem) -> bool:
    before = items(uow)
    with pytest.raises(UserError) as error:
        uow.orders.divide(taken)
    assert items(uow) == before
    return error.value.code is ErrorCode.PART_REFUSED


def test_a_part_takes_its_pieces_out_of_its_item(uow: SqlUnitOfWork, whole: OrderItem) -> None:
    uow.orders.divide(part(whole))
    assert items(uow) == (replace(whole, count=3), item(11, 1, PAID), part(whole))
    uow.orders.divide(part(whole, 1, PART + 1))
    assert [one.count for one in items(uow)] == [2, 2, 2, 1]
    found = uow.orders.get(1)
    assert found is not None
    assert found.total == 4500 * 7
    assert found.ordered_items == (whole, item(11, 1, PAID))


@given(st.lists(st.integers(-1, 6), min_size=1, max_size=6))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_pieces_are_never_made_nor_lost(
    store: SqlStore, whole: OrderItem, counts: list[int]
) -> None:
    """Whatever is taken, in whatever order: refused, or exact."""
    with store.transaction() as uow:
        left = 5
        for at, count in enumerate(counts):
            if 0 < count < left:
                uow.orders.divide(part(whole, count, PART + at))
                left -= count
            else:
                with pytest.raises((UserError, IntegrityError)):
                    uow.orders.divide(part(whole, count, PART + at))
            first = [one for one in items(uow) if one.name == whole.name and one.id != 11]
            assert sum(one.count for one in first) == 5
            assert first[0].count == left
            assert sum(one.total for one in first) == whole.total


@pytest.mark.parametrize("count", [5, 6])
def test_at_least_one_piece_stays(uow: SqlUnitOfWork, whole: OrderItem, count: int) -> None:
    assert refused(uow, part(whole, count))


def test_a_part_has_no_parts(uow: SqlUnitOfWork, whole: OrderItem) -> None:
    uow.orders.divide(part(whole))
    assert refused(uow, replace(part(whole), id=PART + 1, count=1, part_of=PART))


@pytest.mark.parametrize("status", [ItemStatus.WAITING_FOR_PAYMENT, ItemStatus.CANCEL])
def test_an_item_that_is_not_paid_is_not_divided(store: SqlStore, status: ItemStatus) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_orders([Order(1, 1, NOW, (item(10, 1, status, count=5),))])
        assert refused(uow, part(item(10, 1, status, count=5)))


@pytest.mark.parametrize("state", [one for one in RefundState if one is not RefundState.REFUSED])
@pytest.mark.parametrize("by", ["item", "cover"])
def test_an_item_with_a_refund_is_not_divided(
    uow: SqlUnitOfWork, whole: OrderItem, state: RefundState, by: str
) -> None:
    about: dict[str, Any] = {"item": {"item_id": 10}, "cover": {"item_id": None, "covers": "9 10"}}
    uow.refunds.add(refund("[RF-1]", order_id=1, amount=1000, state=state, **about[by]))
    assert refused(uow, part(whole))


@pytest.mark.parametrize("covers", ["", "100 11 110"])
def test_a_refused_refund_and_one_of_others_do_not_count(
    uow: SqlUnitOfWork, whole: OrderItem, covers: str
) -> None:
    state = RefundState.APPROVED if covers else RefundState.REFUSED
    about: dict[str, Any] = {"item_id": None, "covers": covers} if covers else {"item_id": 10}
    uow.refunds.add(refund("[RF-1]", order_id=1, amount=1000, state=state, **about))
    uow.orders.divide(part(whole))
    assert items(uow)[0].count == 3


def test_an_item_that_a_request_waits_for_is_not_divided(
    uow: SqlUnitOfWork, whole: OrderItem
) -> None:
    uow.requests.add(
        Request(0, RequestKind.REFUND, RequestState.WAIT, 9, 1, 10, 1, "변심", created_at=NOW)
    )
    assert refused(uow, part(whole))


def test_a_part_with_the_number_of_another_item_is_refused(
    uow: SqlUnitOfWork, whole: OrderItem
) -> None:
    assert refused(uow, part(whole, number=11))
    uow.orders.divide(part(whole))
    assert refused(uow, part(whole, 1))


def test_an_item_whose_first_count_is_not_known_is_not_divided(store: SqlStore) -> None:
    """A row that another program wrote."""
    paid(store)
    with store.transaction() as uow:
        uow.catalogue.add_orders([Order(1, 1, NOW, (item(11, 1, PAID),))])
        uow.connection.exec_driver_sql(
            "INSERT INTO order_items SELECT 10, order_id, buyer_id, seller_id, product_id, name,"
            " price, 5, status, cancel_reason, 1, ordered_at, NULL, 0, 0, tax, '', '', 0"
            " FROM order_items"
        )
        assert refused(uow, part(replace(item(11, 1, PAID), id=10, count=5)))


@pytest.mark.parametrize("change", ["count = 4", "count = 6", "count = 5, first_count = 6",
                                    "part_of = 11", "first_count = 1"])  # fmt: skip
def test_pieces_never_change_otherwise(uow: SqlUnitOfWork, change: str) -> None:
    with pytest.raises(IntegrityError, match=r"never change"):
        uow.connection.exec_driver_sql(f"UPDATE order_items SET {change} WHERE id = 10")


@pytest.mark.parametrize("gone", ["order_items WHERE id = 10", f"order_items WHERE id = {PART}",
                                  "orders WHERE id = 1"])  # fmt: skip
def test_an_item_and_its_parts_are_kept(uow: SqlUnitOfWork, whole: OrderItem, gone: str) -> None:
    uow.orders.divide(part(whole))
    with pytest.raises(IntegrityError, match="an item and its parts are kept"):
        uow.connection.exec_driver_sql(f"DELETE FROM {gone}")
    uow.connection.exec_driver_sql("DELETE FROM order_items WHERE id = 11")


def test_a_divided_order_is_found_as_before(store: SqlStore, whole: OrderItem) -> None:
    with store.transaction() as uow:
        uow.orders.divide(part(whole))
        uow.commit()
    search = SqlOrderSearch(store)
    assert [row.amount for row in search.page(OrderFilter("31500"), 9).rows] == [31_500]
    with store.transaction() as uow:
        uow.orders.save_items([replace(part(whole), status=ItemStatus.CANCEL)])
        uow.commit()
    (row,) = search.page(OrderFilter("22,500원"), 9).rows
    assert (row.total, row.cancelled_total) == (22_500, 9000)
    assert search.page(OrderFilter("31500"), 9).rows == (row,)
