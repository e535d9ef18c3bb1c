"""docs/faults.md, rows 106 to 109: exempt goods paid by KakaoPay, and pieces with a discount."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayError
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Pieces
from posapp.domain.refunds import RefundState
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.domain.vat import KakaoPayTax, TaxKind, TaxSplit
from posapp.sandbox.records import Payment
from posapp.services.bookkeeping import refund_records
from posapp.store.files.backup import backup
from tests.fakes.actors import WHO
from tests.fakes.payments import refund_command
from tests.fakes.till import SELLER
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import BREAD, BUN, GTIN, MILK, SaleShop, refusal

BY_SELLER = Actor.seller(SELLER)


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[SaleShop]:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds, kakaopay_tax=KakaoPayTax.MIXED)
    made.change(BUN, price=Won(8_800))
    made.change(MILK, price=Won(12_000), tax=TaxKind.EXEMPT)
    yield made
    made.close()


def worked_example(shop: SaleShop) -> Order:
    """7 of bread and a bun, taxable, and exempt milk, with 1,000 won off."""
    carts = shop.cart_service
    carts.scan(WHO, GTIN, 7)
    carts.add(WHO, BUN)
    carts.add(WHO, MILK)
    view = carts.discount_sale(WHO, Discount(DiscountKind.AMOUNT, 1_000, "단골"))
    return shop.checkout_service.order(WHO, int(view.amounts.payable))


def of(order: Order, product: int) -> OrderItem:
    return next(one for one in order.items if one.product_id == product and one.part_of is None)


def refund(shop: SaleShop, item: OrderItem, count: int | None = None) -> Won:
    pieces = None if count is None else Pieces(count, item.count)
    won = item.total if count is None else item.total_of(count)
    shop.cancellation_service.refund(BY_SELLER, item.id, "변심", int(won), pieces)
    shop.pass_time(60)
    return won


def at_portone(shop: SaleShop, imp_uid: str) -> Payment:
    found = shop.books.payment(imp_uid)
    assert found is not None
    return found


# 106: the part that is free of tax goes with the link and with each cancel.


def test_fault_106_the_link_and_the_records_have_the_exempt_part(shop: SaleShop) -> None:
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    assert at_portone(shop, imp_uid).tax_free == 11_668
    with shop.store.snapshot() as uow:
        (attempt,) = uow.attempts.for_order(made.id)
        payment = uow.payments.get(imp_uid)
    assert payment is not None
    assert (attempt.tax_free, payment.tax_free) == (11_668, 11_668)


@pytest.mark.parametrize("order", list(itertools.permutations((BREAD, BUN, MILK))))
def test_fault_106_refunds_in_any_order_return_it_exactly(
    shop: SaleShop, order: tuple[int, ...]
) -> None:
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    for product in order:
        refund(shop, of(shop.order(made.id), product))
        shop.check_books()
    gone = at_portone(shop, imp_uid)
    assert {one.status for one in shop.order(made.id).items} == {ItemStatus.CANCEL}
    assert [one.tax_free for one in gone.cancellations] == [
        11_668 if product == MILK else 0 for product in order
    ]
    assert (gone.balance, gone.tax_free_balance) == (0, 0)


def test_fault_106_a_payment_that_goes_back_whole_returns_it(shop: SaleShop) -> None:
    made = worked_example(shop)
    progress = shop.payment_service.start(Actor.buyer(made.buyer_id), made.id)
    number = progress.attempt.merchant_uid
    shop.books.pay(number)
    shop.books.pay(number, again=True)
    shop.pass_time(120)
    second = [one for one in shop.books.tries(number) if one.cancellations]
    assert [(one.balance, one.tax_free_balance) for one in second] == [(0, 0)]
    assert second[0].cancellations[0].tax_free == 11_668


def test_fault_106_what_a_console_cancel_leaves_can_go_back(shop: SaleShop) -> None:
    """A cancel in the console names no kind: taxable goods first."""
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    shop.books.console_cancel(imp_uid, 30_000)
    shop.pass_time(1_200)
    shop.explain()
    with shop.store.snapshot() as uow:
        recorded = [one.tax_free for one in uow.refunds.of_payment(imp_uid)]
    assert recorded == [one.tax_free for one in at_portone(shop, imp_uid).cancellations] == [6_468]


def test_fault_106_a_console_cancel_beside_a_refund_that_waits(shop: SaleShop) -> None:
    """It takes taxable goods that the refund was reckoned with: what is left of its kind is not
    enough, and the rest goes back as exempt."""
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    item = of(shop.order(made.id), BREAD)
    shop.cancellation_service.refund(BY_SELLER, item.id, "변심", int(item.total))
    shop.books.console_cancel(imp_uid, 10_000)
    shop.pass_time(600)
    shop.explain()
    shop.pass_time(2_400)
    gone = at_portone(shop, imp_uid).cancellations
    assert [(one.amount, one.tax_free) for one in gone] == [(10_000, 0), (14_975, 1_443)]
    assert of(shop.order(made.id), BREAD).status is ItemStatus.CANCEL


def test_fault_106_twin_without_it_exempt_goods_go_back_as_taxable_ones(shop: SaleShop) -> None:
    """And the taxable ones cannot go back any more: database and KakaoPay refuse more of a kind
    than was paid."""
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    with mock.patch.object(refund_records, "with_tax_free", lambda _, given: given):
        refund(shop, of(shop.order(made.id), MILK))
        assert at_portone(shop, imp_uid).cancellations[0].tax_free == 0
        with pytest.raises(IntegrityError, match="more of a kind"):
            refund(shop, of(shop.order(made.id), BREAD))
    command = refund_command(imp_uid, Won(14_975), Won(23_532), "변심 [RF-1-A]")
    with pytest.raises(GatewayError) as refused:
        shop.gateway.cancel(command)
    assert "비과세" in refused.value.text


# 107: another contract than when it was paid.


@pytest.mark.parametrize("before", list(KakaoPayTax))
@pytest.mark.parametrize("after", list(KakaoPayTax))
def test_fault_107_refunds_follow_what_was_paid(
    tmp_path: Path, sandbox: Any, clock: Any, before: KakaoPayTax, after: KakaoPayTax
) -> None:
    sandbox.faults.conduct.change(channel_tax=before.value)
    shop = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds, kakaopay_tax=before)
    shop.change(MILK, tax=TaxKind.EXEMPT)
    shop.cart_service.scan(WHO, GTIN, 2)
    view = shop.cart_service.add(WHO, MILK)
    made = shop.checkout_service.order(WHO, int(view.amounts.payable))
    imp_uid = shop.paid_order(made.id)
    paid_free = at_portone(shop, imp_uid).tax_free
    assert paid_free == before.tax_free_of(made.tax_split, made.total)
    shop.close()
    sandbox.faults.conduct.change(channel_tax="mixed")
    again = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds, kakaopay_tax=after)
    for product in (BREAD, MILK):
        refund(again, of(again.order(made.id), product))
    gone = at_portone(again, imp_uid)
    assert (gone.balance, gone.tax_free_balance) == (0, 0)
    again.check_books()
    again.close()


# 108: pieces of a line with a discount.


@pytest.mark.parametrize("counts", [(1, 1, 1, 1, 1, 1), (3, 2, 1), (6,), (2, 2, 2), (1, 5)])
def test_fault_108_pieces_of_a_discounted_line_sum_up(
    shop: SaleShop, counts: tuple[int, ...]
) -> None:
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    won = [refund(shop, of(shop.order(made.id), BREAD), count) for count in counts]
    last = of(shop.order(made.id), BREAD)
    assert last.count == 1
    won.append(refund(shop, last))
    assert sum(won) == 14_975
    for total, count in zip(won, (*counts, 1), strict=True):
        assert abs(7 * int(total) - 14_975 * count) <= 7 * count, "each piece has its share"
    assert at_portone(shop, imp_uid).balance == 35_200 - 14_975
    assert sum(one.discount for one in shop.order(made.id).items) == 1_000
    ordered = shop.order(made.id).ordered_items
    assert [one.total for one in ordered] == [one.total for one in made.items]
    shop.check_books()


def test_fault_108_another_amount_than_the_share_is_refused(shop: SaleShop) -> None:
    made = worked_example(shop)
    shop.paid_order(made.id)
    item = of(shop.order(made.id), BREAD)
    for won in (item.price * 2, item.total_of(2) + 1, item.total_of(2) - 1):
        refused = refusal(
            lambda won=won: shop.cancellation_service.refund(
                BY_SELLER, item.id, "변심", int(won), Pieces(2, 7)
            )
        )
        assert refused.code is ErrorCode.REFUND_AMOUNT_DIFFERS
    assert of(shop.order(made.id), BREAD).count == 7


def test_fault_108_twin_at_the_full_price_more_goes_back_than_was_paid_for_it(
    shop: SaleShop,
) -> None:
    """The rest of the line would be worth less than nothing of its share: the rule stops it."""
    shop.change(BREAD, price=Won(1_000))
    shop.cart_service.scan(WHO, GTIN, 2)
    view = shop.cart_service.discount_sale(WHO, Discount(DiscountKind.AMOUNT, 1_500, "단골"))
    made = shop.checkout_service.order(WHO, int(view.amounts.payable))
    shop.paid_order(made.id)
    item = of(made, BREAD)

    def full(one: OrderItem, count: int) -> Won:
        return one.price * count

    assert item.total_of(1) == 250
    with mock.patch.object(OrderItem, "total_of", full):
        refused = refusal(lambda: refund(shop, item, 1))
    assert refused.code is ErrorCode.PART_REFUSED


# 109: an older copy without the parts, which were made in another order.


def test_fault_109_an_older_copy_finds_the_parts_by_what_they_came_to(
    tmp_path: Path, sandbox: Any, clock: Any, shop: SaleShop
) -> None:
    made = worked_example(shop)
    imp_uid = shop.paid_order(made.id)
    backup(tmp_path / "posapp.db", tmp_path / "copy.db")
    won = [refund(shop, of(shop.order(made.id), BREAD), count) for count in (1, 3, 2)]
    shop.close()
    for name in ("posapp.db", "posapp.db-wal", "posapp.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "copy.db").rename(tmp_path / "posapp.db")
    payment = at_portone(shop, imp_uid)
    turned = replace(payment, cancellations=tuple(reversed(payment.cancellations)))
    shop.books._put(turned)
    again = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds, kakaopay_tax=KakaoPayTax.MIXED)
    again.pass_time(1_200)
    parts = [one for one in again.order(made.id).items if one.part_of is not None]
    assert sorted(one.total for one in parts) == sorted(won)
    assert {one.status for one in parts} == {ItemStatus.CANCEL}
    assert again.order(made.id).total == 35_200 - sum(won)
    assert sum(one.total for one in again.order(made.id).ordered_items) == 35_200
    with again.store.snapshot() as uow:
        assert {one.state for one in uow.refunds.of_payment(imp_uid)} == {RefundState.CONFIRMED}
        assert sum(one.tax_free for one in uow.refunds.of_payment(imp_uid)) == ZERO
    assert TaxSplit.of((one.tax, one.total) for one in again.order(made.id).items) == made.tax_split
    again.check_books()
    again.close()
