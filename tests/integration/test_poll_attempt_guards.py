"""PortOne's lists are hints about an attempt; only the payment, read afresh, counts
(docs/specification.md 2.4), and an unreadable payment is not certain."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import AttemptState, PaymentDisposition, ReportedStatus
from posapp.domain.verification import PaymentProblem
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import MismatchKind
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, Till, an_order


class Bent(BooksGateway):
    """A gateway wrapper that alters lists and payments."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.listed = lambda one: one
        self.seen = lambda one: one

    def find_payment(self, merchant_uid: str):
        found = super().find_payment(merchant_uid)
        return found and self.listed(found)

    def find_payments(self, merchant_uid: str):
        return tuple(self.listed(one) for one in super().find_payments(merchant_uid))

    def get_payment(self, ref):
        found = super().get_payment(ref)
        return found and self.seen(found)


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=Bent(sandbox))
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    yield till
    till.close()


def no_answer(merchant_uid: str):
    raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.TIMEOUT)


def payments(shop: Till):
    with shop.store.snapshot() as uow:
        return uow.payments.for_order(10)


def attempt_now(shop: Till, attempt):
    return shop.payment_service.get_progress(attempt.id).attempt


def test_list_with_the_right_amount_accepts_no_payment(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(attempt.merchant_uid, 7000)
    shop.client.listed = lambda one: replace(one, amount=Won(8000))
    shop.poller.poll(attempt.id)
    (payment,) = payments(shop)
    assert (payment.amount, payment.disposition) == (7000, PaymentDisposition.REJECTED)
    assert payment.problem == PaymentProblem.AMOUNT_DIFFERS
    assert not shop.order(10).is_paid


@pytest.mark.parametrize("give_up", [False, True])
def test_unreadable_listed_payment_leaves_its_attempt_uncertain(shop, give_up):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(attempt.merchant_uid)
    shop.client.seen = lambda one: None
    result = shop.poller.poll(attempt.id, give_up=give_up)
    assert result.error is not None
    assert result.error.cause is GatewayCause.NOT_FOUND
    after = attempt_now(shop, attempt)
    assert after.state is (AttemptState.UNKNOWN if give_up else AttemptState.WAITING)
    assert after.next_check_at is not None
    shop.client.seen = lambda one: one
    shop.poller.poll(attempt.id)
    assert shop.order(10).is_paid
    shop.check_books()


def test_unknown_status_is_recorded_and_never_certain(shop):
    """Long after the end of the link: an unknown status may get a meaning later."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(attempt.merchant_uid)
    shop.client.listed = shop.client.seen = lambda one: replace(one, status=ReportedStatus.UNKNOWN)
    shop.clock.advance(hours=1)
    for _ in range(4):
        shop.clock.advance(minutes=30)
        shop.poller.poll(attempt.id)
    assert attempt_now(shop, attempt).next_check_at is not None
    assert [one.kind for one in shop.unresolved_money_service.mismatches()] == [
        MismatchKind.UNKNOWN_STATUS
    ]
    assert payments(shop) == ()
    shop.client.listed = shop.client.seen = lambda one: one
    shop.poller.poll(attempt.id)
    assert shop.order(10).is_paid


def test_paid_with_an_amount_of_0_is_recorded_and_polled_less_often(shop, monkeypatch):
    """Each minute for ever, it was: 1,440 times a day beside the sales."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(attempt.merchant_uid)
    shop.client.listed = shop.client.seen = lambda one: replace(one, amount=Won(0))
    checks, find_all = [], shop.client.find_payments
    monkeypatch.setattr(
        shop.client, "find_payments", lambda uid: checks.append(uid) or find_all(uid)
    )
    shop.pass_time(2 * 3600)
    checks.clear()
    shop.pass_time(6 * 3600, every=60)
    assert 11 <= len(checks) <= 13, "twice an hour"
    assert [one.kind for one in shop.unresolved_money_service.mismatches()] == [
        MismatchKind.UNKNOWN_STATUS
    ]
    assert not shop.order(10).is_paid
    shop.client.listed = shop.client.seen = lambda one: one
    shop.pass_time(1860, every=60)
    assert shop.order(10).is_paid, "half an hour after it means something"
    shop.check_books()


def test_end_without_an_answer_is_not_final(shop, monkeypatch):
    """The link expired and PortOne does not answer: the order stays occupied, and the attempt is
    not over."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.clock.advance(seconds=shop.config.link_seconds + 1)
    with monkeypatch.context() as away:
        away.setattr(shop.client, "find_payments", no_answer)
        shop.poller.poll(attempt.id)
    after = attempt_now(shop, attempt)
    assert after.state is AttemptState.UNKNOWN
    assert after.next_check_at is not None
    shop.poller.poll(attempt.id)
    assert attempt_now(shop, attempt).state is AttemptState.EXPIRED


def busy(merchant_uid: str):
    raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.BUSY, retry_after=40)


@pytest.mark.parametrize("opened", [False, True])
def test_poll_waits_as_long_as_retry_after_says(shop, monkeypatch, opened):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    if opened:
        shop.books.open(attempt.merchant_uid)
        shop.poller.poll(attempt.id)
    monkeypatch.setattr(shop.client, "find_payment", busy)
    shop.poller.poll(attempt.id)
    due = attempt_now(shop, attempt).next_check_at
    assert due == shop.clock.now() + timedelta(seconds=40)


def test_attempt_is_polled_more_often_once_its_link_is_opened(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    pauses = []
    for opened in (False, True):
        if opened:
            shop.books.open(attempt.merchant_uid)
        shop.poller.poll(attempt.id)
        due = attempt_now(shop, attempt).next_check_at
        assert due is not None
        pauses.append(due - shop.clock.now())
    assert pauses == [timedelta(seconds=2), timedelta(milliseconds=700)]


def test_a_failed_try_beside_an_open_one_ends_nothing(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.fail(attempt.merchant_uid)
    shop.books.open(attempt.merchant_uid, again=True)
    shop.client.find_payment = lambda number: replace(
        shop.client.find_payments(number)[-1], status=ReportedStatus.PAID
    )
    shop.poller.poll(attempt.id)
    assert attempt_now(shop, attempt).state is AttemptState.WAITING


def test_payment_is_recorded_once(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = shop.books.pay(attempt.merchant_uid)
    for _ in range(3):
        shop.poller.poll(attempt.id)
    assert [one.imp_uid for one in payments(shop)] == [paid.imp_uid]
    assert shop.unresolved_money_service.mismatches() == ()
    assert shop.ledger_balance() == 8000
    shop.check_books()


def test_externally_cancelled_part_is_not_refunded_again(shop):
    """Rejected, and 1,000 of it are cancelled already: the remaining balance is refunded."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = shop.books.pay(attempt.merchant_uid, 7000)
    shop.books.console_cancel(paid.imp_uid, 1000)
    shop.poller.poll(attempt.id)
    with shop.store.snapshot() as uow:
        amounts = sorted(one.amount for one in uow.refunds.of_payment(paid.imp_uid))
    assert amounts == [1000, 6000]
    shop.pass_time(60)
    assert shop.books.balance(paid.imp_uid) == 0
    shop.check_books()


def test_only_items_that_wait_are_paid(shop):
    """A cancelled item of an order stays cancelled when the rest of it is paid."""
    shop.cancellation_service.cancel(Actor.buyer(BUYER), 101, "")
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    assert attempt.amount == 5000
    shop.books.pay(attempt.merchant_uid)
    shop.poller.poll(attempt.id)
    statuses = [item.status for item in shop.order(10).items]
    assert statuses == [ItemStatus.COMPLETE_PAYMENT, ItemStatus.CANCEL]
