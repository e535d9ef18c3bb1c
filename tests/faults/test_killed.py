"""docs/faults.md, rows 4, 5 and 34: killed between any two steps, started again, nothing lost.

The steps of a flow are tried, before and after each call to PortOne and each commit, one after
the other on the same file: a shop that is killed again and again. Of a refund every third step,
another third with each fault of the network; ``--every-place``: every step with each.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.services.payments.payment_progress import PaymentPhase
from tests.fakes.till import BUYER, STOCK, Till, an_order
from tests.faults.kill_points import run_killed

MOST_STEPS = 40
FAULTS = (None, "drop_after", "drop_before")
LINES = ((5000, 1), (3000, 1), (1000, 2))


class Shop:
    """One file and one sandbox; tills come and go."""

    def __init__(self, path, sandbox, clock) -> None:
        self.path, self.sandbox, self.clock = path, sandbox, clock
        self.books = sandbox.books
        self._opened = 0
        till = self.open()
        till.stock_shop(*[an_order(at, *LINES) for at in range(1, MOST_STEPS)])
        till.close()

    def open(self) -> Till:
        till = Till(self.path, self.sandbox, self.clock)
        self._opened += 1
        count = iter(range(1000))
        run = self._opened
        till.ids.merchant_uid = lambda _: f"run-{run}-{next(count)}"
        return till

    def kill_each_step(
        self,
        action: str,
        prepare: Callable[[Till, int], None],
        check: Callable[[Till, int], None],
        steps: range = range(1, MOST_STEPS),
    ) -> int:
        """Kill an action at each of the steps until it runs to its end; return the last one that
        killed it."""
        for at in steps:
            before = self.open()
            prepare(before, at)
            before.close()
            killed = run_killed(self.path, self.sandbox, self.clock.now(), action, at, at)
            self.sandbox.faults.clear()
            after = self.open()
            check(after, at)
            after.close()
            if not killed:
                return at - steps.step
        raise AssertionError("the deed never ended")


@pytest.fixture
def shop(tmp_path, sandbox, clock):
    return Shop(tmp_path / "posapp.db", sandbox, clock)


@pytest.mark.slow
def test_fault_05_killed_anywhere_while_the_qr_is_made(shop):
    def check(till, order_id):
        for link in shop.books.links():
            if link.merchant_uid == f"killed-{order_id}":
                shop.books.pay(link.merchant_uid)
        till.work(3)
        if not till.order(order_id).is_paid:
            started = till.payment_service.start(Actor.buyer(BUYER), order_id)
            shop.books.pay(started.attempt.merchant_uid)
            shop.clock.advance(seconds=2)
            till.work(2)
        assert {one.status for one in till.order(order_id).items} == {ItemStatus.COMPLETE_PAYMENT}
        till.pass_time(20 * 60, every=60)
        assert till.ledger_balance() == 10_000 * order_id
        till.check_books()

    assert shop.kill_each_step("start", lambda till, at: None, check) >= 7


@pytest.mark.slow
def test_fault_34_killed_anywhere_while_a_payment_is_verified(shop):
    def prepare(till, order_id):
        shop.books.pay(
            till.payment_service.start(Actor.buyer(BUYER), order_id).attempt.merchant_uid
        )

    def check(till, order_id):
        till.work(3)
        with till.store.snapshot() as uow:
            (attempt,) = uow.attempts.for_order(order_id)
        assert till.payment_service.get_progress(attempt.id).phase is PaymentPhase.DONE
        till.pass_time(18 * 60, every=60)
        with till.store.snapshot() as uow:
            assert len(uow.payments.for_order(order_id)) == 1
        till.check_books()

    assert shop.kill_each_step("watch", prepare, check) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_04_and_05_killed_anywhere_during_a_refund(request, shop, fault):
    share = (1, 1) if request.config.getoption("--every-place") else (1 + FAULTS.index(fault), 3)
    payments = {}

    def prepare(till, order_id):
        payments[order_id] = till.paid_order(order_id)
        till.pass_time(20 * 60, every=300)
        if fault:
            shop.sandbox.faults.add(fault, path="/payments/cancel", uses=1)

    def check(till, order_id):
        till.work(3)
        till.pass_time(120, every=5)
        till.pass_time(22 * 60, every=120)  # what may still be carried out is waited for
        item = order_id * 10
        with till.store.snapshot() as uow:
            refunds = uow.refunds.of_item(item)
        if not refunds:
            assert order_id == 1, "an intent that was committed is gone"
            assert till.order(order_id).items[0].status is ItemStatus.COMPLETE_PAYMENT
            assert shop.books.balance(payments[order_id]) == 10_000
        else:
            assert [one.state for one in refunds] == [RefundState.CONFIRMED]
            assert till.order(order_id).items[0].status is ItemStatus.CANCEL
            assert till.stock_of(item) == STOCK + 1
            assert shop.books.balance(payments[order_id]) == 5_000
        till.check_books()

    steps = range(share[0], MOST_STEPS, share[1])
    assert shop.kill_each_step("refund", prepare, check, steps) >= 6
