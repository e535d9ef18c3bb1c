"""Each sale at the counter gets the next number of its till and day, once, when it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor
from posapp.domain.orders import Order
from posapp.services.bookkeeping import cash_records
from posapp.services.bookkeeping.receipt_numbers import number_receipt
from posapp.services.ports.unit_of_work import UnitOfWork
from tests.fakes.actors import WHO
from tests.fakes.till import an_order
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import GTIN, SaleShop


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    yield made
    made.close()


def order(shop: SaleShop) -> Order:
    shop.cart_service.scan(WHO, GTIN)
    return shop.checkout_service.order(WHO, 2_200)


def sold(shop: SaleShop) -> str | None:
    made = order(shop)
    shop.paid_order(made.id)
    return shop.order(made.id).receipt_no


def test_numbers_have_no_gap_whatever_is_not_paid(shop: SaleShop) -> None:
    first = sold(shop)
    order(shop)
    second = sold(shop)
    assert first is not None and second is not None
    assert first.endswith("-01-0001") and second.endswith("-01-0002")
    assert first[:9] == second[:9]


def test_each_day_begins_anew(shop: SaleShop) -> None:
    first = sold(shop)
    shop.clock.advance(seconds=86_400)
    second = sold(shop)
    assert first is not None and second is not None
    assert first != second and second.endswith("-0001")


def test_a_number_belongs_to_the_sale_that_pays(shop: SaleShop) -> None:
    """What fails after the number was given gives it back."""
    made = order(shop)
    progress = shop.payment_service.start(Actor.buyer(made.buyer_id), made.id)
    shop.books.pay(progress.attempt.merchant_uid)

    def number(uow: UnitOfWork, order: Order, now: datetime) -> None:
        number_receipt(uow, order, now)
        raise OSError("the disk is gone")

    with (
        mock.patch.object(cash_records, "number_receipt", number),
        pytest.raises(OSError, match="disk"),
    ):
        shop.poller.poll(progress.attempt.id)
    assert shop.order(made.id).receipt_no is None
    other, own = sold(shop), shop.order(made.id).receipt_no
    assert other is not None and own is not None
    assert {other[-4:], own[-4:]} == {"0001", "0002"}


def test_an_order_from_elsewhere_has_none(shop: SaleShop) -> None:
    with shop.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(10)])
        uow.commit()
    shop.paid_order(10)
    assert shop.order(10).receipt_no is None


def test_a_number_is_given_once_and_kept(shop: SaleShop) -> None:
    made = order(shop)
    shop.paid_order(made.id)
    number = shop.order(made.id).receipt_no
    with shop.store.transaction() as uow:
        number_receipt(uow, replace(shop.order(made.id), receipt_no=None), shop.clock.now())
        uow.commit()
    assert shop.order(made.id).receipt_no == number
    with shop.store.transaction() as uow, pytest.raises(IntegrityError, match="keeps its number"):
        uow.connection.exec_driver_sql(f"UPDATE orders SET receipt_no = 'x' WHERE id = {made.id}")
    other = order(shop)
    with shop.store.transaction() as uow, pytest.raises(IntegrityError, match="UNIQUE"):
        uow.connection.exec_driver_sql(
            f"UPDATE orders SET receipt_no = '{number}' WHERE id = {other.id}"
        )


def test_the_ten_thousandth_of_a_day(shop: SaleShop) -> None:
    beginning = str(sold(shop))[:10]
    made = order(shop)
    with shop.store.transaction() as uow:
        uow.orders.give_receipt_no(made.id, f"{beginning}9999")
        uow.commit()
    assert sold(shop) == f"{beginning}10000"
    assert sold(shop) == f"{beginning}10001"
