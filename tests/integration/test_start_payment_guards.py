"""One QR an order: the QR on screen, a payment made a moment ago, and links whose answer was
lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayError, UserError
from posapp.domain.payments import AttemptState
from posapp.portone.checkout import Link
from posapp.sandbox.link_access import PaymentNotAllowed
from posapp.sandbox.server import Sandbox
from posapp.services.ports.checkout import CheckoutOrder
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.till import BUYER, Till, an_order


class Interrupted(BooksGateway):
    """Something happens at the shop during a call."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.at_prepare: Callable[[str], object] = lambda number: None
        self.at_link: Callable[[str], object] = lambda number: None

    def prepare(self, merchant_uid, amount) -> None:
        self.at_prepare(merchant_uid)
        super().prepare(merchant_uid, amount)

    def create_link(self, order: CheckoutOrder) -> Link:
        link = super().create_link(order)
        self.at_link(order.merchant_uid)
        return link


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=Interrupted(sandbox))
    till.stock_shop(an_order(10, (5000, 1)))
    yield till
    till.close()


def attempts(shop: Till):
    with shop.store.snapshot() as uow:
        return uow.attempts.for_order(10)


def test_attempt_is_on_the_disk_before_the_first_call(shop):
    kept = []

    def is_kept(number: str) -> None:
        with shop.store.snapshot() as uow:
            kept.append(uow.attempts.by_merchant_uid(number))

    shop.client.at_prepare = is_kept
    shop.payment_service.start(Actor.buyer(BUYER), 10)
    (attempt,) = kept
    assert attempt is not None
    assert (attempt.order_id, attempt.amount) == (10, 5000)


def test_last_moment_payment_prevents_a_second_qr(shop):
    """The old QR expired and was not polled since; the buyer had paid it."""
    first = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(first.merchant_uid)
    shop.clock.advance(seconds=shop.config.link_seconds + 1)
    with pytest.raises(UserError) as refused:
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert refused.value.code is ErrorCode.ORDER_DONE
    assert shop.order(10).is_paid
    assert len(attempts(shop)) == 1


def test_a_qr_that_ran_out_is_not_shown_again(shop):
    first = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.clock.advance(seconds=shop.config.link_seconds)
    second = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    assert second.merchant_uid != first.merchant_uid
    assert shop.payment_service.get_progress(first.id).attempt.state is AttemptState.EXPIRED


def test_link_with_unknown_result_is_watched(shop):
    shop.client.aimed["create_link"] = deque([Fault.LOST_AFTER])
    with pytest.raises(GatewayError):
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    (lost,) = attempts(shop)
    assert lost.state is AttemptState.UNKNOWN
    assert lost.next_check_at is not None
    paid = shop.books.pay(lost.merchant_uid)
    shop.clock.advance(seconds=61)
    shop.poller.poll(lost.id)
    assert shop.order(10).is_paid
    assert shop.payment_service.get_progress(lost.id).attempt.imp_uid == paid.imp_uid


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.NOT_CONNECTED])
def test_a_number_without_a_clear_registration_gets_no_link(shop, fault):
    """Such a number cannot be paid, so the till does not wait for it."""
    shop.client.aimed["prepare"] = deque([fault])
    with pytest.raises(GatewayError):
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    (ended,) = attempts(shop)
    assert (ended.state, ended.link_url, ended.next_check_at) == (AttemptState.FAILED, "", None)


def test_refused_link_does_not_exist(shop):
    shop.client.aimed["create_link"] = deque([Fault.NOT_CONNECTED])
    with pytest.raises(GatewayError):
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    (refused,) = attempts(shop)
    assert (refused.state, refused.next_check_at) == (AttemptState.FAILED, None)


def test_link_of_an_attempt_stopped_meanwhile_is_closed(shop):
    def give_up(number: str) -> None:
        (made,) = attempts(shop)
        shop.payment_service.abandon(Actor.person(), made.id)

    shop.client.at_link = give_up
    with pytest.raises(UserError) as refused:
        shop.payment_service.start(Actor.buyer(BUYER), 10)
    assert refused.value.code is ErrorCode.ATTEMPT_ENDED
    (attempt,) = attempts(shop)
    assert attempt.state is AttemptState.ABANDONED
    with pytest.raises(PaymentNotAllowed):
        shop.books.open(attempt.merchant_uid)


def test_ended_attempt_reads_every_try_even_if_one_is_empty(shop, monkeypatch):
    """The first 404 means nothing (docs/portone.md)."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.open(attempt.merchant_uid)
    shop.payment_service.abandon(Actor.person(), attempt.id)
    late = shop.books.pay(attempt.merchant_uid, late=True)
    monkeypatch.setattr(shop.client, "find_payment", lambda number: None)
    shop.poller.poll(attempt.id)
    assert shop.payment_service.get_progress(attempt.id).attempt.imp_uid == late.imp_uid
    assert shop.order(10).is_paid
