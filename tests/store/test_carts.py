"""Carts as they are stored, and what the database holds of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor
from posapp.domain.carts import MOST_LINES, Cart, CartLine, CartState, CartTrigger, LineError
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.store.constraints import violated_name
from posapp.store.triggers import LINES_OF_OPEN_CARTS
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.store.records import NOW

NEW = Cart(0, CartState.OPEN, NOW, Actor.staff(3))


@pytest.fixture
def uow(store: SqlStore) -> Iterator[SqlUnitOfWork]:
    with store.transaction() as uow:
        yield uow


def test_all_of_a_cart_is_kept(uow: SqlUnitOfWork) -> None:
    assert uow.carts.open() is None
    cart = uow.carts.add(NEW)
    lines = [
        CartLine(0, cart.id, 5, (3, 1), Won(4_500), 2, code="8801"),
        CartLine(0, cart.id, 6, (), Won(6_860), grams=532),
        CartLine(0, cart.id, 7, (), Won(1_298), label_price=Won(1_298),
                 discount=Discount(DiscountKind.PERCENT, 10, "상함")),
        CartLine(0, cart.id, None, code="9999", error=LineError.UNKNOWN_CODE),
    ]  # fmt: skip
    stored = [uow.carts.add_line(line) for line in lines]
    assert stored == [replace(line, id=one.id) for line, one in zip(lines, stored, strict=True)]
    changed = replace(
        uow.carts.open(), name="아기 손님", note="봉투", approved_discount=Won(5_000),
        discount=Discount(DiscountKind.AMOUNT, 500, "단골"), approved_by=Actor.staff(1),
    )  # fmt: skip
    uow.carts.save(changed)
    assert uow.carts.get(cart.id) == changed == uow.carts.open()
    assert changed.lines == tuple(stored)
    more = replace(stored[0], count=7, discount=Discount(DiscountKind.AMOUNT, 1))
    uow.carts.save_line(more)
    uow.carts.remove_line(stored[3].id)
    assert uow.carts.get(cart.id).lines == (more, *stored[1:3])
    with pytest.raises(LookupError):
        uow.carts.save_line(stored[3])
    with pytest.raises(LookupError):
        uow.carts.save(replace(cart, id=99))
    assert uow.carts.get(99) is None


def test_carts_on_hold(uow: SqlUnitOfWork) -> None:
    held = []
    for _ in range(3):
        cart = uow.carts.add(NEW)
        uow.carts.add_line(CartLine(0, cart.id, 5))
        cart = uow.carts.open().apply(CartTrigger.PUT_ON_HOLD)
        uow.carts.save(cart)
        held.append(cart)
    assert uow.carts.held() == tuple(held)
    uow.carts.save(held[1].apply(CartTrigger.TAKEN_UP))
    assert uow.carts.held() == (held[0], held[2])
    assert uow.carts.open().id == held[1].id


def refused(uow: SqlUnitOfWork, act) -> str | None:
    savepoint = uow.connection.begin_nested()
    with pytest.raises(IntegrityError) as error:
        act()
    savepoint.rollback()
    return violated_name(error.value)


def test_a_till_has_one_open_cart(uow: SqlUnitOfWork) -> None:
    uow.carts.add(NEW)
    assert refused(uow, lambda: uow.carts.add(NEW)) == "uq_carts_open"


@pytest.mark.parametrize(
    "trigger", [CartTrigger.PUT_ON_HOLD, CartTrigger.DROPPED, CartTrigger.ORDERED]
)
def test_lines_change_in_an_open_cart_only(uow: SqlUnitOfWork, trigger: CartTrigger) -> None:
    cart = uow.carts.add(NEW)
    line = uow.carts.add_line(CartLine(0, cart.id, 5))
    number = 7 if trigger is CartTrigger.ORDERED else None
    ended = cart.apply(trigger, order_id=number)
    uow.carts.save(ended)
    for act in (
        lambda: uow.carts.add_line(line),
        lambda: uow.carts.save_line(replace(line, count=2)),
        lambda: uow.carts.remove_line(line.id),
    ):
        assert refused(uow, act) == LINES_OF_OPEN_CARTS
    if ended.state is not CartState.HELD:
        assert refused(uow, lambda: uow.carts.save(cart)) == "carts_ended"


def test_the_201st_line_is_refused(uow: SqlUnitOfWork) -> None:
    cart = uow.carts.add(NEW)
    for _ in range(MOST_LINES):
        uow.carts.add_line(CartLine(0, cart.id, 5))
    savepoint = uow.connection.begin_nested()
    with pytest.raises(UserError) as full:
        uow.carts.add_line(CartLine(0, cart.id, 5))
    savepoint.rollback()
    assert full.value.code is ErrorCode.CART_FULL
    assert len(uow.carts.get(cart.id).lines) == MOST_LINES
