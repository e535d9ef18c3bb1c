"""The machine finds out a counter that takes nothing off the stock, or keeps it for ever."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from posapp.services.runtime.periodic_job import JobResult
from posapp.services.sale.expire_reservations import ReservationJob
from posapp.store.repositories.carts import SqlCarts
from posapp.store.repositories.orders import SqlOrders
from tests.simulation.host import Ready, ShopMachine


@pytest.fixture
def day() -> Iterator[ShopMachine]:
    """One sale of the counter was rung up, and nobody pays it."""
    with Ready() as template:

        class OneShop(ShopMachine):
            pass

        OneShop.template = template
        made = OneShop()
        yield made
        made._broken = True
        made.teardown()


def ring_up(day: ShopMachine) -> None:
    day.ring_up(7, 3, 10, then=False)


def test_a_sale_of_the_counter_ends(day: ShopMachine) -> None:
    ring_up(day)
    assert day.shop.query("SELECT count(*) FROM orders WHERE counter AND is_open") == [(1,)]
    day.finish()
    assert day.shop.query("SELECT count(*) FROM orders WHERE counter AND is_open") == [(0,)]


def test_twin_that_takes_no_stock_is_found(day: ShopMachine) -> None:
    with (
        mock.patch.object(SqlOrders, "take_stock"),
        pytest.raises(AssertionError, match="stock of product"),
    ):
        ring_up(day)


def test_twin_that_orders_a_cart_again_is_found(day: ShopMachine) -> None:
    with (
        mock.patch.object(SqlCarts, "save"),
        pytest.raises(AssertionError, match="a cart is no order"),
    ):
        ring_up(day)


def test_twin_that_ends_nothing_is_found(day: ShopMachine) -> None:
    ring_up(day)
    with (
        mock.patch.object(ReservationJob, "run", lambda job: JobResult()),
        mock.patch.object(ReservationJob, "due_in_ms", lambda job: 30_000),
        pytest.raises(AssertionError, match="keep their stock"),
    ):
        day.finish()
