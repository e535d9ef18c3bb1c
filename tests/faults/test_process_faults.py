"""docs/faults.md, rows 71 and 74: a bug in the midst of a send, and paper that does not come."""

from __future__ import annotations

import time

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.refunds import RefundState
from posapp.services.orders.order_history import OrderHistoryService
from posapp.services.payments.receipts import receipt_of
from posapp.services.runtime.worker_pool import ThreadWorkerPool
from tests.bounds import LONGEST_S
from tests.fakes.till import BUYER, Till, an_order

ITEM = 100


class Bug(Exception):
    """An unforeseen error."""


def ask(till: Till):
    return till.cancellation_service.refund(Actor.buyer(BUYER), ITEM, "단순 변심", 5000)


def state(till: Till, refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def steps(till: Till, until, seconds: float = LONGEST_S) -> list[BaseException]:
    """Step like the worker, which reports a bug and continues."""
    bugs: list[BaseException] = []
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        try:
            till.work(1)
        except Bug as bug:
            bugs.append(bug)
        time.sleep(0.005)
    return bugs


@pytest.mark.parametrize("when", ["before", "after"])
def test_fault_71_a_bug_in_the_midst_of_a_send_leaves_the_intent_whole(
    tmp_path, sandbox, clock, when
):
    """The bug is raised in a worker's thread, before the cancel is sent or after it is made. It is
    reported, and the refund continues with a reading when its lease expires."""
    till = Till(tmp_path / "posapp.db", sandbox, clock, pool=ThreadWorkerPool(4))
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    paid = till.books.pay(attempt.merchant_uid)
    till.clock.advance(seconds=2)
    steps(till, lambda: till.order(10).is_paid)
    real, calls = till.client.cancel, []

    def cancel(order):
        calls.append(order)
        if len(calls) == 1:
            if when == "after":
                real(order)
            raise Bug
        return real(order)

    till.gateway.cancel = cancel
    refund = ask(till)
    assert len(steps(till, lambda: calls)) <= 1
    steps(till, lambda: not till.sync_engine._pool.running())
    assert state(till, refund) is RefundState.SENDING
    till.clock.advance(minutes=6)
    steps(till, lambda: state(till, refund) is not RefundState.SENDING)
    till.clock.advance(minutes=20)  # until it cannot be carried out any more

    def is_confirmed() -> bool:
        # A thread may have read the payment just before the clock moved: its next round runs later.
        till.clock.advance(seconds=5)
        return state(till, refund) is RefundState.CONFIRMED

    steps(till, is_confirmed)
    assert state(till, refund) is RefundState.CONFIRMED
    assert len(calls) == (1 if when == "after" else 2)
    assert [line.amount for line in till.books.payment(paid.imp_uid).cancellations] == [5000]
    till.check_books()
    till.close()


def test_fault_74_print_error_does_not_change_the_refund(paid, monkeypatch):
    """Printing follows the refund: a print error leaves the refund confirmed, and the same slip can
    be printed later."""
    refund = ask(paid)
    paid.work(3)
    assert state(paid, refund) is RefundState.CONFIRMED
    histories = OrderHistoryService(paid.store)
    whole = receipt_of("하나 베이커리", histories.for_order(10))
    assert whole is not None
    assert whole.refunded == 5000

    def no_paper():
        raise EnvironmentProblem(EnvironmentCode.DATABASE_BUSY)

    with monkeypatch.context() as patched:
        patched.setattr(paid.store, "snapshot", no_paper, raising=False)
        with pytest.raises(EnvironmentProblem):
            histories.for_order(10)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert receipt_of("하나 베이커리", histories.for_order(10)) == whole
    paid.pass_time(600, every=60)
    assert paid.books.balance(paid.imp_uid) == 5000
    paid.check_books()
