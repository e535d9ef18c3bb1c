"""The state of a whole order, for every combination of the states of three items."""

from __future__ import annotations

from itertools import product

import pytest

from posapp.domain.orders import ItemStatus, Order, OrderState
from tests.store.records import order

S = ItemStatus
AWAY = {S.WAITING_FOR_DELIVERY, S.SHIPPING}


def expected(statuses: set[ItemStatus]) -> OrderState:
    """Once more, in other words."""
    living = statuses - {S.CANCEL}
    paid = living - {S.WAITING_FOR_PAYMENT}
    if not living:
        return OrderState.CANCELLED
    if not paid:
        return OrderState.WAITING_FOR_PAYMENT
    if len(paid) > 1 or paid & AWAY:
        return OrderState.IN_DELIVERY
    return OrderState.PAID if S.COMPLETE_PAYMENT in paid else OrderState.DELIVERED


@pytest.mark.parametrize("statuses", list(product(S, repeat=3)), ids="-".join)
def test_the_state_follows_from_the_items(statuses: tuple[ItemStatus, ...]) -> None:
    whole = order(1, *statuses)
    assert whole.state is expected(set(statuses))
    assert whole.is_paid is (
        whole.state in (OrderState.PAID, OrderState.IN_DELIVERY, OrderState.DELIVERED)
    )


def test_an_order_without_items_is_cancelled() -> None:
    assert Order(1, 1, order().created_at, ()).state is OrderState.CANCELLED
