"""Cash at the counter: exact, once, offline, alone and beside a QR, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.business_days import business_date
from posapp.domain.cash import CashRefundState, CashTaken, TenderState, kept
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.payments import AttemptState, PaymentDisposition
from posapp.domain.time_zone import SEOUL
from posapp.domain.users import WALK_IN
from posapp.domain.vat import TaxKind
from posapp.services.bookkeeping.print_log import cash_slip_key
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress
from posapp.services.payments.receipts import receipt_of
from tests.fakes.actors import WHO
from tests.fakes.till import SELLER
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import (
    BREAD,
    BUN,
    FLOAT,
    GTIN,
    MILK,
    RULES,
    SaleShop,
    expected,
    refusal,
    shop_with_drawer,
)

BUYER, CLERK = Actor.buyer(WALK_IN), Actor.seller(SELLER)


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    with shop_with_drawer(tmp_path, sandbox, clock) as made:
        yield made


def nothing_happened(shop: SaleShop, act: Callable[[], object]) -> UserError:
    def content() -> tuple[object, ...]:
        with shop.store.snapshot() as uow:
            products = uow.catalogue.existing_products(range(500, 600))
            return uow.carts.open(), uow.orders.newest(99), products, uow.ledger.end()

    before = content()
    refused = refusal(act)
    assert content() == before
    return refused


def sell(shop: SaleShop, received: int = 10_000, *, count: int = 1) -> CashTaken:
    shop.cart_service.scan(WHO, GTIN, count)
    return shop.cash_service.sell(WHO, 2_200 * count, received)


def cash_facts(shop: SaleShop, order_id: int) -> list[tuple[LedgerEvent, int]]:
    with shop.store.snapshot() as uow:
        rows = uow.ledger.for_order(order_id)
    return [(row.entry.event, int(row.entry.amount)) for row in rows if row.entry.amount]


def tenders(shop: SaleShop, order_id: int):
    with shop.store.snapshot() as uow:
        return uow.cash.of_order(order_id)


def statuses(shop: SaleShop, order_id: int) -> list[ItemStatus]:
    return [one.status for one in shop.order(order_id).items]


# All of it in cash.


def test_a_sale_in_cash_is_paid_handed_over_and_in_the_drawer(shop: SaleShop) -> None:
    taken = sell(shop)
    assert (taken.tender.amount, taken.tender.received, taken.tender.change) == (2200, 10000, 7800)
    assert (taken.rest, taken.tender.state) == (0, TenderState.KEPT)
    assert statuses(shop, taken.order.id) == [ItemStatus.DELIVERY_COMPLETE]
    assert shop.stock_of(BREAD) == 29
    assert cash_facts(shop, taken.order.id) == [(LedgerEvent.CASH_RECEIVED, 2_200)]
    assert expected(shop) == FLOAT + 2_200
    assert shop.cart_service.read() is None
    with shop.store.snapshot() as uow:
        (fact,) = (
            row.entry
            for row in uow.ledger.for_order(taken.order.id)
            if row.entry.event is LedgerEvent.CASH_RECEIVED
        )
    assert (fact.actor, fact.reference, fact.imp_uid) == (WHO, "shift:1", "")


def test_exact_cash_gives_no_change(shop: SaleShop) -> None:
    assert sell(shop, 2_200).tender.change == 0


def test_cash_needs_no_network(shop: SaleShop) -> None:
    shop.sandbox.faults.add("status", status=503)
    assert sell(shop).order.is_paid
    shop.pass_time(600)
    assert shop.unresolved_money_service.mismatches() == ()


def test_a_second_press_takes_nothing(shop: SaleShop) -> None:
    sell(shop)
    again = nothing_happened(shop, lambda: shop.cash_service.sell(WHO, 2_200, 10_000))
    assert again.code is ErrorCode.CART_EMPTY
    assert expected(shop) == FLOAT + 2_200


def test_amounts_that_kakaopay_does_not_take_are_taken_in_cash(shop: SaleShop) -> None:
    shop.change(MILK, price=Won(50))
    shop.cart_service.add(WHO, MILK)
    assert shop.cash_service.sell(WHO, 50, 50).order.is_paid
    shop.change(BUN, price=Won(3_000_000))
    shop.cart_service.add(WHO, BUN)
    assert shop.cash_service.sell(WHO, 3_000_000, 3_000_000).order.is_paid


def test_without_hand_over_the_goods_wait(shop: SaleShop) -> None:
    shop.cash_service._config = _without_hand_over(shop)
    assert statuses(shop, sell(shop).order.id) == [ItemStatus.COMPLETE_PAYMENT]


def _without_hand_over(shop: SaleShop):
    from dataclasses import replace

    return replace(shop.config, sale=replace(shop.config.sale, hand_over=False))


@pytest.mark.parametrize(
    ("received", "code"),
    [
        (0, ErrorCode.CASH_AMOUNT),
        (-1, ErrorCode.CASH_AMOUNT),
        (100_000_000, ErrorCode.CASH_AMOUNT),
        (2_199, ErrorCode.CASH_SHORT),
    ],
)
def test_cash_that_is_not_taken(shop: SaleShop, received: int, code: ErrorCode) -> None:
    shop.cart_service.scan(WHO, GTIN)
    refused = nothing_happened(shop, lambda: shop.cash_service.sell(WHO, 2_200, received))
    assert refused.code is code
    if code is ErrorCode.CASH_SHORT:
        assert refused.parameters == {"amount": 1}


@pytest.mark.parametrize("received", [2_200.0, "2200", True, None])
def test_what_is_no_amount_is_not_taken(shop: SaleShop, received: object) -> None:
    shop.cart_service.scan(WHO, GTIN)
    with pytest.raises(InvalidAmount):
        shop.cash_service.sell(WHO, 2_200, received)
    assert shop.order_count() == 0


def test_without_a_shift_no_cash_moves(tmp_path, sandbox, clock) -> None:
    made = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds)
    made.cart_service.scan(WHO, GTIN)
    for act in (
        lambda: made.cash_service.sell(WHO, 2_200, 10_000),
        lambda: made.cash_service.give_back(WHO, 1, 2_200),
        lambda: made.shift_service.pay_in(WHO, 1_000, "거스름돈"),
        lambda: made.shift_service.pay_out(WHO, 1_000, "우유"),
        lambda: made.shift_service.note_drawer_opened(WHO, "교환"),
    ):
        assert nothing_happened(made, act).code is ErrorCode.NO_SHIFT
    assert made.shift_service.read() is None
    made.close()


def test_another_amount_than_was_shown_is_refused(shop: SaleShop) -> None:
    shop.cart_service.scan(WHO, GTIN, 2)
    changed = nothing_happened(shop, lambda: shop.cash_service.sell(WHO, 2_200, 10_000))
    assert changed.code is ErrorCode.CART_CHANGED


def test_an_order_that_waits_is_paid_in_cash(shop: SaleShop) -> None:
    made = waiting_order(shop)
    taken = shop.cash_service.take(WHO, made, 2_200, 3_000)
    assert (taken.tender.change, taken.order.is_paid) == (800, True)
    again = nothing_happened(shop, lambda: shop.cash_service.take(WHO, made, 2_200, 3_000))
    assert again.code is ErrorCode.ORDER_DONE


def waiting_order(shop: SaleShop, count: int = 1) -> int:
    shop.cart_service.scan(WHO, GTIN, count)
    return shop.checkout_service.order(WHO, 2_200 * count).id


def test_cash_beside_a_live_qr_closes_it_first(shop: SaleShop) -> None:
    made = waiting_order(shop)
    progress = shop.payment_service.start(BUYER, made)
    shop.cash_service.take(WHO, made, 2_200, 2_200)
    ended = shop.payment_service.get_progress(progress.attempt.id)
    assert ended.phase is PaymentPhase.STOPPED
    shop.pass_time(1_800)
    assert shop.order(made).is_paid
    shop.check_books()


def test_who_paid_by_qr_in_that_moment_pays_no_cash(shop: SaleShop) -> None:
    made = waiting_order(shop)
    progress = shop.payment_service.start(BUYER, made)
    shop.books.pay(progress.attempt.merchant_uid)
    refused = refusal(lambda: shop.cash_service.take(WHO, made, 2_200, 2_200))
    assert refused.code is ErrorCode.PAID_MEANWHILE
    assert (tenders(shop, made), shop.order(made).is_paid) == ((), True)
    assert expected(shop) == FLOAT


def test_no_cash_while_the_end_of_a_qr_is_not_known(shop: SaleShop) -> None:
    made = waiting_order(shop)
    shop.payment_service.start(BUYER, made)
    shop.sandbox.faults.add("status", status=503)
    refused = refusal(lambda: shop.cash_service.take(WHO, made, 2_200, 2_200))
    assert refused.code is ErrorCode.ATTEMPT_IN_PROGRESS
    assert tenders(shop, made) == ()


def test_a_qr_that_is_paid_after_the_cash_goes_back(shop: SaleShop) -> None:
    made = waiting_order(shop)
    progress = shop.payment_service.start(BUYER, made)
    inside = shop.books.open_link(progress.attempt.link_url.rpartition("/")[2])
    shop.cash_service.take(WHO, made, 2_200, 2_200)
    paid = shop.books.pay_try(inside.imp_uid)
    shop.pass_time(1_200)
    with shop.store.snapshot() as uow:
        payment = uow.payments.get(paid.imp_uid)
    assert payment.disposition is PaymentDisposition.REJECTED
    assert shop.books.balance(paid.imp_uid) == 0
    assert expected(shop) == FLOAT + 2_200
    shop.check_books()


# Cash first, the rest by QR.


def mixed(shop: SaleShop, cash: int = 3_000, count: int = 5) -> int:
    """Take a first part of an order of bread in cash; return the order."""
    shop.cart_service.scan(WHO, GTIN, count)
    taken = shop.cash_service.sell(WHO, 2_200 * count, cash, rest_by_qr=True)
    assert (taken.rest, taken.tender.state) == (2_200 * count - cash, TenderState.RECEIVED)
    return taken.order.id


def rest_by_qr(shop: SaleShop, order_id: int) -> PaymentProgress:
    return shop.payment_service.start(BUYER, order_id)


def pay_rest(shop: SaleShop, order_id: int) -> str:
    paid = shop.books.pay(rest_by_qr(shop, order_id).attempt.merchant_uid)
    shop.clock.advance(seconds=2)
    shop.work(2)
    return paid.imp_uid


def test_a_first_part_is_in_the_drawer_and_the_order_waits(shop: SaleShop) -> None:
    made = mixed(shop)
    assert statuses(shop, made) == [ItemStatus.WAITING_FOR_PAYMENT]
    assert expected(shop) == FLOAT + 3_000
    summary = shop.payment_service.get_summary(BUYER, made)
    assert (summary.cash, summary.due) == (3_000, 8_000)
    (held,) = shop.cash_service.open_cash().held
    assert (held.order.id, held.amount, held.rest) == (made, 3_000, 8_000)


def test_the_rest_by_qr_pays_the_order(shop: SaleShop) -> None:
    made = mixed(shop)
    progress = rest_by_qr(shop, made)
    assert progress.attempt.amount == 8_000
    shop.books.pay(progress.attempt.merchant_uid)
    shop.clock.advance(seconds=2)
    shop.work(2)
    assert statuses(shop, made) == [ItemStatus.DELIVERY_COMPLETE]
    assert [one.state for one in tenders(shop, made)] == [TenderState.KEPT]
    assert cash_facts(shop, made) == [
        (LedgerEvent.CASH_RECEIVED, 3_000),
        (LedgerEvent.PAYMENT_CAPTURED, 8_000),
    ]
    assert shop.cash_service.open_cash() == type(shop.cash_service.open_cash())()
    shop.check_books()


def test_the_whole_amount_by_qr_beside_cash_goes_back(shop: SaleShop) -> None:
    """The QR was made before the cash was taken: it no longer fits."""
    made = waiting_order(shop, 5)
    progress = shop.payment_service.start(BUYER, made)
    inside = shop.books.open_link(progress.attempt.link_url.rpartition("/")[2])
    shop.cash_service.take(WHO, made, 11_000, 3_000, rest_by_qr=True)
    paid = shop.books.pay_try(inside.imp_uid)
    shop.pass_time(1_200)
    assert statuses(shop, made) == [ItemStatus.WAITING_FOR_PAYMENT]
    assert shop.books.balance(paid.imp_uid) == 0
    assert [one.state for one in tenders(shop, made)] == [TenderState.RECEIVED]
    shop.check_books()


def test_the_rest_is_taken_in_cash_too(shop: SaleShop) -> None:
    made = mixed(shop)
    progress = rest_by_qr(shop, made)
    taken = shop.cash_service.take(WHO, made, 8_000, 10_000)
    assert (taken.tender.part, taken.tender.change) == (2, 2_000)
    assert {one.state for one in tenders(shop, made)} == {TenderState.KEPT}
    assert statuses(shop, made) == [ItemStatus.DELIVERY_COMPLETE]
    ended = shop.payment_service.get_progress(progress.attempt.id).attempt.state
    assert ended is AttemptState.ABANDONED
    assert expected(shop) == FLOAT + 11_000


def test_a_given_up_rest_goes_back_on_the_cashiers_word(shop: SaleShop) -> None:
    made = mixed(shop)
    progress = rest_by_qr(shop, made)
    shop.payment_service.abandon(WHO, progress.attempt.id)
    shop.pass_time(RULES.reserve_minutes * 60 + 1_200)
    assert statuses(shop, made) == [ItemStatus.WAITING_FOR_PAYMENT], "its cash is held"
    assert shop.cash_service.give_back(WHO, made, 3_000) == 3_000
    assert expected(shop) == FLOAT
    assert [one.state for one in tenders(shop, made)] == [TenderState.RETURNED]
    again = nothing_happened(shop, lambda: shop.cash_service.give_back(WHO, made, 3_000))
    assert again.code is ErrorCode.CASH_NOT_HELD
    shop.pass_time(120)
    assert statuses(shop, made) == [ItemStatus.CANCEL]
    assert shop.stock_of(BREAD) == 30


def test_the_cash_goes_back_without_a_network_and_a_late_qr_too(shop: SaleShop) -> None:
    made = mixed(shop)
    progress = rest_by_qr(shop, made)
    inside = shop.books.open_link(progress.attempt.link_url.rpartition("/")[2])
    shop.sandbox.faults.add("status", status=503)
    shop.cash_service.give_back(WHO, made, 3_000)
    shop.sandbox.faults.clear()
    paid = shop.books.pay_try(inside.imp_uid)
    shop.pass_time(2_400)
    assert shop.books.balance(paid.imp_uid) == 0
    assert statuses(shop, made) == [ItemStatus.CANCEL]
    shop.check_books()


def test_another_sum_than_was_shown_is_not_given_back(shop: SaleShop) -> None:
    made = mixed(shop)
    refused = nothing_happened(shop, lambda: shop.cash_service.give_back(WHO, made, 2_999))
    assert refused.code is ErrorCode.CASH_DUE_CHANGED


def test_who_paid_the_rest_in_that_moment_gets_no_cash_back(shop: SaleShop) -> None:
    made = mixed(shop)
    shop.books.pay(rest_by_qr(shop, made).attempt.merchant_uid)
    refused = refusal(lambda: shop.cash_service.give_back(WHO, made, 3_000))
    assert refused.code is ErrorCode.PAID_MEANWHILE
    assert [one.state for one in tenders(shop, made)] == [TenderState.KEPT]


@pytest.mark.parametrize("cash", [10_901, 10_950])
def test_a_rest_that_kakaopay_does_not_take_is_refused(shop: SaleShop, cash: int) -> None:
    shop.cart_service.scan(WHO, GTIN, 5)
    refused = nothing_happened(
        shop, lambda: shop.cash_service.sell(WHO, 11_000, cash, rest_by_qr=True)
    )
    assert refused.code is ErrorCode.AMOUNT_LIMIT
    made = shop.checkout_service.order(WHO, 11_000).id
    refused = refusal(lambda: shop.cash_service.take(WHO, made, 11_000, cash, rest_by_qr=True))
    assert refused.code is ErrorCode.AMOUNT_LIMIT


def test_a_second_press_of_a_first_part_takes_nothing(shop: SaleShop) -> None:
    made = waiting_order(shop, 5)
    take = lambda: shop.cash_service.take(WHO, made, 11_000, 3_000, rest_by_qr=True)  # noqa: E731
    take()
    assert nothing_happened(shop, take).code is ErrorCode.CASH_DUE_CHANGED
    assert [one.part for one in tenders(shop, made)] == [1]


def test_a_third_tender_is_refused(shop: SaleShop) -> None:
    made = mixed(shop)
    shop.cash_service.take(WHO, made, 8_000, 1_000, rest_by_qr=True)
    third = lambda: shop.cash_service.take(WHO, made, 7_000, 7_000)  # noqa: E731
    assert nothing_happened(shop, third).code is ErrorCode.CASH_TENDERS
    pay_rest(shop, made)
    assert statuses(shop, made) == [ItemStatus.DELIVERY_COMPLETE]


def test_items_of_an_order_with_held_cash_are_not_cancelled(shop: SaleShop) -> None:
    made = mixed(shop)
    (item,) = shop.order(made).items
    refused = nothing_happened(shop, lambda: shop.cancellation_service.cancel(CLERK, item.id, ""))
    assert (refused.code, refused.parameters) == (ErrorCode.CASH_HELD, {"amount": 3_000})


def test_killed_in_between_the_sale_goes_on(shop: SaleShop) -> None:
    made = mixed(shop)
    rest_by_qr(shop, made)
    shop.close()
    later = shop.again()
    try:
        held = later.cash_service.held_of(made)
        assert held is not None
        assert (held.amount, held.rest) == (3_000, 8_000)
        later.cash_service.take(WHO, made, 8_000, 8_000)
        assert later.cash_service.held_of(made) is None
        assert later.order(made).is_paid
    finally:
        later.close()


def test_orders_of_others_take_no_cash(shop: SaleShop) -> None:
    from tests.fakes.till import an_order

    with shop.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(1)])
        uow.commit()
    refused = nothing_happened(shop, lambda: shop.cash_service.take(WHO, 1, 5_000, 5_000))
    assert refused.code is ErrorCode.NOT_OF_COUNTER
    unknown = nothing_happened(shop, lambda: shop.cash_service.take(WHO, 99, 5_000, 5_000))
    assert unknown.code is ErrorCode.ORDER_UNKNOWN


# Who is there gets the goods; who left does not.


def test_a_payment_that_arrives_late_is_not_delivered(shop: SaleShop) -> None:
    made = mixed(shop)
    progress = rest_by_qr(shop, made)
    shop.clock.advance(seconds=290)
    inside = shop.books.open_link(progress.attempt.link_url.rpartition("/")[2])
    shop.pass_time(120)
    shop.books.pay_try(inside.imp_uid)
    shop.pass_time(600)
    assert statuses(shop, made) == [ItemStatus.COMPLETE_PAYMENT]
    assert [one.state for one in tenders(shop, made)] == [TenderState.KEPT]


def test_a_payment_that_a_start_finds_after_the_qr_is_not_delivered(shop: SaleShop) -> None:
    made = mixed(shop)
    progress = rest_by_qr(shop, made)
    shop.books.pay(progress.attempt.merchant_uid)
    shop.close()
    shop.clock.advance(seconds=3_600)
    later = shop.again()
    try:
        later.pass_time(120)
        assert statuses(later, made) == [ItemStatus.COMPLETE_PAYMENT]
    finally:
        later.close()


# Money that goes back.


def refund(shop: SaleShop, order_id: int, at: int = 0):
    item = shop.order(order_id).items[at]
    return shop.cancellation_service.refund(CLERK, item.id, "변심", int(item.total))


def cash_refunds(shop: SaleShop, order_id: int):
    with shop.store.snapshot() as uow:
        return uow.cash.refunds_of_order(order_id)


def test_what_cash_paid_goes_back_in_cash_at_once(shop: SaleShop) -> None:
    made = sell(shop).order.id
    done = refund(shop, made)
    assert (done.amount, done.id) == (2_200, 0)
    assert statuses(shop, made) == [ItemStatus.CANCEL]
    assert (shop.stock_of(BREAD), expected(shop)) == (30, FLOAT)
    (back,) = cash_refunds(shop, made)
    assert (back.state, back.amount, back.shift_id) == (CashRefundState.PAID_OUT, 2_200, 1)
    assert cash_facts(shop, made)[-1] == (LedgerEvent.CASH_REFUNDED, -2_200)
    assert shop.refund_states() == []
    again = nothing_happened(
        shop, lambda: shop.cancellation_service.refund(CLERK, back.item_id, "변심", 2_200)
    )
    assert again.code is ErrorCode.ITEM_CANCELLED


def test_the_print_of_a_cash_slip_is_recorded_with_its_order(shop: SaleShop) -> None:
    made = sell(shop).order.id
    refund(shop, made)
    (back,) = cash_refunds(shop, made)
    paper = cash_slip_key(back)
    assert paper not in shop.order_history_service.for_order(made).printed
    shop.order_history_service.note_printed(WHO, paper, shop.clock.now())
    again = shop.order_history_service.for_order(made).printed.get(paper)
    assert again is not None and again.times == 1


def test_pieces_of_a_cash_sale_go_back(shop: SaleShop) -> None:
    made = sell(shop, count=3).order.id
    (item,) = shop.order(made).items
    shop.cancellation_service.refund(CLERK, item.id, "변심", 2_200, Pieces(1, 3))
    assert (shop.stock_of(BREAD), expected(shop)) == (28, FLOAT + 4_400)
    assert sorted((one.count, one.status) for one in shop.order(made).items) == [
        (1, ItemStatus.CANCEL),
        (2, ItemStatus.DELIVERY_COMPLETE),
    ]


def test_more_than_the_drawer_has_does_not_go_back(shop: SaleShop) -> None:
    made = sell(shop).order.id
    shop.shift_service.pay_out(WHO, FLOAT + 1_000, "은행")
    refused = nothing_happened(shop, lambda: refund(shop, made))
    assert (refused.code, refused.parameters) == (ErrorCode.DRAWER_SHORT, {"expected": 1_200})


def test_a_request_about_it_ends_and_its_approval_is_the_counters(shop: SaleShop) -> None:
    from posapp.domain.requests import Decision, RequestKind, RequestState

    made = sell(shop).order.id
    (item,) = shop.order(made).items
    asked = shop.request_service.create(BUYER, item.id, RequestKind.REFUND, "안 맞아요")
    refused = nothing_happened(
        shop, lambda: shop.decision_service.decide(CLERK, asked.id, Decision.APPROVE)
    )
    assert refused.code is ErrorCode.REFUND_AT_COUNTER
    refund(shop, made)
    with shop.store.snapshot() as uow:
        assert uow.requests.get(asked.id).state is not RequestState.WAIT


def mixed_sale(shop: SaleShop) -> tuple[int, str]:
    """Sell taxable bread of 11,000 and exempt milk of 6,000: 5,000 in cash, 12,000 by QR."""
    shop.change(MILK, tax=TaxKind.EXEMPT)
    shop.cart_service.scan(WHO, GTIN, 5)
    shop.cart_service.add(WHO, MILK, count=2)
    made = shop.cash_service.sell(WHO, 17_000, 5_000, rest_by_qr=True).order.id
    return made, pay_rest(shop, made)


def test_cash_of_a_mixed_sale_has_its_share_of_the_exempt_goods(shop: SaleShop) -> None:
    made, _ = mixed_sale(shop)
    (tender,) = tenders(shop, made)
    # 6,000 × 12,000 ÷ 17,000 = 4,235.3 of the QR are exempt; cash has the rest.
    assert tender.tax_free == 6_000 - 4_235


def test_a_mixed_sale_goes_back_by_qr_first_by_kind(shop: SaleShop) -> None:
    made, paid = mixed_sale(shop)
    milk = shop.order(made).items[1]
    sent = shop.cancellation_service.refund(CLERK, milk.id, "변심", 6_000)
    assert sent.amount == 4_235
    (waiting,) = cash_refunds(shop, made)
    assert (waiting.amount, waiting.tax_free, waiting.state) == (
        *(1_765, 1_765),
        CashRefundState.WAITING,
    )
    early = nothing_happened(shop, lambda: shop.cash_service.hand_out(WHO, waiting.id))
    assert early.code is ErrorCode.CASH_REFUND_WAITS
    shop.work(3)
    assert shop.books.balance(paid) == 12_000 - 4_235
    assert shop.order(made).items[1].status is ItemStatus.CANCEL
    assert shop.cash_service.open_cash().to_hand_out == (waiting,)
    assert shop.unresolved_money_service.mismatches() == ()
    done = shop.cash_service.hand_out(WHO, waiting.id)
    assert (done.state, done.shift_id) == (CashRefundState.PAID_OUT, 1)
    assert expected(shop) == FLOAT + 5_000 - 1_765
    again = nothing_happened(shop, lambda: shop.cash_service.hand_out(WHO, waiting.id))
    assert again.code is ErrorCode.CASH_REFUND_WAITS
    refund(shop, made)
    shop.work(3)
    (_, rest) = cash_refunds(shop, made)
    assert (rest.amount, rest.tax_free) == (3_235, 0)
    shop.cash_service.hand_out(WHO, rest.id)
    assert (shop.books.balance(paid), expected(shop)) == (0, FLOAT)
    shop.pass_time(3_600)
    assert shop.unresolved_money_service.mismatches() == ()
    shop.check_books()


def test_a_refused_part_by_qr_gives_no_cash_and_is_tried_again(shop: SaleShop) -> None:
    made, paid = mixed_sale(shop)
    item = shop.order(made).items[0]
    shop.sandbox.faults.conduct.refuse_cancel = "거래일로부터 1년이 지났습니다"
    refund(shop, made)
    shop.work(3)
    shop.sandbox.faults.clear()
    (waiting,) = cash_refunds(shop, made)
    assert shop.order(made).items[0].is_paid
    assert refusal(lambda: shop.cash_service.hand_out(WHO, waiting.id)).code is (
        ErrorCode.CASH_REFUND_WAITS
    )
    refund(shop, made)
    shop.work(3)
    assert [one.state for one in cash_refunds(shop, made)] == [
        CashRefundState.DROPPED,
        CashRefundState.WAITING,
    ]
    assert shop.order(made).items[0].status is ItemStatus.CANCEL
    assert item.id == cash_refunds(shop, made)[1].item_id
    assert shop.books.balance(paid) == 12_000 - (12_000 - 4_235)


def test_a_console_cancel_of_all_the_qr_is_a_persons_and_cancels_no_goods(shop: SaleShop) -> None:
    made, paid = mixed_sale(shop)
    shop.books.console_cancel(paid)
    shop.pass_time(1_800)
    assert all(one.is_paid for one in shop.order(made).items)
    (found,) = shop.unresolved_money_service.mismatches()
    assert found.imp_uid == paid
    assert found.goods_gap == -12_000


def test_figures_and_records_count_cash(shop: SaleShop) -> None:
    """A cash sale, and a mixed one of which an item went back; each sum once by hand."""
    from posapp.services.orders.sales_report import MovementLabels

    sold = sell(shop).order.id
    made, _ = mixed_sale(shop)
    milk = shop.order(made).items[1]
    shop.cancellation_service.refund(CLERK, milk.id, "변심", 6_000)
    shop.work(3)
    (due,) = shop.cash_service.open_cash().to_hand_out
    shop.cash_service.hand_out(WHO, due.id)
    figures = shop.today_figures_service.read(WHO)
    assert (figures.paid.amount, figures.refunded.amount) == (2_200 + 17_000, 6_000)
    now = shop.clock.now()
    since, until = now - timedelta(days=1), now + timedelta(days=1)
    report = shop.sales_report.read(WHO, since, until)
    assert report.total.net == figures.net
    by_tender = {bar.key: (bar.paid.amount, bar.refunded.amount) for bar in report.tenders}
    assert by_tender == {"CASH": (7_200, 1_765), "KAKAOPAY": (12_000, 4_235)}
    assert {one.name: (one.count, one.amount) for one in report.products} == {"단팥빵": (6, 13_200)}
    labels = MovementLabels("매출", ("",) * 7, "결제", "환불", {"CASH": "현금"})
    path = shop.store.path.with_name("sales.csv")
    assert shop.sales_report.export(WHO, since, until, path, labels) == 5
    history = shop.order_history_service.for_order(made)
    assert (history.captured, history.returned, history.has_receipt) == (17_000, 6_000, True)
    receipt = receipt_of("가게", history)
    assert (receipt.amount, kept(receipt.cash), receipt.refunded) == (17_000, 5_000, 6_000)
    receipt = receipt_of("가게", shop.order_history_service.for_order(sold))
    assert (receipt.payment, receipt.amount, receipt.refunded) == (None, 2_200, 0)


def test_comparing_leaves_cash_alone(shop: SaleShop) -> None:
    made = sell(shop).order.id
    shop.sync_service.reconcile_now(WHO)
    shop.pass_time(7_200)
    assert shop.unresolved_money_service.mismatches() == ()
    assert shop.order(made).is_paid


# Shifts.


def test_a_shift_moves_cash(shop: SaleShop) -> None:
    shop.shift_service.pay_in(WHO, 30_000, "  거스름돈 ")
    shop.shift_service.pay_out(WHO, 12_000, "우유")
    shop.shift_service.note_drawer_opened(WHO, "동전 교환")
    assert expected(shop) == FLOAT + 18_000
    with shop.store.snapshot() as uow:
        rows = [row.entry for row in uow.ledger.rows(0, 99)]
    assert [(one.event, int(one.amount), one.reason, one.reference) for one in rows] == [
        (LedgerEvent.SHIFT_OPENED, FLOAT, "", "shift:1"),
        (LedgerEvent.CASH_PAID_IN, 30_000, "거스름돈", "shift:1"),
        (LedgerEvent.CASH_PAID_OUT, -12_000, "우유", "shift:1"),
        (LedgerEvent.DRAWER_OPENED, 0, "동전 교환", "shift:1"),
    ]


def test_what_does_not_move(shop: SaleShop) -> None:
    shifts = shop.shift_service
    for act, code in (
        (lambda: shifts.open_shift(WHO, 0), ErrorCode.SHIFT_OPEN),
        (lambda: shifts.pay_in(WHO, 0, "x"), ErrorCode.CASH_AMOUNT),
        (lambda: shifts.pay_in(WHO, 100_000_000, "x"), ErrorCode.CASH_AMOUNT),
        (lambda: shifts.pay_in(WHO, 1, " \n"), ErrorCode.CASH_REASON),
        (lambda: shifts.note_drawer_opened(WHO, ""), ErrorCode.CASH_REASON),
        (lambda: shifts.pay_out(WHO, FLOAT + 1, "x"), ErrorCode.DRAWER_SHORT),
    ):
        assert nothing_happened(shop, act).code is code


def close_by_hand(shop: SaleShop) -> None:
    with shop.store.transaction() as uow:
        uow.connection.exec_driver_sql(
            "UPDATE shifts SET closed_at = 1, counted = 5, expected = 5, z_no = id"
            " WHERE closed_at IS NULL"
        )
        uow.commit()


def test_fault_50_a_date_that_is_not_the_next_is_asked_about(shop: SaleShop) -> None:
    """A clock that went back, or far ahead."""
    first = shop.shift_service.read().shift.business_date
    for hours, is_asked in ((0, True), (-48, True), (72, False), (49, True)):
        close_by_hand(shop)
        shop.clock.advance(seconds=hours * 3_600)
        if not is_asked:
            shop.shift_service.open_shift(WHO, 0)
            continue
        refused = refusal(lambda: shop.shift_service.open_shift(WHO, 0))
        assert refused.code is ErrorCode.SHIFT_DATE
        assert set(refused.parameters) == {"date", "last"}
    assert shop.shift_service.open_shift(WHO, 0, is_sure=True).business_date > first


@pytest.mark.parametrize(("hour", "days"), [(5, -1), (6, 0), (23, 0)])
def test_a_night_belongs_to_the_day_before(hour: int, days: int) -> None:
    now = datetime(2026, 11, 30, hour, 59, tzinfo=SEOUL)
    assert business_date(now, timedelta(hours=6)) == date(2026, 11, 30) + timedelta(days=days)
    assert business_date(now, timedelta()) == date(2026, 11, 30)


def test_a_shift_of_more_than_a_day_is_to_be_closed(shop: SaleShop) -> None:
    view = shop.shift_service.read()
    assert view is not None
    assert not view.is_long
    shop.clock.advance(seconds=int(timedelta(hours=24, seconds=1).total_seconds()))
    assert shop.shift_service.read().is_long
