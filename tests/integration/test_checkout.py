"""The order of a cart: exact, once, with its stock reserved, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.carts import CartState
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import build_merchant_uid
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order
from posapp.domain.payments import Attempt, AttemptState
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.domain.users import WALK_IN, WALK_IN_NAME
from posapp.domain.vat import TaxKind, TaxSplit
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.record_ids import RecordKind
from posapp.services.refunds.trial_payment import TRIAL_NUMBER
from posapp.services.sale.expire_reservations import ReservationJob
from tests.fakes.actors import WHO
from tests.fakes.till import BUYER, OTHER_SELLER, SELLER, an_order
from tests.fakes.world import FakeClock, NumberedIds
from tests.integration.sale_shop import (
    BAG,
    BREAD,
    BUN,
    GTIN,
    LATTE,
    MILK,
    RICE,
    RULES,
    SaleShop,
    refusal,
)


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    yield made
    made.close()


def discount(won: int, reason: str = "") -> Discount:
    return Discount.given(DiscountKind.AMOUNT, won, reason)


def payable(shop: SaleShop) -> int:
    view = shop.cart_service.read()
    return int(view.amounts.payable) if view is not None else 0


def order(shop: SaleShop) -> Order:
    return shop.checkout_service.order(WHO, payable(shop))


def facts(shop: SaleShop, order_id: int) -> list[NewEntry]:
    with shop.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.for_order(order_id)]


def nothing_happened(shop: SaleShop, act: Callable[[], object]) -> UserError:
    """Refuse, with cart, orders, stock and ledger as they were."""

    def content() -> tuple[object, ...]:
        with shop.store.snapshot() as uow:
            products = uow.catalogue.existing_products(range(500, 600))
            return uow.carts.open(), uow.orders.newest(99), products, uow.ledger.end()

    before = content()
    refused = refusal(act)
    assert content() == before
    return refused


def test_a_cart_becomes_an_order(shop: SaleShop) -> None:
    carts = shop.cart_service
    carts.scan(WHO, GTIN, 7)
    carts.add(WHO, LATTE, options=[shop.option("차갑게"), shop.option("샷 추가")], count=2)
    carts.add(WHO, RICE, grams=532)
    carts.set_note(WHO, "봉투 두 장")
    made = order(shop)
    assert shop.order(made.id) == made
    assert (made.buyer_id, made.is_counter, made.note) == (WALK_IN, True, "봉투 두 장")
    assert made.created_at == shop.clock.now()
    options = f"{shop.option('차갑게')} {shop.option('샷 추가')}"
    assert [
        (one.name, one.price, one.count, one.discount, one.tax, one.options, one.measure)
        for one in made.items
    ] == [
        ("단팥빵", 2_200, 7, 0, TaxKind.TAXABLE, "", ""),
        ("라떼 (차갑게, 샷 추가)", 4_500, 2, 0, TaxKind.TAXABLE, options, ""),
        ("쌀", 6_860, 1, 0, TaxKind.EXEMPT, "", "0.532kg × 12,900원/kg"),
    ]
    assert [one.seller_id for one in made.items] == [SELLER, SELLER, OTHER_SELLER]
    assert {one.status for one in made.items} == {ItemStatus.WAITING_FOR_PAYMENT}
    assert made.total == 31_260
    assert shop.stock_of(BREAD) == 23
    assert (shop.stock_of(RICE), shop.stock_of(LATTE)) == (0, 0), "they are not counted"
    with shop.store.snapshot() as uow:
        cart = uow.carts.get(1)
        buyer = uow.people.get(WALK_IN)
    assert (cart.state, cart.order_id) == (CartState.ORDERED, made.id)
    assert buyer.name == WALK_IN_NAME
    assert carts.read() is None


def test_names_and_prices_are_frozen(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    made = order(shop)
    shop.change(BREAD, name="다른 빵", price=Won(9_000), tax=TaxKind.EXEMPT)
    assert shop.order(made.id) == made


def test_discounts_are_spread_to_the_won(shop: SaleShop) -> None:
    """The worked example of the specification."""
    shop.change(BUN, price=Won(8_800))
    shop.change(MILK, price=Won(12_000), tax=TaxKind.EXEMPT)
    carts = shop.cart_service
    carts.scan(WHO, GTIN, 7)
    carts.add(WHO, BUN)
    carts.add(WHO, MILK)
    carts.discount_sale(WHO, discount(1_000, "단골"))
    made = order(shop)
    assert [one.discount for one in made.items] == [425, 243, 332]
    assert [one.total for one in made.items] == [14_975, 8_557, 11_668]
    split = TaxSplit.of((one.tax, one.total) for one in made.items)
    assert (made.total, split.vat) == (35_200, 2_139)
    found = facts(shop, made.id)
    assert [one.event for one in found] == [LedgerEvent.DISCOUNT_GIVEN]
    (fact,) = found
    assert (fact.amount, fact.actor, fact.reference, fact.reason) == (ZERO, WHO, "1000", "단골")


def test_a_contract_that_cannot_name_what_is_on_sale_is_unfit(shop: SaleShop) -> None:
    """The shop sells rice, which is exempt."""
    settings = shop.setting_service
    for contract, is_unfit in (("taxable", True), ("exempt", True), ("mixed", False)):
        settings.change(WHO, "kakaopay_tax", contract)
        assert settings.is_contract_unfit() is is_unfit
    shop.change(RICE, active=False)
    settings.reset(WHO, "kakaopay_tax")
    assert not settings.is_contract_unfit()


def test_goods_of_an_exempt_business_are_exempt(tmp_path, sandbox, clock) -> None:
    shop = SaleShop(tmp_path, sandbox, clock, sale=replace(RULES, is_exempt=True))
    shop.cart_service.scan(WHO, GTIN)
    assert order(shop).tax_split == TaxSplit(ZERO, Won(2_200))
    shop.close()


def test_a_sale_without_a_discount_has_no_fact_of_one(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    assert facts(shop, order(shop).id) == []


def test_a_second_press_makes_no_second_order(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    made = order(shop)
    again = nothing_happened(shop, lambda: shop.checkout_service.order(WHO, 2_200))
    assert again.code is ErrorCode.CART_EMPTY
    assert shop.order_count() == 1
    shop.cart_service.scan(WHO, GTIN)
    assert order(shop).id != made.id
    assert shop.stock_of(BREAD) == 28


def test_a_known_buyer(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    for wrong in (Actor.buyer(99), Actor.seller(SELLER), WHO):
        unknown = nothing_happened(
            shop, lambda one=wrong: shop.checkout_service.order(WHO, 2_200, one)
        )
        assert unknown.code is ErrorCode.USER_UNKNOWN
    assert shop.checkout_service.order(WHO, 2_200, Actor.buyer(BUYER)).buyer_id == BUYER


def of_nothing(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shop.cart_service.clear(WHO)


def of_no_lines(shop: SaleShop) -> None:
    shop.cart_service.remove(WHO, shop.cart_service.scan(WHO, GTIN).line_id)


def with_an_unknown_code(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shop.cart_service.scan(WHO, "9999")


def with_another_price(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shop.change(BREAD, price=Won(2_100))


def of_a_stopped_product(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shop.change(BREAD, active=False)


def of_a_deleted_product(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shop.forget(BREAD)


def without_stock(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN, 5)
    shop.cart_service.add(WHO, MILK)
    shop.change(BREAD, stock=4)


def without_stock_for_both_lines(shop: SaleShop) -> None:
    line = shop.cart_service.scan(WHO, GTIN, 20).line_id
    shop.cart_service.discount_line(WHO, line, discount(10))
    shop.cart_service.scan(WHO, GTIN, 11)


def with_nothing_to_pay(shop: SaleShop) -> None:
    shop.cart_service.add(WHO, BAG, count=2)


def below_the_least(shop: SaleShop) -> None:
    shop.change(BREAD, price=Won(99))
    shop.cart_service.scan(WHO, GTIN)


def above_the_most(shop: SaleShop) -> None:
    shop.change(LATTE, price=Won(2_000_001))
    shop.cart_service.add(WHO, LATTE, options=[shop.option("차갑게")])


def of_an_older_copy(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    with shop.store.transaction() as uow:
        uow.checkpoints.set_behind(shop.clock.now())
        uow.commit()


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (of_nothing, ErrorCode.CART_EMPTY),
        (of_no_lines, ErrorCode.CART_EMPTY),
        (with_an_unknown_code, ErrorCode.CART_CODES),
        (with_another_price, ErrorCode.CART_CHANGED),
        (of_a_stopped_product, ErrorCode.CART_CHANGED),
        (of_a_deleted_product, ErrorCode.CART_CHANGED),
        (without_stock, ErrorCode.OUT_OF_STOCK),
        (without_stock_for_both_lines, ErrorCode.OUT_OF_STOCK),
        (with_nothing_to_pay, ErrorCode.ORDER_ZERO),
        (below_the_least, ErrorCode.AMOUNT_LIMIT),
        (above_the_most, ErrorCode.AMOUNT_LIMIT),
        (of_an_older_copy, ErrorCode.FILE_BEHIND),
    ],
)
def test_what_cannot_be_ordered(
    shop: SaleShop, prepare: Callable[[SaleShop], None], code: ErrorCode
) -> None:
    prepare(shop)
    assert nothing_happened(shop, lambda: order(shop)).code is code


def test_another_amount_than_was_shown_is_refused(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN)
    shown = payable(shop)
    shop.cart_service.add(WHO, MILK)
    stale = nothing_happened(shop, lambda: shop.checkout_service.order(WHO, shown))
    assert stale.code is ErrorCode.CART_CHANGED


def test_numbers_of_a_lost_newer_database_are_not_given_again(shop: SaleShop) -> None:
    """Orders: an attempt, a payment that may be theirs. Items: a refund of the journal."""
    with shop.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(1)])
        uow.commit()
    paid = shop.paid_order(1)
    with shop.store.transaction() as uow:
        first = uow.record_ids.next(RecordKind.ORDER)
        first_item = uow.record_ids.next(RecordKind.ORDER_ITEM)
        code, now = uow.checkpoints.till_code(), shop.clock.now()
        number = build_merchant_uid(code, first + 1, "a" * 20)
        uow.attempts.add(Attempt(0, first + 1, number, Won(100), now, state=AttemptState.EXPIRED))
        lost = build_merchant_uid(code, first + 2, "b" * 20)
        kind = MismatchKind.LOST_PAYMENT
        uow.mismatches.note(Mismatch(0, kind, lost, "imp_9", Won(700), "why", now))
        uow.refunds.add(
            Refund(
                *(0, paid, 1, first_item + 1, RefundOrigin.ITEM, Won(100), "품절", "[RF-9-A]"),
                *(WHO, WHO, now, RefundState.NEEDS_REVIEW),
            )
        )
        uow.commit()
    shop.cart_service.scan(WHO, GTIN)
    made = order(shop)
    assert made.id == first + 3
    assert [one.id for one in made.items] == [first_item + 2]


# Paying it.


def pay(shop: SaleShop, made: Order) -> str:
    return shop.paid_order(made.id)


def test_the_order_is_paid_by_qr_like_any_other(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN, 2)
    shop.cart_service.discount_sale(WHO, discount(405))
    made = order(shop)
    assert made.total == 3_990
    pay(shop, made)
    assert [one.status for one in shop.order(made.id).items] == [ItemStatus.DELIVERY_COMPLETE]
    assert shop.stock_of(BREAD) == 28
    shop.pass_time(3_600)
    assert shop.order(made.id).is_paid
    shop.check_books()


def test_what_is_sold_most_is_what_was_paid(shop: SaleShop) -> None:
    """An order that nobody pays says nothing about what sells."""

    def best() -> str:
        return shop.product_service.find("", 1)[0].name

    shop.cart_service.add(WHO, MILK, count=3)
    unpaid = order(shop)
    assert best() != "우유"
    shop.cart_service.scan(WHO, GTIN, 2)
    pay(shop, order(shop))
    assert best() == "단팥빵"
    pay(shop, unpaid)
    assert best() == "우유"


def test_an_item_with_a_discount_is_refunded(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN, 2)
    shop.cart_service.discount_sale(WHO, discount(400))
    made = order(shop)
    pay(shop, made)
    item, seller = made.items[0], Actor.seller(SELLER)
    shop.cancellation_service.refund(seller, item.id, "변심", 4_000)
    shop.work(2)
    assert shop.order(made.id).items[0].status is ItemStatus.CANCEL
    assert shop.stock_of(BREAD) == 30
    shop.check_books()


# Not paying it.


def status(shop: SaleShop, made: Order) -> set[ItemStatus]:
    return {one.status for one in shop.order(made.id).items}


EXPIRED, WAITING = {ItemStatus.CANCEL}, {ItemStatus.WAITING_FOR_PAYMENT}


def reserve(shop: SaleShop) -> Order:
    shop.cart_service.scan(WHO, GTIN, 7)
    shop.cart_service.add(WHO, MILK)
    return order(shop)


def test_an_order_that_nobody_pays_ends_and_its_stock_is_back(shop: SaleShop) -> None:
    made = reserve(shop)
    shop.pass_time(RULES.reserve_minutes * 60 - 60)
    assert status(shop, made) == WAITING
    assert (shop.stock_of(BREAD), shop.stock_of(MILK)) == (23, 4)
    shop.pass_time(120)
    ended = shop.order(made.id)
    assert status(shop, made) == EXPIRED
    assert {one.cancel_reason for one in ended.items} == {"결제 시간 초과"}
    assert (shop.stock_of(BREAD), shop.stock_of(MILK)) == (30, 5)
    assert [(one.event, one.amount, str(one.actor)) for one in facts(shop, made.id)] == [
        (LedgerEvent.ITEM_CANCELLED, ZERO, "till")
    ] * 2
    shop.pass_time(3_600)
    assert (shop.stock_of(BREAD), shop.stock_of(MILK)) == (30, 5), "once"
    refused = refusal(lambda: shop.payment_service.start(Actor.buyer(WALK_IN), made.id))
    assert refused.code is ErrorCode.ORDER_ZERO


def test_orders_that_came_from_outside_do_not_end(shop: SaleShop) -> None:
    made = reserve(shop)
    with shop.store.transaction() as uow:
        items = tuple(
            replace(one, id=one.id + 1_000, order_id=TRIAL_NUMBER, buyer_id=BUYER)
            for one in made.items
        )
        old = replace(
            made, id=TRIAL_NUMBER, buyer_id=BUYER, items=items, is_counter=False,
            created_at=made.created_at - timedelta(days=3),
        )  # fmt: skip
        uow.catalogue.add_orders([old])
        uow.commit()
    shop.pass_time(3_600)
    assert (status(shop, made), status(shop, old)) == (EXPIRED, WAITING)


def test_an_order_of_a_clock_that_was_ahead_ends(shop: SaleShop) -> None:
    """Else it would keep its stock until that time. A few minutes are no reason."""
    made = reserve(shop)
    for minutes, expected in ((RULES.reserve_minutes - 1, WAITING), (60 * 24 * 365, EXPIRED)):
        behind = FakeClock(made.created_at - timedelta(minutes=minutes))
        ReservationJob(shop.store, behind, RULES.reserve_minutes).run()
        assert status(shop, made) == expected
    assert shop.stock_of(BREAD) == 30


def test_a_live_qr_keeps_the_order(shop: SaleShop) -> None:
    made = reserve(shop)
    shop.pass_time(RULES.reserve_minutes * 60 - 120)
    progress = shop.payment_service.start(Actor.buyer(WALK_IN), made.id)
    shop.pass_time(240)
    assert status(shop, made) == WAITING
    shop.books.pay(progress.attempt.merchant_uid)
    shop.pass_time(60)
    assert status(shop, made) == {ItemStatus.DELIVERY_COMPLETE}


def test_a_buyer_inside_kakaopay_keeps_the_order(shop: SaleShop) -> None:
    """The QR is over, and the buyer pays as late as KakaoPay lets them."""
    made = reserve(shop)
    shop.pass_time(600)
    progress = shop.payment_service.start(Actor.buyer(WALK_IN), made.id)
    link = progress.attempt.link_url.rpartition("/")[2]
    shop.clock.advance(seconds=290)
    inside = shop.books.open_link(link)
    shop.pass_time(RULES.reserve_minutes * 60 - 600)
    assert shop.payment_service.get_progress(progress.attempt.id).attempt.state is (
        AttemptState.EXPIRED
    )
    assert status(shop, made) == WAITING
    shop.books.pay_try(inside.imp_uid)
    shop.pass_time(1_200)
    assert status(shop, made) == {ItemStatus.COMPLETE_PAYMENT}
    shop.check_books()


def test_after_a_qr_that_nobody_paid_the_order_ends(shop: SaleShop) -> None:
    made = reserve(shop)
    progress = shop.payment_service.start(Actor.buyer(WALK_IN), made.id)
    shop.payment_service.abandon(WHO, progress.attempt.id)
    shop.pass_time(RULES.reserve_minutes * 60 + 60)
    assert status(shop, made) == EXPIRED


def test_without_a_network_an_unknown_result_keeps_the_order(shop: SaleShop) -> None:
    made = reserve(shop)
    progress = shop.payment_service.start(Actor.buyer(WALK_IN), made.id)
    shop.books.pay(progress.attempt.merchant_uid)
    shop.sandbox.faults.add("drop_before")
    shop.pass_time(2 * 3_600, every=300)
    assert status(shop, made) == WAITING
    assert shop.stock_of(BREAD) == 23
    shop.sandbox.faults.clear()
    shop.pass_time(600)
    assert status(shop, made) == {ItemStatus.COMPLETE_PAYMENT}
    shop.check_books()


def test_money_that_may_be_the_orders_keeps_it(shop: SaleShop) -> None:
    made = reserve(shop)
    with shop.store.transaction() as uow:
        number = build_merchant_uid(uow.checkpoints.till_code(), made.id, "c" * 20)
        lost, now = MismatchKind.LOST_PAYMENT, shop.clock.now()
        uow.mismatches.note(Mismatch(0, lost, number, "imp_9", Won(18_400), "why", now))
        uow.commit()
    shop.pass_time(3_600)
    assert status(shop, made) == WAITING
    shop.explain()
    shop.pass_time(60)
    assert status(shop, made) == EXPIRED


def test_an_older_copy_ends_nothing_before_it_is_compared(shop: SaleShop) -> None:
    made = reserve(shop)
    with shop.store.transaction() as uow:
        uow.checkpoints.set_behind(shop.clock.now())
        uow.commit()
    shop.sandbox.faults.add("drop_before")
    shop.pass_time(3_600, every=300)
    assert status(shop, made) == WAITING


def test_an_item_that_a_person_cancelled_is_not_cancelled_again(shop: SaleShop) -> None:
    made = reserve(shop)
    shop.cancellation_service.cancel(Actor.seller(SELLER), made.items[0].id, "품절")
    shop.pass_time(RULES.reserve_minutes * 60 + 60)
    assert [one.cancel_reason for one in shop.order(made.id).items] == ["품절", "결제 시간 초과"]
    assert (shop.stock_of(BREAD), shop.stock_of(MILK)) == (30, 5)


def test_money_after_the_end_is_sent_back(shop: SaleShop) -> None:
    """It cannot come by a QR of the order any more; if it does all the same, it is no sale."""
    made = reserve(shop)
    progress = shop.payment_service.start(Actor.buyer(WALK_IN), made.id)
    shop.payment_service.abandon(WHO, progress.attempt.id)
    shop.pass_time(RULES.reserve_minutes * 60 + 60)
    assert status(shop, made) == EXPIRED
    paid = shop.books.pay(progress.attempt.merchant_uid, late=True)
    shop.reconcile_job.request_full()
    shop.pass_time(1_200)
    assert shop.books.balance(paid.imp_uid) == 0
    assert status(shop, made) == EXPIRED
    assert shop.stock_of(BREAD) == 30
    shop.check_books()
