"""docs/faults.md, rows 31-35: money that arrives late, twice, in a wrong amount, or is only
claimed."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.verification import TAMPERED, PaymentProblem
from posapp.services.payments.payment_progress import PaymentPhase
from tests.fakes.till import BUYER, Till, an_order, with_status

ORDER = an_order(10, (5000, 1), (1500, 2))


@pytest.fixture
def shop(till: Till) -> Till:
    till.stock_shop(ORDER, an_order(20, (5000, 1)))
    return till


def payments(till: Till, order_id: int = 10):
    with till.store.snapshot() as uow:
        return uow.payments.for_order(order_id)


def opened_and_left(till: Till, way: str):
    """A QR that the buyer has opened, and the till has given up on; its attempt."""
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    till.books.open(attempt.merchant_uid)
    if way == "stopped":
        till.payment_service.abandon(Actor.person(), attempt.id)
    else:
        till.pass_time(310, every=10)
    phase = till.payment_service.get_progress(attempt.id).phase
    assert phase is (PaymentPhase.STOPPED if way == "stopped" else PaymentPhase.EXPIRED)
    return attempt


@pytest.mark.parametrize("after_s", [5, 14 * 60])
@pytest.mark.parametrize("way", ["stopped", "run out"])
def test_fault_31_paid_after_the_till_gave_up_is_attached(shop, way, after_s):
    attempt = opened_and_left(shop, way)
    shop.pass_time(after_s, every=5)
    late = shop.books.pay(attempt.merchant_uid, late=True)
    shop.pass_time(20 * 60)
    assert shop.payment_service.get_progress(attempt.id).phase is PaymentPhase.DONE
    assert shop.order(10).is_paid
    assert [one.imp_uid for one in payments(shop)] == [late.imp_uid]
    shop.check_books()


@pytest.mark.parametrize("way", ["stopped", "run out"])
def test_fault_31_late_payment_of_a_cancelled_order_is_refunded(shop, way):
    attempt = opened_and_left(shop, way)
    for item in ORDER.items:
        shop.cancellation_service.cancel(Actor.buyer(BUYER), item.id, "안 삽니다")
    late = shop.books.pay(attempt.merchant_uid, late=True)
    shop.pass_time(20 * 60)
    assert shop.payment_service.get_progress(attempt.id).phase is PaymentPhase.RETURNED
    assert shop.books.balance(late.imp_uid) == 0
    assert {item.status for item in shop.order(10).items} == {ItemStatus.CANCEL}
    assert shop.ledger_balance() == 0
    shop.check_books()


def test_fault_31_paid_while_the_program_was_closed(shop, tmp_path):
    attempt = opened_and_left(shop, "stopped")
    shop.close()
    shop.clock.advance(minutes=10)
    late = shop.books.pay(attempt.merchant_uid, late=True)
    shop.clock.advance(days=2)
    again = Till(tmp_path / "posapp.db", shop.sandbox, shop.clock, ids=shop.ids)
    again.work(4)
    assert again.order(10).is_paid
    assert [one.imp_uid for one in payments(again)] == [late.imp_uid]
    again.check_books()
    again.close()


def test_fault_31_twin_that_forgets_an_ended_attempt_misses_the_payment(shop, monkeypatch):
    monkeypatch.setattr("posapp.services.payments.poll_attempt.next_poll_at", lambda *_: None)
    monkeypatch.setattr(shop.reconcile_job, "due_in_ms", lambda: 60_000)
    attempt = opened_and_left(shop, "stopped")
    shop.books.pay(attempt.merchant_uid, late=True)
    shop.pass_time(20 * 60)
    assert not shop.order(10).is_paid
    assert shop.ledger_balance() != shop.portone_balance()


@pytest.mark.parametrize("first_paid", [0, 1])
def test_fault_32_two_qrs_of_one_order_are_both_paid(shop, first_paid):
    first = opened_and_left(shop, "stopped")
    second = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    both = [first, second]
    kept = shop.books.pay(both[first_paid].merchant_uid, late=first_paid == 0)
    shop.pass_time(4, every=2)
    other = shop.books.pay(both[1 - first_paid].merchant_uid, late=True)
    shop.pass_time(20 * 60)
    assert shop.order(10).is_paid
    assert sorted(shop.books.balance(one.imp_uid) for one in (kept, other)) == [0, 8000]
    assert len(payments(shop)) == 2
    assert shop.ledger_balance() == 8000
    shop.check_books()


@pytest.mark.parametrize("tries", [2, 3])
def test_fault_32_one_number_is_paid_several_times(shop, tries):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    for number in range(tries):
        shop.books.pay(attempt.merchant_uid, again=number > 0)
    shop.pass_time(25 * 60)
    assert shop.payment_service.get_progress(attempt.id).phase is PaymentPhase.DONE
    balances = sorted(shop.books.balance(one.imp_uid) for one in shop.books.payments())
    assert balances == [0] * (tries - 1) + [8000]
    shop.check_books()


def test_fault_32_second_payment_arrives_15_minutes_later(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.open(attempt.merchant_uid)
    shop.books.pay(attempt.merchant_uid)
    shop.pass_time(14 * 60)
    second = shop.books.pay(attempt.merchant_uid, again=True, late=True)
    shop.pass_time(30 * 60)
    assert shop.books.balance(second.imp_uid) == 0
    assert shop.ledger_balance() == 8000
    shop.check_books()


@pytest.mark.parametrize("amount", [1, 100, 7999, 8001, 16_000])
def test_fault_33_payment_of_another_amount_is_refunded_in_full(shop, amount):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = shop.books.pay(attempt.merchant_uid, amount)
    shop.pass_time(60, every=5)
    reported = shop.payment_service.get_progress(attempt.id)
    assert (reported.phase, reported.problem) == (
        PaymentPhase.RETURNED,
        PaymentProblem.AMOUNT_DIFFERS,
    )
    assert reported.refund.reason == TAMPERED
    assert reported.refund.amount == amount
    assert shop.order(10) == ORDER, "not released"
    assert shop.books.balance(paid.imp_uid) == 0
    assert shop.ledger_balance() == 0
    shop.check_books()


def test_fault_33_an_order_that_changed_while_it_was_paid(shop):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    with shop.store.transaction() as uow:
        cancelled = with_status(shop.order(10), ItemStatus.CANCEL).items[0]
        uow.orders.save_items([cancelled])
        uow.commit()
    paid = shop.books.pay(attempt.merchant_uid)
    shop.pass_time(60, every=5)
    assert shop.payment_service.get_progress(attempt.id).phase is PaymentPhase.RETURNED
    assert not shop.order(10).is_paid
    assert shop.books.balance(paid.imp_uid) == 0
    shop.check_books()


@pytest.mark.parametrize("then", ["paid", "open", "run out", "failed"])
def test_fault_34_killed_while_the_qr_is_on_screen(shop, tmp_path, then):
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.work(1)
    shop.store.close()  # no other link is ended
    if then == "paid":
        shop.books.pay(attempt.merchant_uid)
    elif then == "failed":
        shop.books.open(attempt.merchant_uid)
        shop.books.fail(attempt.merchant_uid, "잔액이 부족합니다.")
    shop.clock.advance(seconds=400 if then == "run out" else 60)
    again = Till(tmp_path / "posapp.db", shop.sandbox, shop.clock, ids=shop.ids)
    assert [one.attempt.merchant_uid for one in again.payment_service.list_live()] == [
        attempt.merchant_uid
    ]
    again.work(4)
    reported = again.payment_service.get_progress(attempt.id)
    assert (
        reported.phase
        is {
            "paid": PaymentPhase.DONE,
            "open": PaymentPhase.SCAN,
            "run out": PaymentPhase.EXPIRED,
            "failed": PaymentPhase.FAILED,
        }[then]
    )
    if then == "open":
        assert reported.attempt.link_url == attempt.link_url
        assert again.payment_service.start(Actor.buyer(BUYER), 10).attempt.id == attempt.id, (
            "the same code"
        )
        again.books.pay(attempt.merchant_uid)
        again.pass_time(6, every=2)
        assert again.order(10).is_paid
    again.check_books()
    again.close()


@pytest.mark.parametrize("claimed", ["/payments/find/*", "/payments/findAll/*"])
def test_fault_35_a_claim_of_payment_releases_no_goods(shop, claimed):
    """A till receives no callback and no webhook. The closest to one is a list that says paid while
    the payment itself, read afresh, says that it is not."""
    attempt = shop.payment_service.start(Actor.buyer(BUYER), 10).attempt
    shop.books.open(attempt.merchant_uid)
    shop.sandbox.faults.add(
        "lie", path=claimed, fields={"status": "paid", "paid_at": int(shop.clock.unix())}
    )
    shop.pass_time(60, every=2)
    assert not shop.order(10).is_paid
    assert payments(shop) == ()
    shop.sandbox.faults.clear()
    shop.books.pay(attempt.merchant_uid)
    shop.pass_time(30, every=5)
    assert shop.order(10).is_paid
    shop.check_books()
