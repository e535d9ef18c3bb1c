"""docs/faults.md, rows 39 and 100 to 105: the counter's own sale."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from unittest import mock

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order
from posapp.domain.users import WALK_IN
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.record_ids import RecordKind
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.services.sale import checkout, expire_reservations
from posapp.services.sale.expire_reservations import ReservationJob
from posapp.store.files.backup import backup
from posapp.store.repositories.carts import SqlCarts
from posapp.store.repositories.orders import SqlOrders
from tests.fakes.actors import WHO
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import BREAD, GTIN, MILK, RULES, SHARED, SaleShop, refusal

MINUTES = RULES.reserve_minutes
BUYER = Actor.buyer(WALK_IN)


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    yield made
    made.close()


def order(shop: SaleShop, product: int = BREAD, count: int = 1) -> Order:
    view = shop.cart_service.add(WHO, product, count=count)
    return shop.checkout_service.order(WHO, int(view.amounts.payable))


def status(shop: SaleShop, made: Order) -> ItemStatus:
    (found,) = {one.status for one in shop.order(made.id).items}
    return found


# 39: sold out between scan and payment.


def test_fault_39_what_is_ordered_is_reserved(shop: SaleShop) -> None:
    shop.change(MILK, stock=3)
    order(shop, MILK, 2)
    shop.cart_service.add(WHO, MILK, count=2)
    refused = refusal(lambda: shop.checkout_service.order(WHO, 6_000))
    assert (refused.code, refused.parameters) == (ErrorCode.OUT_OF_STOCK, {"product": "우유"})
    assert (shop.stock_of(MILK), shop.order_count()) == (1, 1)


def test_fault_39_twin_without_the_reservation_three_are_sold_as_four(shop: SaleShop) -> None:
    shop.change(MILK, stock=3)
    with mock.patch.object(SqlOrders, "take_stock"):
        sold = order(shop, MILK, 2).items + order(shop, MILK, 2).items
    assert sum(one.count for one in sold) == 4


# 100: one cart, ordered twice.


def press_twice(shop: SaleShop) -> list[object]:
    """Two windows, or two presses, order the open cart at once; return what they got."""
    together, results = threading.Barrier(2), []

    def press() -> None:
        together.wait()
        try:
            results.append(shop.checkout_service.order(WHO, 2_200))
        except UserError as error:
            results.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def test_fault_100_one_cart_is_one_order(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    results = press_twice(shop)
    assert ErrorCode.CART_EMPTY in results
    assert (shop.order_count(), shop.stock_of(BREAD)) == (1, 29)


def test_fault_100_twin_of_a_cart_that_goes_on_two_orders_are_made(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    with mock.patch.object(SqlCarts, "save"):
        press_twice(shop)
    assert (shop.order_count(), shop.stock_of(BREAD)) == (2, 28)


# 101, killed at any write, is walked by tests/crashes.


# 102: the product changes while it is in the cart.


def dearer(shop: SaleShop) -> None:
    shop.change(BREAD, price=Won(2_500))


def stopped(shop: SaleShop) -> None:
    shop.change(BREAD, active=False)


def deleted(shop: SaleShop) -> None:
    shop.forget(BREAD)


CHANGES = (dearer, stopped, deleted)


@pytest.mark.parametrize("change", CHANGES)
def test_fault_102_what_changed_meanwhile_is_asked_first(
    shop: SaleShop, change: Callable[[SaleShop], None]
) -> None:
    shop.cart_service.scan(WHO, GTIN)
    change(shop)
    (line,) = shop.cart_service.read().lines
    assert line.problem
    assert refusal(lambda: shop.checkout_service.order(WHO, 2_200)).code is ErrorCode.CART_CHANGED
    assert shop.order_count() == 0


def test_fault_102_twin_without_the_marks_it_is_sold_at_another_price(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    dearer(shop)
    with mock.patch.object(checkout.CartView, "problems", ()):
        assert shop.checkout_service.order(WHO, 2_200).total == 2_200


# 103: nobody pays.


def looks_unpaid(uow: UnitOfWork, number: int) -> Order | None:
    """The guard of the job, weakened: it looks at the order alone."""
    found = uow.orders.get(number)
    return None if found is None or found.is_paid else found


def late_buyer(shop: SaleShop) -> tuple[Order, str]:
    """A buyer enters KakaoPay at the end of the QR, and of the reservation, and pays later."""
    made = order(shop)
    shop.pass_time((MINUTES - 5) * 60)
    progress = shop.payment_service.start(BUYER, made.id)
    shop.clock.advance(seconds=295)
    inside = shop.books.open_link(progress.attempt.link_url.rpartition("/")[2])
    shop.pass_time(300)
    paid = shop.books.pay_try(inside.imp_uid)
    shop.pass_time(1_200)
    return made, paid.imp_uid


def test_fault_103_who_pays_late_gets_the_order(shop: SaleShop) -> None:
    made, paid = late_buyer(shop)
    assert status(shop, made) is ItemStatus.COMPLETE_PAYMENT
    assert shop.books.balance(paid) == 2_200
    shop.check_books()


def test_fault_103_twin_that_looks_at_the_order_alone_sends_their_money_back(
    shop: SaleShop,
) -> None:
    with mock.patch.object(expire_reservations, "_unpaid", looks_unpaid):
        made, paid = late_buyer(shop)
    assert status(shop, made) is ItemStatus.CANCEL
    assert shop.books.balance(paid) == 0


def test_fault_103_a_qr_that_is_being_made_keeps_the_order(shop: SaleShop) -> None:
    """The reservation is over between the attempt's record and its link."""
    made = order(shop)
    shop.clock.advance(minutes=MINUTES + 1)
    job = ReservationJob(shop.store, shop.clock, MINUTES)
    progress = shop.payment_service.start(BUYER, made.id, lambda url: job.run())
    assert status(shop, made) is ItemStatus.WAITING_FOR_PAYMENT
    shop.books.pay(progress.attempt.merchant_uid)
    shop.pass_time(60)
    assert status(shop, made) is ItemStatus.DELIVERY_COMPLETE


def test_fault_103_paid_between_the_look_and_the_end(shop: SaleShop) -> None:
    """Paid since the job looked: nothing is left to end."""
    made = order(shop)
    shop.clock.advance(minutes=MINUTES + 1)
    job = ReservationJob(shop.store, shop.clock, MINUTES)
    end = job._end

    def paid_first(number: int, now: datetime) -> bool:
        progress = shop.payment_service.start(BUYER, number)
        shop.books.pay(progress.attempt.merchant_uid)
        shop.poller.poll(progress.attempt.id)
        return end(number, now)

    with mock.patch.object(job, "_end", paid_first):
        job.run()
    assert status(shop, made) is ItemStatus.DELIVERY_COMPLETE
    assert shop.stock_of(BREAD) == 29
    shop.check_books()


def test_fault_103_a_qr_between_the_look_and_the_end(shop: SaleShop) -> None:
    """The guard runs again in the transaction that ends the order."""
    made = order(shop)
    shop.clock.advance(minutes=MINUTES + 1)
    job = ReservationJob(shop.store, shop.clock, MINUTES)
    end = job._end

    def shown_first(number: int, now: datetime) -> bool:
        shop.payment_service.start(BUYER, number)
        return end(number, now)

    with mock.patch.object(job, "_end", shown_first):
        job.run()
    assert status(shop, made) is ItemStatus.WAITING_FOR_PAYMENT


def test_fault_103_ended_once_by_two_programs(shop: SaleShop) -> None:
    order(shop, count=3)
    shop.clock.advance(minutes=MINUTES + 1)
    jobs = [ReservationJob(shop.store, shop.clock, MINUTES) for _ in range(2)]
    threads = [threading.Thread(target=job.run) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert shop.stock_of(BREAD) == 30


# 104: what cannot be sold stays in the cart, and nothing is sold beside it.


@pytest.mark.parametrize("code", ["9999", SHARED, "x" * 5_000, "\x1d0108801043014830"])
def test_fault_104_a_code_without_a_product_stops_the_sale(shop: SaleShop, code: str) -> None:
    shop.cart_service.scan(WHO, GTIN)
    done = shop.cart_service.scan(WHO, code)
    assert refusal(lambda: shop.checkout_service.order(WHO, 2_200)).code is ErrorCode.CART_CODES
    shop.cart_service.remove(WHO, done.line_id)
    assert shop.checkout_service.order(WHO, 2_200).total == 2_200


# 105: a newer database, which sold at the counter, is lost.


def sold_after_the_copy(shop: SaleShop) -> tuple[SaleShop, int, str]:
    """Go on with a copy from before a paid sale; return the till, and order and payment of the
    lost time."""
    path, copy = shop.store.path, shop.store.path.with_name("copy.db")
    shop.work(3)
    backup(path, copy)
    made = order(shop)
    paid = shop.paid_order(made.id)
    shop.close()
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    shutil.copyfile(copy, path)
    return shop.again(), made.id, paid


def test_fault_105_nothing_is_ordered_before_comparing(shop: SaleShop) -> None:
    later, lost, paid = sold_after_the_copy(shop)
    try:
        later.sandbox.faults.add("status", status=503)
        assert refusal(lambda: order(later)).code is ErrorCode.FILE_BEHIND
        later.sandbox.faults.clear()
        later.pass_time(180)
        (found,) = later.unresolved_money_service.mismatches()
        assert (found.kind, found.imp_uid) == (MismatchKind.LOST_PAYMENT, paid)
        made = later.checkout_service.order(WHO, 2_200)
        assert made.id > lost, "its number is the lost sale's"
        later.paid_order(made.id)
        later.pass_time(1_200)
        assert len(later.unresolved_money_service.mismatches()) == 1
        assert later.books.balance(paid) == 2_200
    finally:
        later.close()


def test_fault_105_twin_without_the_guards_the_lost_money_pays_the_next_sale(
    shop: SaleShop,
) -> None:
    later, lost, _ = sold_after_the_copy(shop)
    try:
        with (
            mock.patch.object(checkout, "guard_reconciled"),
            mock.patch.object(
                checkout, "_order_number", lambda uow: uow.record_ids.next(RecordKind.ORDER)
            ),
        ):
            made = order(later)
        later.pass_time(180)
        assert made.id == lost
        assert status(later, made) is ItemStatus.COMPLETE_PAYMENT, "and nobody paid it"
    finally:
        later.close()
