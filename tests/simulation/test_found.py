"""Faults found by the simulation or its review, each cut down to the shortest day that shows it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import UserError
from posapp.domain.refunds import RefundState
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.store.files.backup import backup
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import Fault
from tests.fakes.till import BUYER, SELLER
from tests.simulation.host import Ready
from tests.simulation.invariants import Inspector
from tests.simulation.program import CountedIds
from tests.simulation.shop import open_shop


@pytest.fixture
def shop():
    with Ready() as template:
        shop = open_shop(template, template.with_name("shop.db"))
        yield shop
        shop.close()


def finish(shop) -> None:
    inspector = Inspector(shop)
    assert shop.calm_down()
    shop.reconcile()
    inspector.check_over()


def sold_order(shop, items: int) -> tuple[str, list[tuple[int, int]]]:
    """Sell the first order of so many items; return its imp_uid and (item, won) of each."""
    (order,) = shop.query(
        "SELECT order_id FROM order_items GROUP BY order_id HAVING count(*) = ? LIMIT 1", items
    )[0]
    orders = [row[0] for row in shop.query("SELECT id FROM orders WHERE is_open ORDER BY id")]
    assert shop.sell(orders.index(order))
    rows = shop.query("SELECT id, price * count FROM order_items WHERE order_id = ?", order)
    return shop.books.payments()[-1].imp_uid, rows


def ask(shop, item: int, won: int):
    return shop.till.cancellation_service.refund(Actor.seller(SELLER), item, "", won)


def state(shop, refund) -> RefundState:
    return shop.till.cancellation_service.get_refund(refund.id).refund.state


def test_console_cancel_refuses_approved_refunds_that_no_longer_fit(shop):
    """The line from the console and the approved refunds were together more than was captured; the
    database said so (rightly), the round ended in InvalidAmount, and so did every later one: no
    refund of any payment was sent any more."""
    imp_uid, items = sold_order(shop, 3)
    requested = [ask(shop, *each) for each in items]
    shop.books.console_cancel(imp_uid, items[-1][1])
    finish(shop)
    assert state(shop, requested[0]) is RefundState.NEEDS_REVIEW, (
        "the console's part is not explained"
    )
    shop.till.explain()
    shop.till.unresolved_money_service.retry(STAFF, requested[0].id)
    finish(shop)
    assert state(shop, requested[1]) is RefundState.NEEDS_REVIEW, "the part is as much as this one"
    shop.till.unresolved_money_service.assign_cancellation(STAFF, requested[1].id, False)
    finish(shop)
    assert [state(shop, each) for each in requested] == [
        *[RefundState.CONFIRMED] * 2,
        RefundState.REFUSED,
    ]


def test_all_cancelled_in_the_console_refuses_every_approved_refund(shop):
    imp_uid, items = sold_order(shop, 3)
    requested = [ask(shop, *each) for each in items]
    shop.books.console_cancel(imp_uid)
    finish(shop)
    assert {state(shop, each) for each in requested} == {RefundState.REFUSED}


def test_made_refund_is_confirmed_although_console_took_from_the_next(shop):
    """Sent, answer lost, and then the console cancels what an approved refund was to send."""
    imp_uid, items = sold_order(shop, 3)
    requested = [ask(shop, *each) for each in items]
    shop.trouble_with("cancel", [Fault.LOST_AFTER])
    shop.work()
    assert state(shop, requested[0]) is RefundState.UNKNOWN
    shop.books.console_cancel(imp_uid, shop.books.balance(imp_uid) - items[1][1])
    finish(shop)
    assert state(shop, requested[0]) is RefundState.CONFIRMED
    assert state(shop, requested[2]) is RefundState.REFUSED


@pytest.mark.parametrize("call", ["find_all", "read"])
def test_unknown_status_at_the_last_poll_is_read_again(shop, call):
    """The buyer pays at the very end of the quarter of an hour, and in the last look that there
    was PortOne says something new: the money was never found."""
    shop.start(0)
    shop.scan(0, "open")
    shop.sleep(300 + 61)
    shop.work(2)
    shop.sleep(800)
    assert shop.scan(0, "pay_late")
    shop.trouble_with("find_all", [Fault.UNKNOWN_STATUS])
    shop.trouble_with("read", [Fault.UNKNOWN_STATUS])
    if call == "read":
        shop.trouble_with("find_all", [None])
    shop.sleep(200)
    shop.work()
    finish(shop)


# Found by the days of a shop (``simulate.py``).


@pytest.fixture
def numbered():
    """A shop whose record numbers name their subject, as real ones do."""
    with Ready() as template:
        with closing(sqlite3.connect(template)) as file:
            ((code,),) = file.execute("SELECT code FROM till")
        shop = open_shop(template, template.with_name("shop.db"), ids=CountedIds(code))
        yield shop
        shop.close()


def put_old_copy_back(shop, tmp_path, after) -> None:
    """Copy the file, do something, and put the copy in the place of the newer file."""
    copy = tmp_path / "copy.db"
    backup(shop.path, copy)
    after()
    shop.close()
    for each in shop.path.parent.glob(f"{shop.path.name}-*"):
        each.unlink()
    shutil.copyfile(copy, shop.path)
    shop.open_again()


def status(shop, imp_uid: str) -> str:
    ((found,),) = shop.query("SELECT standing FROM payments WHERE imp_uid = ?", imp_uid)
    return found


def test_sale_partly_refunded_after_a_copy_stays_sold(numbered, tmp_path):
    """The copy had the QR but not its payment. One item was refunded; then the old file read a
    partly cancelled payment, took the cancel for an external one, and refunded the rest although
    the buyer had the goods."""
    shop = numbered
    (order, *_) = shop.query(
        "SELECT order_id FROM order_items GROUP BY order_id HAVING count(*) = 3 LIMIT 1"
    )[0]
    paid: list[str] = []
    number = shop.till.payment_service.start(Actor.buyer(BUYER), order).attempt.merchant_uid

    def pay_and_refund() -> None:
        paid.append(shop.books.pay(number).imp_uid)
        shop.sleep(2)
        shop.work(2)
        item, won = shop.query(
            "SELECT id, price * count FROM order_items WHERE order_id = ? ORDER BY id", order
        )[0]
        ask(shop, item, won)
        shop.sleep(2)
        shop.work(2)

    put_old_copy_back(shop, tmp_path, pay_and_refund)
    shop.sleep(2)
    shop.work(3)
    assert status(shop, paid[0]) == "ACCEPTED"
    finish(shop)
    assert shop.books.balance(paid[0]) > 0


def test_restored_second_payment_refunds_no_other_of_its_merchant_uid(numbered, tmp_path):
    """Two payments under one number, both after the copy: one paid the order (an item of which was
    cancelled by then), the other was refunded. A rule restored the second one, so the number had an
    attempt again; its poll found the first payment, which did not fit the order of the old file,
    and refunded it as well."""
    shop = numbered
    (order, *_) = shop.query(
        "SELECT order_id FROM order_items GROUP BY order_id HAVING count(*) = 3 LIMIT 1"
    )[0]
    paid: list[str] = []

    def cancel_one_and_pay_twice() -> None:
        item = shop.query("SELECT id FROM order_items WHERE order_id = ? ORDER BY id", order)[0][0]
        shop.till.cancellation_service.cancel(Actor.seller(SELLER), item, "")
        attempt = shop.till.payment_service.start(Actor.buyer(BUYER), order).attempt
        link = attempt.link_url.rpartition("/")[2]
        second = shop.books.open_link(link)
        paid.append(shop.books.pay_try(shop.books.open_link(link).imp_uid).imp_uid)
        shop.sleep(2)
        shop.work(2)
        shop.books.pay_try(second.imp_uid)
        shop.sleep(1000)
        shop.work(4)

    put_old_copy_back(shop, tmp_path, cancel_one_and_pay_twice)
    for _ in range(4):
        shop.sleep(1000)
        shop.work(3)
    assert shop.books.balance(paid[0]) > 0
    assert shop.query("SELECT kind FROM mismatches WHERE imp_uid = ?", paid[0]) == [
        ("LOST_PAYMENT",)
    ]


def test_clock_set_back_a_day_delays_no_poll_until_tomorrow(shop):
    """An attempt without a link has no end but its beginning, which then lay a day ahead."""
    shop.clock.advance(days=1)
    shop.trouble_with("create_link", [Fault.LOST_AFTER])
    shop.start(0)
    shop.clock.advance(days=-1)
    for _ in range(4):
        shop.sleep(1000)
        shop.work(2)
    assert shop.query("SELECT id FROM attempts WHERE next_check_at IS NOT NULL") == []


class WrongClock:
    """The shop's clock, but for the wall time, which can be set."""

    def __init__(self, right) -> None:
        self._right, self.off = right, timedelta(0)
        self.monotonic = right.monotonic

    def now(self):
        return self._right.now() + self.off


def test_qr_polled_before_a_clock_jump_is_noticed_is_not_due_tomorrow(shop):
    """A look that ends after the jump plans the next one by the new time; moved once more with
    everything else it would have been made a day later."""
    clock = WrongClock(shop.clock)
    watch = ClockJumpDetector(shop.till.store, clock)
    watch.run()
    shop.start(0)
    clock.off = timedelta(days=1)
    with shop.till.store.transaction() as uow:
        (attempt,) = uow.attempts.unconfirmed()
        uow.attempts.save(replace(attempt, next_check_at=clock.now() + timedelta(seconds=2)))
        uow.commit()
    watch.run()
    with shop.till.store.snapshot() as uow:
        (attempt,) = uow.attempts.unconfirmed()
    assert attempt.next_check_at <= clock.now() + timedelta(minutes=1)


def test_pending_refund_with_a_console_part_never_ends_unexplained(shop):
    """Seeds 200030 and 200033 (docs/faults.md, row 96): a payment of another amount was being
    refunded whole, a part was cancelled in the console, and the refund ended as refused with the
    rest at the shop."""
    shop.start(0)
    assert shop.scan(0, "pay_other")
    shop.trouble_with("cancel", [Fault.NOT_CONNECTED] * 2)
    shop.sleep(2)
    shop.work(2)
    (payment,) = shop.books.payments()
    shop.books.console_cancel(payment.imp_uid, 500)
    shop.restart()  # compares with PortOne before it sends
    assert shop.calm_down()
    listed = [one.refund.imp_uid for one in shop.till.unresolved_money_service.refunds()]
    assert shop.books.balance(payment.imp_uid) == 0 or payment.imp_uid in listed
    assert shop.books.balance(payment.imp_uid) < payment.captured


def test_older_copy_refunds_nothing_before_comparing(numbered, tmp_path):
    """Seed 555001 (docs/faults.md, row 82): the copy held the attempt as WAITING; an item was
    cancelled in it without a network, and the payment did not fit the order any more and was sent
    back whole."""
    shop = numbered
    (order, *_) = shop.query(
        "SELECT order_id FROM order_items GROUP BY order_id HAVING count(*) = 3 LIMIT 1"
    )[0]
    paid: list[str] = []
    number = shop.till.payment_service.start(Actor.buyer(BUYER), order).attempt.merchant_uid

    def pay() -> None:
        paid.append(shop.books.pay(number).imp_uid)
        shop.sleep(2)
        shop.work(2)

    put_old_copy_back(shop, tmp_path, pay)
    item = shop.query("SELECT id FROM order_items WHERE order_id = ? ORDER BY id", order)[0][0]
    shop.trouble([Fault.NOT_CONNECTED] * 8)
    with contextlib.suppress(UserError):
        shop.till.cancellation_service.cancel(Actor.seller(SELLER), item, "")
    shop.gateway.plan.clear()
    for _ in range(4):
        shop.sleep(1000)
        shop.work(3)
    assert shop.books.balance(paid[0]) == shop.books.payment(paid[0]).captured
