"""Refusals of the repositories, each with its error of the domain."""

from typing import Any

import pytest

from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, attempt, item, order, paid, product, refund, user


def test_stock_never_falls_below_zero(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_products([product(1, stock=3)])
        assert uow.orders.take_stock(1, 3)
        with pytest.raises(UserError) as refused:
            uow.orders.take_stock(1, 1)
        assert refused.value.code is ErrorCode.OUT_OF_STOCK
        assert refused.value.parameters == {"product": "카페 라떼"}
        assert uow.orders.restock(1, 5)
        with pytest.raises(UserError):
            uow.orders.take_stock(1, 6)
        found = uow.orders.product(1)
        assert found is not None
        assert found.stock == 5
        assert not uow.orders.take_stock(2, 1)
        assert not uow.orders.restock(2, 1)
        for move in (uow.orders.take_stock, uow.orders.restock):
            with pytest.raises(ValueError, match="count"):
                move(1, 0)


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, 1.5, True, "5"])
def test_invalid_amount_is_never_stored(store: SqlStore, amount: Any) -> None:
    paid(store)
    with store.transaction() as uow:
        with pytest.raises(InvalidAmount):
            uow.refunds.add(refund(amount=amount))
        assert uow.refunds.of_payment("imp_1") == ()


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with store.transaction() as uow, pytest.raises(Exception, match="without a zone"):
        uow.attempts.add(attempt(expires_at=NOW.replace(tzinfo=None)))


def test_import_reports_a_taken_id_and_saves_nothing(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1)])
        uow.catalogue.add_products([product(1)])
        uow.catalogue.add_orders([order(1)])
        with pytest.raises(ValueError, match=r"users\.id"):
            uow.catalogue.add_users([user(2), user(1)])
        with pytest.raises(ValueError, match=r"products\.id"):
            uow.catalogue.add_products([product(1)])
        with pytest.raises(ValueError, match=r"order_items\.id"):
            uow.catalogue.add_orders([order(2), order(3, items=(item(10, 3),))])
        with pytest.raises(ValueError, match="not of order"):
            uow.catalogue.add_orders([order(4, items=(item(99, 5),))])
        assert uow.people.get(2) is None
        assert uow.orders.get(2) is None
        assert uow.orders.get(3) is None
        uow.catalogue.update_users([user(1, name="새 이름", phone="02-1")])
        uow.catalogue.update_products([product(1, stock=99)])
        assert uow.people.get(1) == user(1, name="새 이름", phone="02-1")
        assert uow.orders.product(1) == product(1, stock=99)
        with pytest.raises(LookupError):
            uow.catalogue.update_users([user(2)])
        with pytest.raises(LookupError):
            uow.catalogue.update_products([product(2)])
        for nothing in (uow.catalogue.add_users, uow.catalogue.update_users):
            nothing([])
        uow.catalogue.add_orders([])


def test_refunding_more_than_was_captured_is_refused(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        done = uow.refunds.add(refund(state=RefundState.CONFIRMED))
        with pytest.raises(InvalidAmount):
            uow.refunds.add(refund("[RF-2]", item_id=11, amount=Won(4501)))
        uow.refunds.add(refund("[RF-3]", item_id=12, state=RefundState.REFUSED, amount=Won(9000)))
        with pytest.raises(InvalidAmount):
            uow.refunds.add(refund("[RF-4]", "imp_none", item_id=13))
        assert uow.refunds.add(refund("[RF-5]", item_id=14, state=RefundState.SENDING))
        with pytest.raises(UserError) as refused:
            uow.refunds.add(refund("[RF-6]", item_id=15, state=RefundState.UNKNOWN))
        assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
        with pytest.raises(UserError) as refused:
            uow.refunds.add(refund("[RF-7]", item_id=done.item_id, state=RefundState.CONFIRMED))
        assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
