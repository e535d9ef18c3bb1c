"""Row 124: a refund that KakaoPay refused for good goes back in cash, and something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from posapp.domain.cash import CashRefundState
from posapp.domain.errors import ErrorCode
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.bookkeeping import cash_instead
from posapp.services.ports.outbox import MismatchKind
from posapp.services.refunds import refund_in_cash
from tests.fakes.actors import WHO
from tests.faults.test_cash import at_once
from tests.integration.sale_shop import SaleShop, drawer, refusal, shop_with_drawer
from tests.integration.test_cash_instead import (
    ask_back,
    cash_back,
    move,
    sold_by_qr,
    stored,
)


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[SaleShop]:
    with shop_with_drawer(tmp_path, sandbox, clock) as made:
        yield made


def test_fault_124_two_presses_pay_it_out_once(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    results = at_once(lambda: move(shop, refund), lambda: move(shop, refund))
    assert len([one for one in results if isinstance(one, ErrorCode)]) == 1
    (waiting,) = cash_back(shop, made)
    results = at_once(*[lambda: shop.cash_service.hand_out(WHO, waiting.id)] * 2)
    assert ErrorCode.CASH_REFUND_WAITS in results
    assert drawer(shop) == -2_200


def test_fault_124_a_refund_that_is_carried_out_before_the_cash_leaves_no_cash(
    shop: SaleShop,
) -> None:
    """Its line shows in the reading just before, or is recorded by then."""
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.books.console_cancel(paid, 2_200, refund.tagged_reason)
    assert refusal(lambda: move(shop, refund)).code is ErrorCode.MONEY_IN_DOUBT
    shop.pass_time(1_800)
    assert stored(shop, refund.id).state is RefundState.CONFIRMED
    assert refusal(lambda: move(shop, refund)).code is ErrorCode.CASH_NOT_OFFERED
    assert (cash_back(shop, made), drawer(shop)) == ((), 0)
    shop.check_books()


def test_fault_124_twin_without_the_reading_the_buyer_has_it_twice(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.books.console_cancel(paid, 2_200, refund.tagged_reason)
    with mock.patch.object(refund_in_cash, "shows_money_is_there", lambda *_: True):
        waiting = move(shop, refund)
    shop.cash_service.hand_out(WHO, waiting.id)
    assert (drawer(shop), shop.books.balance(paid)) == (-2_200, 6_000)


def test_fault_124_a_refund_that_is_carried_out_after_the_cash_is_named(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made)
    shop.cash_service.hand_out(WHO, move(shop, refund).id)
    shop.books.console_cancel(paid, 2_200, refund.tagged_reason)
    shop.pass_time(7_200)
    (found,) = shop.unresolved_money_service.mismatches()
    assert (found.kind, found.amount) == (MismatchKind.LOST_REFUND, 2_200)
    assert stored(shop, refund.id).state is RefundState.REFUSED
    (back,) = cash_back(shop, made)
    assert (back.state, drawer(shop)) == (CashRefundState.PAID_OUT, -2_200)


def test_fault_124_all_of_it_cancelled_in_the_console_is_a_persons(shop: SaleShop) -> None:
    made, paid = sold_by_qr(shop)
    shop.cash_service.hand_out(WHO, move(shop, ask_back(shop, made)).id)
    shop.books.console_cancel(paid)
    shop.pass_time(7_200)
    (found,) = shop.unresolved_money_service.mismatches()
    assert found.amount == 8_200
    assert shop.order(made).items[1].status is ItemStatus.DELIVERY_COMPLETE


def test_fault_124_twin_of_any_refusal_turns_a_wallet_into_cash(shop: SaleShop) -> None:
    """KakaoPay would have taken the refund a minute later."""
    made, paid = sold_by_qr(shop)
    refund = ask_back(shop, made, says="한도 초과")
    with mock.patch.object(
        cash_instead, "was_refused_for_good", lambda one: one.state is RefundState.REFUSED
    ):
        move(shop, refund)
    assert len(cash_back(shop, made)) == 1 and shop.books.balance(paid) == 8_200


def test_fault_124_after_a_restart_the_cash_still_waits_once(shop: SaleShop) -> None:
    made, _ = sold_by_qr(shop)
    refund = ask_back(shop, made)
    move(shop, refund)
    shop.close()
    later = shop.again()
    try:
        later.pass_time(1_800)
        (due,) = later.cash_service.open_cash().to_hand_out
        assert due.replaces == refund.id
        assert refusal(lambda: move(later, refund)).code is ErrorCode.CASH_NOT_OFFERED
        assert stored(later, refund.id).state is RefundState.REFUSED
    finally:
        later.close()
