"""A found payment pays one order, of the shop's own mode, and is read again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.payments import AttemptState, PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.verification import PaymentProblem
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import MismatchKind
from posapp.services.till_config import TillConfig
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import NumberedIds


@pytest.fixture
def quiet(clock):
    """A sandbox that need not listen."""
    return Sandbox(clock=clock.unix)


@pytest.fixture
def shop(tmp_path, quiet, clock):
    till = Till(
        tmp_path / "posapp.db", quiet, clock, gateway=BooksGateway(quiet), make_ids=NumberedIds
    )
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20, (5000, 1), (3000, 1)))
    yield till
    till.close()


def payments(till: Till, order_id: int = 10):
    with till.store.snapshot() as uow:
        return uow.payments.for_order(order_id)


def test_qr_ends_when_its_order_is_paid_by_another(shop):
    first = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.open(first.merchant_uid)
    shop.payment_service.abandon(Actor.person(), first.id)
    second = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.pay(first.merchant_uid, late=True)
    shop.poller.poll(first.id)
    shop.poller.poll(second.id)
    assert shop.payment_service.get_progress(second.id).attempt.state is AttemptState.ABANDONED
    assert all(link.closed_at for link in shop.books.links())


def test_start_polls_every_uncertain_attempt(shop, tmp_path):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.open(attempt.merchant_uid)
    shop.payment_service.abandon(Actor.person(), attempt.id)
    shop.work(2)
    due = shop.payment_service.get_progress(attempt.id).attempt.next_check_at
    assert due is not None
    assert due > shop.clock.now(), "nothing is asked for a while"
    shop.books.pay(attempt.merchant_uid, late=True)
    shop.close()
    again = Till(
        tmp_path / "posapp.db", shop.sandbox, shop.clock, gateway=shop.client, make_ids=NumberedIds
    )
    again.reconcile_job.run = lambda: pytest.fail("the list was asked before the attempt")
    again.reconcile_job.due_in_ms = lambda: 60_000
    again.work(2)
    assert again.order(10).is_paid
    again.close()


def test_a_payment_pays_one_order(shop, monkeypatch):
    """PortOne shows a payment of ours again, under the number of another order."""
    paid = shop.paid_order(10)
    other = shop.payment_service.start(Actor.buyer(BUYER), 20).attempt
    known = shop.client.get_payment(payment_ref(paid))
    shown = replace(known, merchant_uid=other.merchant_uid)
    monkeypatch.setattr(shop.client, "find_payment", lambda number: shown)
    monkeypatch.setattr(shop.client, "find_payments", lambda number: (shown,))
    monkeypatch.setattr(shop.client, "get_payment", lambda imp_uid: shown)
    shop.poller.poll(other.id)
    assert not shop.order(20).is_paid
    assert payments(shop, 20) == ()
    assert [one.kind for one in shop.unresolved_money_service.mismatches()] == [
        MismatchKind.FOREIGN_PAYMENT
    ]
    assert shop.ledger_balance() == 8000


def test_a_live_till_takes_no_test_money(tmp_path, quiet, clock):
    config = TillConfig("하나 베이커리", live=True)
    live = Till(tmp_path / "live.db", quiet, clock, gateway=BooksGateway(quiet), config=config)
    live.stock_shop(an_order(10, (5000, 1)))
    attempt = live.payment_service.start(Actor.buyer(BUYER), 10).attempt
    live.books.pay(attempt.merchant_uid)
    live.poller.poll(attempt.id)
    (payment,) = payments(live)
    assert (payment.disposition, payment.problem) == (
        PaymentDisposition.REJECTED,
        PaymentProblem.TEST_PAYMENT,
    )
    assert not live.order(10).is_paid
    live.close()


def test_payment_with_an_item_refund_of_ours_was_accepted(shop, monkeypatch):
    """A newer file accepted it and refunded an item; this one meets it as if it were new."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = shop.books.pay(attempt.merchant_uid)
    tag = shop.ids.refund_tag(100)
    shop.books.console_cancel(paid.imp_uid, 5000, f"품절 {tag}")
    shop.poller.poll(attempt.id)
    assert [one.disposition for one in payments(shop)] == [PaymentDisposition.ACCEPTED]
    with shop.store.snapshot() as uow:
        (refund,) = uow.refunds.of_payment(paid.imp_uid)
    assert (refund.state, refund.amount, refund.tag) == (RefundState.CONFIRMED, Won(5000), tag)
    assert shop.books.balance(paid.imp_uid) == 3000
    shop.cancellation_service.refund(Actor.seller(SELLER), 101, "", 3000)
    shop.check_books()
