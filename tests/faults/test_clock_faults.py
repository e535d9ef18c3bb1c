"""docs/faults.md, rows 50 and 51: the wall clock jumps, and what waits waits as long as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent
from posapp.domain.refunds import RefundState
from posapp.domain.time_zone import SEOUL
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.refunds.refund_worker import LEASE
from posapp.services.runtime.clock_jump import JUMP, ClockJumpDetector
from posapp.services.runtime.periodic_job import Change
from posapp.services.timings import TIMINGS
from tests.fakes.till import BUYER, Till, an_order
from tests.fakes.world import FakeClock

CANCEL = "/payments/cancel"
ITEM = 100

JUMPS = {
    "a second back": timedelta(seconds=-1),
    "an NTP step back": timedelta(seconds=-7),
    "an hour back": timedelta(hours=-1),
    "an hour ahead": timedelta(hours=1),
    "a day back": timedelta(days=-1),
    "a day ahead": timedelta(days=1),
    "to 1970": datetime(1970, 1, 1, 0, 5, tzinfo=UTC) - FakeClock().now(),
    "to 2038": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC) - FakeClock().now(),
}
jumps = pytest.mark.parametrize("by", JUMPS.values(), ids=JUMPS)


class MovedClock(FakeClock):
    """A wall clock that a test sets; the monotonic clock runs on."""

    def jump(self, by: timedelta) -> None:
        self._now += by

    def unix(self) -> float:
        """PortOne's clock, which ignores jumps of the wall clock."""
        return (FakeClock().now() + timedelta(milliseconds=self.monotonic())).timestamp()


class Watched:
    """A till, and the watch of its synchroniser."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.watch = till.sync_engine._clock_jump
        self.step()

    def step(self) -> tuple[Change, ...]:
        changes = self.till.work(1)
        assert self.watch.due_in_ms() == TIMINGS.clock
        return changes

    def pass_time(self, seconds: int, every: int = 2) -> None:
        for _ in range(seconds // every):
            self.till.clock.advance(seconds=every)
            self.step()


class Unwatched(ClockJumpDetector):
    """Sees no jump."""

    def due_in_ms(self) -> int:
        return TIMINGS.clock


def without_watch(till: Till) -> None:
    till.sync_engine._clock_jump = Unwatched(till.store, till.clock)


@pytest.fixture
def clock():
    return MovedClock()


def ask(till: Till):
    return till.cancellation_service.refund(Actor.buyer(BUYER), ITEM, "단순 변심", 5000)


def state(till: Till, refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


@jumps
def test_fault_50_a_waiting_refund_waits_no_longer_and_no_shorter(paid, by):
    watched = Watched(paid)
    paid.sandbox.faults.add("too_many", path="/payments/imp_*", uses=1, retry_after="60")
    refund = ask(paid)
    watched.step()
    assert state(paid, refund) is RefundState.APPROVED
    paid.clock.jump(by)
    watched.pass_time(40)
    assert state(paid, refund) is RefundState.APPROVED, "PortOne asked for a minute"
    watched.pass_time(40)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 5000
    paid.check_books()


def test_fault_50_twin_without_the_watch_a_refund_waits_for_a_day(paid):
    without_watch(paid)
    paid.sandbox.faults.add("too_many", path="/payments/imp_*", uses=1, retry_after="60")
    refund = ask(paid)
    paid.work(1)
    paid.clock.jump(timedelta(days=-1))
    paid.pass_time(3600, every=60)
    assert state(paid, refund) is RefundState.APPROVED


@jumps
def test_fault_50_a_running_lease_is_neither_over_nor_endless(paid, by):
    watched = Watched(paid)
    ask(paid)
    entry = paid.refund_worker.claim()
    paid.clock.jump(by)
    if abs(by) >= JUMP:
        assert watched.watch.due_in_ms() == 0
        watched.watch.run()
    assert paid.refund_worker.claim() is None, "it is in somebody's hands"
    paid.clock.advance(seconds=LEASE.total_seconds() + 60)
    again = paid.refund_worker.claim()
    assert again is not None, "who had it is gone: its lease is over"
    assert again.lease == entry.lease + 1
    with paid.store.transaction() as uow:
        assert not uow.outbox.settle(entry), "the old hand writes nothing any more"


def test_fault_50_twin_without_the_watch_a_lease_is_over_too_soon(paid):
    ask(paid)
    paid.refund_worker.claim()
    paid.clock.jump(timedelta(days=1))
    assert paid.refund_worker.claim() is not None


@jumps
def test_fault_50_qr_expires_at_its_shown_time(till, by):
    till.stock_shop(an_order(10, (5000, 1)))
    watched = Watched(till)
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    watched.pass_time(100)
    till.clock.jump(by)
    changes = watched.step()
    if abs(by) >= JUMP:
        assert Change("attempt", attempt.id) in changes, "a countdown on screen reads it again"
    watched.pass_time(100)
    assert till.payment_service.get_progress(attempt.id).phase is PaymentPhase.SCAN
    till.books.pay(attempt.merchant_uid)
    watched.pass_time(6)
    assert till.payment_service.get_progress(attempt.id).phase is PaymentPhase.DONE
    till.check_books()


@jumps
def test_fault_50_unpaid_qr_expires_in_time(till, by):
    till.stock_shop(an_order(10, (5000, 1)))
    watched = Watched(till)
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    till.clock.jump(by)
    watched.pass_time(310)
    assert till.payment_service.get_progress(attempt.id).phase is PaymentPhase.EXPIRED
    watched.pass_time(20 * 60, every=30)
    with till.store.snapshot() as uow:
        assert uow.attempts.unconfirmed() == ()


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(days=4000)])
def test_fault_50_a_qr_made_right_after_a_jump_ahead_is_not_moved(till, by):
    till.stock_shop(an_order(10, (5000, 1)))
    watched = Watched(till)
    till.clock.jump(by)
    till.clock.advance(seconds=1)
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    till.clock.advance(seconds=1)
    watched.pass_time(310)
    assert till.payment_service.get_progress(attempt.id).phase is PaymentPhase.EXPIRED


def test_fault_50_twin_without_the_watch_a_paid_qr_is_read_tomorrow(till):
    without_watch(till)
    till.stock_shop(an_order(10, (5000, 1)))
    attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
    till.work(1)
    till.clock.jump(timedelta(days=-1))
    till.books.pay(attempt.merchant_uid)
    till.pass_time(240, every=20)
    assert not till.order(10).is_paid


@jumps
def test_fault_50_send_that_may_arrive_late_is_waited_for(paid, by):
    """Twenty minutes by the clock that does not jump, before a refusal is believed."""
    watched = Watched(paid)
    paid.sandbox.faults.add("late_effect", path=CANCEL, uses=1)
    refund = ask(paid)
    watched.step()
    paid.sandbox.faults.conduct.refuse_cancel = "점검 시간입니다"
    paid.clock.jump(by)
    watched.pass_time(60)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.sandbox.faults.conduct.refuse_cancel = None
    paid.sandbox.faults.release()
    watched.pass_time(25 * 60, every=30)
    assert state(paid, refund) is RefundState.CONFIRMED
    paid.check_books()


@pytest.mark.parametrize("by", [timedelta(days=-1), timedelta(hours=-1), timedelta(days=400)])
def test_fault_50_the_clock_was_moved_while_the_program_was_closed(paid, tmp_path, by):
    paid.sandbox.faults.add("too_many", path="/payments/imp_*", uses=1, retry_after="60")
    refund = ask(paid)
    paid.work(1)
    paid.close()
    paid.clock.jump(by)
    again = Till(tmp_path / "posapp.db", paid.sandbox, paid.clock, ids=paid.ids)
    watched = Watched(again)
    watched.pass_time(90)
    assert state(again, refund) is RefundState.CONFIRMED
    again.check_books()
    again.close()


@jumps
def test_fault_50_order_is_by_sequence_and_not_by_time(paid, by):
    """The ledger's chain and the refunds of one payment keep their order."""
    watched = Watched(paid)
    for at, (item, amount) in enumerate(((100, 5000), (101, 3000), (102, 2000))):
        paid.cancellation_service.refund(Actor.buyer(BUYER), item, "단순 변심", amount)
        if at == 0:
            paid.clock.jump(by)
    watched.pass_time(30)
    lines = [line.amount for line in paid.books.payment(paid.imp_uid).cancellations]
    assert lines == [5000, 3000, 2000]
    with paid.store.snapshot() as uow:
        rows = list(uow.ledger.rows(0, 100))
    assert [
        row.entry.amount for row in rows if row.entry.event is LedgerEvent.REFUND_CONFIRMED
    ] == [
        -5000,
        -3000,
        -2000,
    ]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    paid.check_books()


def test_fault_50_drift_is_followed_and_moves_nothing(paid):
    watched = Watched(paid)
    ask(paid)
    with paid.store.snapshot() as uow:
        before = uow.outbox.waiting(10)
    for _ in range(50):
        paid.clock.jump(timedelta(milliseconds=500))
        assert watched.watch.due_in_ms() == TIMINGS.clock
    with paid.store.snapshot() as uow:
        assert uow.outbox.waiting(10) == before


@pytest.mark.parametrize(
    "midnight",
    [
        datetime(2026, 3, 3, 0, 0, tzinfo=SEOUL),
        datetime(2026, 4, 1, 0, 0, tzinfo=SEOUL),
        datetime(2027, 1, 1, 0, 0, tzinfo=SEOUL),
    ],
    ids=["a day", "a month", "a year"],
)
def test_fault_51_refund_over_midnight_counts_on_the_confirmation_day(paid, midnight):
    """Requested and sent before midnight, answered after: it counts for the later day only."""
    paid.clock.advance(seconds=(midnight - paid.clock.now()).total_seconds() - 2)
    refund = ask(paid)
    paid.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(30, every=5)
    reported = paid.cancellation_service.get_refund(refund.id).refund
    assert reported.state is RefundState.CONFIRMED
    with paid.store.snapshot() as uow:
        rows = [row.entry for row in uow.ledger.for_order(10)]
    (confirmed,) = [row for row in rows if row.event is LedgerEvent.REFUND_CONFIRMED]
    (approved,) = [row for row in rows if row.event is LedgerEvent.REFUND_APPROVED]
    assert approved.amount == 0
    assert approved.at.astimezone(SEOUL).date() < midnight.date()
    assert confirmed.at.astimezone(SEOUL).date() == midnight.date()
    assert reported.confirmed_at is not None
    assert reported.confirmed_at.astimezone(SEOUL).date() == midnight.date()
    paid.check_books()
