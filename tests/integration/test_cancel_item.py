"""주문취소 beside a QR: an order under cancellation cannot be paid, and data read before the
network call is read again after it (docs/specification.md 2.5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import (
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    InvalidAmount,
    UserError,
)
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import AttemptState
from posapp.sandbox.link_access import PaymentNotAllowed
from posapp.sandbox.server import Sandbox
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import (
    BUYER,
    OTHER_BUYER,
    OTHER_SELLER,
    SELLER,
    STOCK,
    Till,
    an_order,
    with_status,
)

ITEM, OTHER = 100, 101


class Interrupted(BooksGateway):
    """Something happens at the shop while PortOne switches a link off."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.meanwhile: Callable[[], object] = lambda: None

    def close_link(self, url: str) -> None:
        super().close_link(url)
        self.meanwhile()


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=Interrupted(sandbox))
    till.stock_shop(an_order(10, (5000, 1), (3000, 2)))
    yield till
    till.close()


BY_BUYER, BY_SELLER = Actor.buyer(BUYER), Actor.seller(SELLER)


def cancel(shop: Till, item: int = ITEM, actor: Actor = BY_BUYER):
    return shop.cancellation_service.cancel(actor, item, "안 삽니다")


def status(shop: Till, item: int) -> ItemStatus:
    return next(one.status for one in shop.order(10).items if one.id == item)


def test_a_live_qr_is_closed_before_an_item_of_its_order_is_cancelled(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    seen: list[ItemStatus] = []
    shop.gateway.meanwhile = lambda: seen.append(status(shop, ITEM))
    cancel(shop)
    assert seen == [ItemStatus.WAITING_FOR_PAYMENT], "the link is off before the item stops"
    assert all(link.closed_at for link in shop.books.links())
    with pytest.raises(PaymentNotAllowed):
        shop.books.open(progress.attempt.merchant_uid)
    ended = shop.payment_service.get_progress(progress.attempt.id).attempt
    assert ended.state is AttemptState.ABANDONED
    assert status(shop, ITEM) is ItemStatus.CANCEL
    again = shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert again.attempt.amount == 6000


def test_payment_during_cancel_counts(shop):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    shop.books.pay(progress.attempt.merchant_uid)
    with pytest.raises(UserError) as refused:
        cancel(shop)
    assert refused.value.code is ErrorCode.PAID_MEANWHILE
    assert status(shop, ITEM) is ItemStatus.COMPLETE_PAYMENT
    assert shop.stock_of(ITEM) == STOCK
    assert shop.ledger_balance() == 11_000
    shop.check_books()


def test_a_paid_item_is_not_cancelled_without_its_money(shop):
    shop.paid_order(10)
    with pytest.raises(UserError) as refused:
        cancel(shop)
    assert refused.value.code is ErrorCode.PAID_MEANWHILE
    assert status(shop, ITEM) is ItemStatus.COMPLETE_PAYMENT


@pytest.mark.parametrize("actor", [BY_BUYER, BY_SELLER])
def test_two_concurrent_cancels_restock_the_item_once(shop, actor):
    """The guards run again in the transaction that acts (docs/specification.md 2.2)."""
    shop.payment_service.start(Actor.buyer(BUYER), 10)

    def somebody_else_cancels() -> None:
        shop.gateway.meanwhile = lambda: None
        cancel(shop, OTHER, Actor.seller(SELLER))

    shop.gateway.meanwhile = somebody_else_cancels
    with pytest.raises(UserError) as refused:
        cancel(shop, OTHER, actor)
    assert refused.value.code is ErrorCode.ITEM_CANCELLED
    assert shop.stock_of(OTHER) == STOCK + 2
    cancelled = [row.entry for row in ledger_of(shop) if row.entry.item_id == OTHER]
    assert len(cancelled) == 1


def test_item_cancelled_offline_is_refunded_when_paid(shop, monkeypatch):
    progress = shop.payment_service.start(Actor.buyer(BUYER), 10)
    paid = shop.books.pay(progress.attempt.merchant_uid)
    with monkeypatch.context() as away:
        away.setattr(shop.gateway, "find_payments", unreachable)
        cancel(shop)
    assert status(shop, ITEM) is ItemStatus.CANCEL
    assert status(shop, OTHER) is ItemStatus.WAITING_FOR_PAYMENT
    shop.pass_time(600)
    assert shop.books.balance(paid.imp_uid) == 0
    assert status(shop, OTHER) is ItemStatus.WAITING_FOR_PAYMENT
    shop.check_books()


def unreachable(merchant_uid: str):
    raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)


def ledger_of(shop: Till):
    with shop.store.snapshot() as uow:
        return uow.ledger.for_order(10)


def ask_back(shop: Till, item: int, amount: int, actor: Actor = BY_SELLER):
    return shop.cancellation_service.refund(actor, item, "품절", amount)


def by_buyer(shop: Till, user: int):
    return ask_back(shop, ITEM, 5000, Actor.buyer(user))


def refusal(call: Callable[[], object]) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        call()
    return refused.value.code


def refunds_of_order(shop: Till):
    with shop.store.snapshot() as uow:
        return uow.refunds.for_order(10)


@pytest.mark.parametrize("amount", [4999, 5001, 11_000, 1])
def test_refund_amount_is_the_items_total_not_the_screens(shop, amount):
    """환불금액 위/변조 (docs/specification.md 2.5)."""
    shop.paid_order(10)
    assert refusal(lambda: ask_back(shop, ITEM, amount)) is ErrorCode.REFUND_AMOUNT_DIFFERS
    assert refunds_of_order(shop) == ()


@pytest.mark.parametrize("amount", [0, -5000])
def test_refund_amount_that_means_the_whole_payment_is_invalid(shop, amount):
    shop.paid_order(10)
    with pytest.raises(InvalidAmount):
        ask_back(shop, ITEM, amount)
    assert refunds_of_order(shop) == ()


def test_uncaptured_payment_is_not_refunded(shop):
    assert refusal(lambda: ask_back(shop, ITEM, 5000)) is ErrorCode.NOT_PAID_YET


def test_item_is_refunded_once(shop):
    shop.paid_order(10)
    ask_back(shop, ITEM, 5000)
    assert refusal(lambda: ask_back(shop, ITEM, 5000)) is ErrorCode.REFUND_IN_FLIGHT
    assert refusal(lambda: by_buyer(shop, BUYER)) is ErrorCode.REFUND_IN_FLIGHT
    assert len(refunds_of_order(shop)) == 1


def test_only_buyer_and_seller_refund_an_item(shop):
    shop.paid_order(10)
    for call in (
        lambda: ask_back(shop, ITEM, 5000, Actor.seller(OTHER_SELLER)),
        lambda: by_buyer(shop, OTHER_BUYER),
    ):
        assert refusal(call) is ErrorCode.ITEM_OF_ANOTHER
    assert refunds_of_order(shop) == ()


def test_money_that_did_not_pay_the_order_is_not_an_items(shop):
    """The order's only payment was rejected; its items contradict that, by a bug or by an edit."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(attempt.merchant_uid, 6000)
    shop.clock.advance(seconds=2)
    shop.poller.poll(attempt.id)
    with shop.store.transaction() as uow:
        uow.orders.save_items(with_status(shop.order(10), ItemStatus.COMPLETE_PAYMENT).items)
        uow.commit()
    assert refusal(lambda: ask_back(shop, ITEM, 5000)) is ErrorCode.PAYMENT_UNKNOWN


def test_free_item_has_no_refund(tmp_path, clock):
    """An item of 0 won in a paid order: over at once, and no other amount is sent for it."""
    sandbox = Sandbox(clock=clock.unix)
    till = Till(tmp_path / "free.db", sandbox, clock, gateway=BooksGateway(sandbox))
    till.stock_shop(an_order(10, (5000, 1), (0, 1)))
    till.paid_order(10)
    for amount in (1, 5000):
        with pytest.raises(UserError) as refused:
            till.cancellation_service.refund(Actor.seller(SELLER), OTHER, "선물", amount)
        assert refused.value.code is ErrorCode.REFUND_AMOUNT_DIFFERS
    till.cancellation_service.refund(Actor.seller(SELLER), OTHER, "선물", 0)
    assert till.order(10).items[1].status is ItemStatus.CANCEL
    assert till.ledger_balance() == till.portone_balance() == 5000
    till.close()
