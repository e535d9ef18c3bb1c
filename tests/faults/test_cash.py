"""docs/faults.md, rows 115 to 119: cash at the counter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from unittest import mock

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefundState, TenderState
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import ItemStatus
from posapp.domain.users import WALK_IN
from posapp.services.bookkeeping import cash_records
from posapp.services.cash import cash_service
from posapp.services.payments import record_payment
from posapp.services.sale import expire_reservations
from posapp.store.repositories.carts import SqlCarts
from tests.fakes.actors import WHO
from tests.fakes.till import SELLER
from tests.integration.sale_shop import (
    BREAD,
    FLOAT,
    GTIN,
    RULES,
    SaleShop,
    drawer,
    refusal,
    shop_with_drawer,
)

BUYER, CLERK = Actor.buyer(WALK_IN), Actor.seller(SELLER)
DUE, PART = 11_000, 3_000


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    with shop_with_drawer(tmp_path, sandbox, clock) as made:
        yield made


def part(shop: SaleShop) -> int:
    """Take a first part of five breads in cash; return the order."""
    shop.cart_service.scan(WHO, GTIN, 5)
    return shop.cash_service.sell(WHO, DUE, PART, rest_by_qr=True).order.id


def statuses(shop: SaleShop, order_id: int) -> set[ItemStatus]:
    return {one.status for one in shop.order(order_id).items}


def cash_back(shop: SaleShop, order_id: int):
    with shop.store.snapshot() as uow:
        return uow.cash.refunds_of_order(order_id)


def at_once(*acts) -> list[object]:
    """Let threads act together; return what each got."""
    together, results = threading.Barrier(len(acts)), []

    def run(act) -> None:
        together.wait()
        try:
            results.append(act())
        except UserError as error:
            results.append(error.code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


# 115: taken twice.


def press(shop: SaleShop):
    return shop.cash_service.sell(WHO, 2_200, 10_000)


def test_fault_115_a_second_press_is_no_second_tender(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    results = at_once(lambda: press(shop), lambda: press(shop))
    assert ErrorCode.CART_EMPTY in results
    assert (shop.order_count(), drawer(shop)) == (1, 2_200)


def test_fault_115_twin_of_a_cart_that_goes_on_takes_it_twice(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    with mock.patch.object(SqlCarts, "save"):
        press(shop)
        press(shop)
    assert drawer(shop) == 4_400


def test_fault_115_a_rest_is_taken_once(shop: SaleShop) -> None:
    made = part(shop)
    take = lambda: shop.cash_service.take(WHO, made, DUE - PART, DUE - PART)  # noqa: E731
    results = at_once(take, take)
    assert {ErrorCode.ORDER_DONE} == {one for one in results if isinstance(one, ErrorCode)}
    assert drawer(shop) == DUE


# 116: a QR beside cash.


def inside_kakaopay(shop: SaleShop, made: int) -> str:
    """Show the QR of the rest, and let the buyer enter KakaoPay."""
    progress = shop.payment_service.start(BUYER, made)
    return shop.books.open_link(progress.attempt.link_url.rpartition("/")[2]).imp_uid


@pytest.mark.parametrize("end", ["rest in cash", "given back"])
def test_fault_116_a_late_qr_goes_back_and_the_cash_stays(shop: SaleShop, end: str) -> None:
    made = part(shop)
    inside = inside_kakaopay(shop, made)
    if end == "given back":
        shop.cash_service.give_back(WHO, made, PART)
    else:
        shop.cash_service.take(WHO, made, DUE - PART, DUE - PART)
    shop.books.pay_try(inside)
    shop.pass_time(1_200)
    assert shop.books.balance(inside) == 0
    assert drawer(shop) == (0 if end == "given back" else DUE)
    shop.check_books()


def test_fault_116_twin_that_forgets_the_cash_takes_the_whole_amount_too(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN, 5)
    made = shop.checkout_service.order(WHO, DUE).id
    inside = inside_kakaopay(shop, made)
    shop.cash_service.take(WHO, made, DUE, PART, rest_by_qr=True)
    shop.books.pay_try(inside)
    with (
        mock.patch.object(record_payment, "held_cash", lambda uow, order: 0),
        mock.patch.object(record_payment, "keep_cash"),
        mock.patch.object(record_payment, "mark_paid"),
    ):
        shop.pass_time(1_200)
    assert shop.books.balance(inside) == DUE, "and the drawer has a part of it"
    assert drawer(shop) == PART


# 117: killed, or forgotten, between the first part and the rest.


def test_fault_117_the_sale_goes_on_with_its_cash(shop: SaleShop) -> None:
    made = part(shop)
    inside_kakaopay(shop, made)
    shop.close()
    later = shop.again()
    try:
        later.pass_time(RULES.reserve_minutes * 60 + 2_400)
        (held,) = later.cash_service.open_cash().held
        assert (held.order.id, held.amount, held.rest) == (made, PART, DUE - PART)
        assert statuses(later, made) == {ItemStatus.WAITING_FOR_PAYMENT}
        later.cash_service.give_back(WHO, made, PART)
        later.pass_time(120)
        assert statuses(later, made) == {ItemStatus.CANCEL}
    finally:
        later.close()


def test_fault_117_twin_that_ends_it_keeps_cash_for_nothing(shop: SaleShop) -> None:
    made = part(shop)
    with mock.patch.object(expire_reservations, "held_cash", lambda uow, order: 0):
        shop.pass_time(RULES.reserve_minutes * 60 + 120)
    assert statuses(shop, made) == {ItemStatus.CANCEL}
    assert drawer(shop) == PART


# 118: cash goes back.


def sold(shop: SaleShop) -> int:
    shop.cart_service.scan(WHO, GTIN)
    return press(shop).order.id


def refund(shop: SaleShop, made: int):
    (item,) = shop.order(made).items
    return shop.cancellation_service.refund(CLERK, item.id, "변심", int(item.total))


def test_fault_118_cash_goes_back_once(shop: SaleShop) -> None:
    made = sold(shop)
    results = at_once(lambda: refund(shop, made), lambda: refund(shop, made))
    assert ErrorCode.ITEM_CANCELLED in results
    assert (drawer(shop), shop.stock_of(BREAD)) == (0, 30)


def test_fault_118_a_drawer_gives_what_it_has(shop: SaleShop) -> None:
    made = sold(shop)
    shop.shift_service.pay_out(WHO, FLOAT + 1, "은행")
    assert refusal(lambda: refund(shop, made)).code is ErrorCode.DRAWER_SHORT
    assert statuses(shop, made) == {ItemStatus.DELIVERY_COMPLETE}
    assert cash_back(shop, made) == ()


def test_fault_118_twin_without_the_guard_the_drawer_owes(shop: SaleShop) -> None:
    made = sold(shop)
    shop.shift_service.pay_out(WHO, FLOAT + 1, "은행")
    with mock.patch.object(cash_records, "require_in_drawer"):
        refund(shop, made)
    assert drawer(shop) + FLOAT == -1


# 119: a mixed sale goes back, and the answer about the QR is lost.


def mixed(shop: SaleShop) -> tuple[int, str]:
    made = part(shop)
    return made, shop.paid_order(made)


def test_fault_119_no_cash_before_the_qr_is_back(shop: SaleShop) -> None:
    made, paid = mixed(shop)
    shop.sandbox.faults.add("drop_after", path="/payments/cancel", uses=1)
    refund(shop, made)
    shop.work(2)
    (waiting,) = cash_back(shop, made)
    assert waiting.amount == PART
    refused = refusal(lambda: shop.cash_service.hand_out(WHO, waiting.id))
    assert refused.code is ErrorCode.CASH_REFUND_WAITS
    shop.pass_time(1_800)
    assert shop.books.balance(paid) == 0
    results = at_once(*[lambda: shop.cash_service.hand_out(WHO, waiting.id)] * 2)
    assert ErrorCode.CASH_REFUND_WAITS in results
    (done,) = cash_back(shop, made)
    assert (done.state, drawer(shop)) == (CashRefundState.PAID_OUT, 0)
    shop.check_books()


def test_fault_119_twin_that_does_not_wait_hands_out_cash_for_a_refused_qr(
    shop: SaleShop,
) -> None:
    made, paid = mixed(shop)
    shop.sandbox.faults.conduct.refuse_cancel = "거래일로부터 1년이 지났습니다"
    refund(shop, made)
    shop.work(2)
    (waiting,) = cash_back(shop, made)
    with mock.patch.object(cash_service, "is_due", lambda uow, one: True):
        shop.cash_service.hand_out(WHO, waiting.id)
    assert (drawer(shop), shop.books.balance(paid)) == (0, DUE - PART)
    assert statuses(shop, made) == {ItemStatus.DELIVERY_COMPLETE}
    with shop.store.snapshot() as uow:
        assert [one.state for one in uow.cash.of_order(made)] == [TenderState.KEPT]
