"""Cash in the place of a refund that KakaoPay refused for good: only then, once, counted right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefundState
from posapp.domain.errors import ErrorCode, GatewayError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus
from posapp.domain.permissions import StaffRole
from posapp.domain.refund_limits import RefundSubject
from posapp.domain.refunds import RefundState
from posapp.domain.users import WALK_IN
from posapp.domain.vat import TaxKind
from posapp.services.bookkeeping.cash_instead import cash_offers, was_refused_for_good
from posapp.services.bookkeeping.mismatch_notes import PaymentGap, note_mismatch
from posapp.services.bookkeeping.receipt_records import cash_of_sale
from posapp.services.payments.receipts import receipt_of
from posapp.services.ports.outbox import MismatchKind
from posapp.services.staff.staff_policy import StaffPolicy
from tests.fakes.actors import WHO
from tests.fakes.till import SELLER
from tests.fakes.world import NumberedIds
from tests.integration.sale_shop import (
    BREAD,
    FLOAT,
    GTIN,
    MILK,
    SaleShop,
    drawer,
    refusal,
    shop_with_drawer,
)

BUYER, CLERK = Actor.buyer(WALK_IN), Actor.seller(SELLER)
PAST, COUNT = "거래일로부터 1년이 지났습니다.", "MAX_CANCEL_COUNT_REACHED"


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    with shop_with_drawer(tmp_path, sandbox, clock) as made:
        yield made


def sold_by_qr(shop: SaleShop, *, milk: int = 2) -> tuple[int, str]:
    """Sell bread of 2,200 and milk of 6,000 by QR."""
    shop.cart_service.scan(WHO, GTIN)
    if milk:
        shop.cart_service.add(WHO, MILK, count=milk)
    order = shop.checkout_service.order(WHO, 2_200 + 3_000 * milk).id
    return order, shop.paid_order(order)


def ask_back(shop: SaleShop, order_id: int, at: int = 0, says: str = PAST):
    """Have a refund of an item refused; return the refund."""
    shop.sandbox.faults.conduct.refuse_cancel = says
    item = shop.order(order_id).items[at]
    made = shop.cancellation_service.refund(CLERK, item.id, "변심", int(item.total))
    shop.work(3)
    shop.sandbox.faults.clear()
    return stored(shop, made.id)


def stored(shop: SaleShop, refund_id: int):
    with shop.store.snapshot() as uow:
        return uow.refunds.get(refund_id)


def offer_of(shop: SaleShop, order_id: int):
    with shop.store.snapshot() as uow:
        return cash_offers(uow, uow.refunds.for_order(order_id))


def move(shop: SaleShop, refund, amount: int | None = None):
    item = next(one for one in shop.order(refund.order_id).items if one.id == refund.item_id)
    return shop.cash_instead_service.move(CLERK, refund.id, amount or int(item.total))


def cash_back(shop: SaleShop, order_id: int):
    with shop.store.snapshot() as uow:
        return uow.cash.refunds_of_order(order_id)


def nothing_moved(shop: SaleShop, refund, act) -> ErrorCode:
    with shop.store.snapshot() as uow:
        before = uow.ledger.end()
    code = refusal(act).code
    with shop.store.snapshot() as uow:
        assert uow.ledger.end() == before
        assert uow.orders.item(refund.item_id).is_paid
    return code


@pytest.mark.parametrize("says", [PAST, COUNT])
def test_a_refund_that_is_refused_for_good_goes_back_in_cash(shop: SaleShop, says: str) -> None:
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made, says=says)
    assert (refund.state, refund.refused_as) == (RefundState.REFUSED, "limit")
    assert offer_of(shop, made)[refund.item_id].amount == 2_200
    waiting = move(shop, refund)
    assert (waiting.state, waiting.amount, waiting.replaced) == (
        *(CashRefundState.WAITING, 2_200, 2_200),
    )
    item = shop.order(made).items[0]
    assert (item.status, shop.stock_of(BREAD), drawer(shop)) == (ItemStatus.CANCEL, 30, 0)
    (due,) = shop.cash_service.open_cash().to_hand_out
    assert shop.cash_service.hand_out(WHO, due.id).state is CashRefundState.PAID_OUT
    assert drawer(shop) == -2_200
    assert shop.books.balance(paid) == 8_200
    with shop.store.snapshot() as uow:
        assert cash_of_sale(uow, made).amount == 0, "no cash receipt is of KakaoPay's money"
    with shop.store.snapshot() as uow:
        events = [row.entry.event for row in uow.ledger.for_order(made)]
    assert events[-3:] == [
        *(LedgerEvent.REFUND_MOVED_TO_CASH, LedgerEvent.ITEM_CANCELLED),
        LedgerEvent.CASH_REFUNDED,
    ]


def test_comparing_finds_no_difference(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    move(shop, refund)
    shop.sync_service.reconcile_now(WHO)
    shop.pass_time(7_200)
    assert shop.unresolved_money_service.mismatches() == ()
    shop.cash_service.hand_out(WHO, cash_back(shop, made)[0].id)
    shop.sync_service.reconcile_now(WHO)
    shop.pass_time(7_200)
    assert shop.unresolved_money_service.mismatches() == ()


def test_the_rest_of_the_order_still_goes_back_by_qr(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    move(shop, ask_back(shop, made))
    milk = shop.order(made).items[1]
    shop.cancellation_service.refund(CLERK, milk.id, "변심", 6_000)
    shop.work(3)
    assert shop.order(made).items[1].status is ItemStatus.CANCEL
    assert shop.books.balance(paid) == 2_200
    shop.pass_time(7_200)
    assert shop.unresolved_money_service.mismatches() == ()


def test_figures_and_papers_count_it_as_cash(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    before = shop.closing_service.x_report(WHO).figures
    waiting = move(shop, refund)
    assert shop.closing_service.x_report(WHO).figures.refunded == before.refunded
    shop.cash_service.hand_out(WHO, waiting.id)
    figures = shop.closing_service.x_report(WHO).figures
    assert (figures.refunded["CASH"].amount, figures.refunded["KAKAOPAY"].amount) == (-2_200, 0)
    assert figures.cash.expected == FLOAT - 2_200
    assert shop.today_figures_service.read(WHO).refunded.amount == 2_200
    history = shop.order_history_service.for_order(made)
    receipt = receipt_of("가게", history)
    assert (receipt.amount, receipt.refunded) == (8_200, 2_200)
    assert receipt.sale.tax_of([refund.item_id]).total == 2_200
    report = shop.closing_service.close_shift(
        WHO, {10_000: 9, 1_000: 7, 500: 1, 100: 3}, "", {}, shown=FLOAT - 2_200
    )
    assert report.z_no == 1


def test_what_waits_keeps_the_shift_open(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    waiting = move(shop, ask_back(shop, made))
    (matter,) = shop.closing_service.open_matters()
    assert (matter.kind.value, matter.amount) == ("CASH_REFUND", waiting.amount)


def test_a_mixed_item_goes_back_whole_and_its_cash_receipt_keeps_what_cash_paid(
    shop: SaleShop,
) -> None:
    shop.change(MILK, tax=TaxKind.EXEMPT)
    shop.cart_service.scan(WHO, GTIN, 5)
    shop.cart_service.add(WHO, MILK, count=2)
    made = shop.cash_service.sell(WHO, 17_000, 5_000, rest_by_qr=True).order.id
    shop.paid_order(made)
    refund = ask_back(shop, made, at=0)
    (waits,) = cash_back(shop, made)
    moved = move(shop, refund)
    assert (moved.amount, moved.replaced, moved.of_cash) == (11_000, refund.amount, waits.amount)
    assert [one.state for one in cash_back(shop, made)] == [
        *(CashRefundState.DROPPED, CashRefundState.WAITING),
    ]
    shop.cash_service.hand_out(WHO, moved.id)
    assert drawer(shop) == 5_000 - 11_000
    with shop.store.snapshot() as uow:
        left = cash_of_sale(uow, made)
    assert (left.amount, left.tax_free) == (5_000 - moved.of_cash, 5_000 - moved.of_cash)
    milk = shop.order(made).items[1]
    summary = shop.cancellation_service.get_item(CLERK, milk.id)
    assert summary.cash == 5_000 - moved.of_cash, "the rest of the cash paid milk"
    shop.cancellation_service.refund(CLERK, milk.id, "변심", 6_000)
    shop.work(3)
    (due,) = shop.cash_service.open_cash().to_hand_out
    shop.cash_service.hand_out(WHO, due.id)
    assert drawer(shop) == -int(refund.amount)
    shop.pass_time(7_200)
    assert shop.unresolved_money_service.mismatches() == ()


# When it is not offered.


def test_only_what_is_refused_by_now_counts(shop: SaleShop) -> None:
    refund = ask_back(shop, sold_by_qr(shop)[0])
    counting = [one for one in RefundState if was_refused_for_good(replace(refund, state=one))]
    assert counting == [RefundState.REFUSED]


@pytest.mark.parametrize("says", ["한도 초과", "부가세 단수 차이"])
def test_another_refusal_offers_no_cash(shop: SaleShop, says: str) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made, says=says)
    assert refund.state is RefundState.REFUSED
    assert offer_of(shop, made) == {}
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.CASH_NOT_OFFERED


def test_a_text_on_no_list_is_unknown_and_offers_none(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made, says="거래일로부터 1년이 지났습니다만 잠시 후 다시")
    assert refund.state is RefundState.UNKNOWN
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.CASH_NOT_OFFERED


def test_none_beside_a_refund_of_the_payment_that_is_under_way(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.sandbox.faults.add("drop_after", path="/payments/cancel", uses=1)
    milk = shop.order(made).items[1]
    shop.cancellation_service.refund(CLERK, milk.id, "변심", 6_000)
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.CASH_NOT_OFFERED
    shop.work(1)
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.CASH_NOT_OFFERED


def test_an_order_of_others_is_offered_none(shop: SaleShop) -> None:
    from tests.fakes.till import an_order

    with shop.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(1)])
        uow.commit()
    shop.paid_order(1)
    refund = ask_back(shop, 1)
    assert refund.refused_as == "limit"
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.CASH_NOT_OFFERED


def test_it_needs_a_shift_and_enough_in_its_drawer(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.shift_service.pay_out(WHO, FLOAT - 2_199, "은행")
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.DRAWER_SHORT
    shop.closing_service.close_shift(WHO, {1_000: 2, 100: 1, 50: 1, 10: 4}, "9원 오차", shown=2_199)
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.NO_SHIFT


def test_another_amount_than_was_shown_is_refused(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    code = nothing_moved(shop, refund, lambda: move(shop, refund, 2_199))
    assert code is ErrorCode.REFUND_AMOUNT_DIFFERS


def test_nothing_is_recorded_without_a_reading(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.sandbox.faults.add("status", status=503)
    with pytest.raises(GatewayError):
        move(shop, refund)
    assert cash_back(shop, made) == () and shop.order(made).items[0].is_paid


def test_an_open_difference_is_explained_first(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made)
    with shop.store.transaction() as uow:
        note_mismatch(
            *(uow, MismatchKind.UNKNOWN_STATUS),
            merchant_uid="m",
            imp_uid=paid,
            amount=Won(1),
            evidence="x",
            found_at=shop.clock.now(),
            gap=PaymentGap(),
        )
        uow.commit()
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.MONEY_IN_DOUBT


def test_money_cancelled_in_the_console_is_not_paid_out_again(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.books.console_cancel(paid, 2_200)
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.MONEY_IN_DOUBT
    shop.pass_time(1_800)
    assert len(shop.unresolved_money_service.mismatches()) == 1
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.MONEY_IN_DOUBT


def test_a_refund_requested_anew_replaces_the_earlier_refusal(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made)
    item = shop.order(made).items[0]
    again = shop.cancellation_service.refund(CLERK, item.id, "변심", 2_200)
    assert nothing_moved(shop, refund, lambda: move(shop, refund)) is ErrorCode.CASH_NOT_OFFERED
    shop.work(3)
    assert stored(shop, again.id).state is RefundState.CONFIRMED
    assert refusal(lambda: move(shop, refund)).code is ErrorCode.CASH_NOT_OFFERED
    assert shop.books.balance(paid) == 6_000


def test_whoever_may_not_refund_records_nothing(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    other = Actor.seller(SELLER + 1)
    act = lambda: shop.cash_instead_service.move(other, refund.id, 2_200)  # noqa: E731
    assert nothing_moved(shop, refund, act) in (
        *(ErrorCode.USER_UNKNOWN, ErrorCode.NOT_A_SELLER, ErrorCode.ITEM_OF_ANOTHER),
    )


def test_a_second_person_agrees_whatever_the_amount(tmp_path, sandbox, clock) -> None:
    shop = SaleShop(tmp_path, sandbox, clock, make_ids=NumberedIds, access=StaffPolicy())
    shop.shift_service.open_shift(WHO, FLOAT)
    refund = ask_back(shop, sold_by_qr(shop)[0])
    directory, approvals, boss = shop.staff.directory, shop.staff.approvals, Actor.staff(1)
    directory.set_up(Actor.person(), "점장", "905182")
    shop.staff.sign_in.sign_in(1, "905182")
    directory.add(boss, "김하나", StaffRole.SELLER, "270936", SELLER)
    shop.staff.sign_in.sign_in(2, "270936")
    clerk = Actor.staff(2).acting_for(CLERK)
    act = lambda: shop.cash_instead_service.move(clerk, refund.id, 2_200)  # noqa: E731
    assert nothing_moved(shop, refund, act) is ErrorCode.APPROVAL_REQUIRED
    subject = RefundSubject(f"cash:{refund.id}", Won(2_200), "변심")
    approvals.confirm(clerk, subject, "270936")
    assert nothing_moved(shop, refund, act) is ErrorCode.APPROVAL_REQUIRED
    approvals.approve(clerk, subject, 1, "905182")
    moved = act()
    assert (moved.requested_by, moved.approved_by, moved.approval_needed) == (clerk, boss, True)
    shop.close()


def test_the_database_takes_no_other_cash_in_the_place_of_money_by_qr(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    waiting = move(shop, refund)
    milk = shop.order(made).items[1]
    for change in (
        {"item_id": milk.id},
        {"item_id": milk.id, "replaced": Won(2_200), "amount": Won(6_000)},
        {"item_id": milk.id, "replaces": None, "replaced": ZERO, "amount": Won(1)},
    ):
        with shop.store.transaction() as uow, pytest.raises(Exception, match="refund409"):
            uow.cash.add_refund(replace(waiting, **change))
    with shop.store.transaction() as uow:
        code = refusal(lambda: uow.refunds.add(replace(refund, tag="[RF-x]"))).code
        assert code is ErrorCode.REFUND_IN_FLIGHT
        with pytest.raises(Exception, match="the item goes back in cash"):
            uow.refunds.save(
                replace(refund, state=RefundState.CONFIRMED, confirmed_at=waiting.created_at)
            )
