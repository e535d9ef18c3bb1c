"""docs/faults.md, rows 78-80, 83 and 96: a refused refund is carried out later, and what a reading
must show before money is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.sandbox.cancelling import CancelOrder
from posapp.sandbox.server import Sandbox
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.unresolved_money import AssignmentResult
from tests.fakes.actors import STAFF
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.payments import answered
from tests.fakes.till import BUYER, STOCK, Till, an_order
from tests.fakes.world import FakeClock, NumberedIds
from tests.portone.unlisted import UNLISTED_TEXTS

__all__ = ["clock", "sandbox"]

CANCEL = "/payments/cancel"
ITEM, OTHER, THIRD = 100, 101, 102


@pytest.fixture
def till(tmp_path, sandbox, clock):
    till = Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds)
    yield till
    till.close()


@pytest.fixture
def paid(till):
    """A paid order of three items (5,000 + 3,000 + 2 × 1,000 won)."""
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)))
    till.imp_uid = till.paid_order(10)
    return till


def ask(till: Till, item: int = ITEM, amount: int = 5000) -> Refund:
    return till.cancellation_service.refund(Actor.buyer(BUYER), item, "단순 변심", amount)


def state(till: Till, refund: Refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def land(till: Till, refund: Refund, checksum: int = 10_000) -> None:
    """Carry out the refund's send now, with the checksum that it was sent with."""
    till.books.cancel(
        CancelOrder(
            imp_uid=refund.imp_uid,
            amount=int(refund.amount),
            checksum=checksum,
            reason=refund.tagged_reason,
        )
    )


def refuse_once(till: Till, message: str) -> None:
    till.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=message)


def refuse_always(till: Till, message: str) -> int:
    return till.sandbox.faults.add("envelope", path=CANCEL, code=-1, message=message)


LIMIT = "결제취소에 실패하였습니다. 한도 초과"


@pytest.mark.parametrize("text", UNLISTED_TEXTS)
def test_fault_78_refusal_with_unlisted_text_is_unclear_and_made_once(paid, text):
    rule = refuse_always(paid, text)
    refund = ask(paid)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.UNKNOWN
    land(paid, refund)
    paid.sandbox.faults.remove(rule)
    paid.pass_time(120, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 5000
    assert paid.stock_of(ITEM) == STOCK + 1
    paid.check_books()


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_fault_78_listed_refusal_text_with_other_status_is_unclear(paid, status):
    paid.sandbox.faults.add(
        "envelope", path=CANCEL, uses=1, code=1, http=status, message="이미 전액취소된 주문입니다."
    )
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    land(paid, refund)
    paid.pass_time(120, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 5000
    paid.check_books()


def refused(till: Till, item: int = ITEM, amount: int = 5000) -> Refund:
    """A refund that PortOne refused in words that are believed."""
    refuse_once(till, LIMIT)
    refund = ask(till, item, amount)
    till.work(1)
    assert state(till, refund) is RefundState.REFUSED
    return refund


def assert_once(till: Till) -> None:
    assert till.books.balance(till.imp_uid) == 5000
    assert till.order(10).items[0].status is ItemStatus.CANCEL
    assert till.stock_of(ITEM) == STOCK + 1
    with till.store.snapshot() as uow:
        facts = [row.entry for row in uow.ledger.for_order(10)]
    back = (LedgerEvent.REFUND_CONFIRMED, LedgerEvent.CANCELLED_EXTERNALLY)
    assert [one.amount for one in facts if one.event in back] == [-5000]
    till.check_books()


def test_fault_78_late_refused_refund_is_found_by_next_refund_of_item(paid):
    first = refused(paid)
    land(paid, first)
    second = ask(paid)
    paid.work(2)
    assert state(paid, first) is RefundState.CONFIRMED
    assert state(paid, second) is RefundState.REFUSED
    paid.pass_time(1800, every=30)
    assert_once(paid)
    assert paid.unresolved_money_service.mismatches() == ()


def test_fault_78_late_refused_refund_is_found_by_next_refund_of_payment(paid):
    first = refused(paid)
    land(paid, first)
    other = ask(paid, OTHER, 3000)
    paid.work(2)
    assert [state(paid, one) for one in (first, other)] == [RefundState.CONFIRMED] * 2
    assert paid.books.balance(paid.imp_uid) == 2000
    paid.check_books()


def test_fault_78_late_refused_refund_is_found_by_comparing(paid):
    first = refused(paid)
    land(paid, first)
    paid.reconcile_job.request_full()
    paid.work(2)
    assert state(paid, first) is RefundState.CONFIRMED
    assert_once(paid)
    paid.reconcile_job.request_full()
    paid.work(2)
    assert_once(paid)
    assert paid.unresolved_money_service.mismatches() == ()


def test_fault_78_late_cancel_during_another_refund_needs_review(paid):
    """The tag says which of the two the line is; nothing says whether the other one is still
    carried out."""
    first = refused(paid)
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    second = ask(paid)
    paid.work(1)
    assert state(paid, second) is RefundState.UNKNOWN
    land(paid, first)
    paid.pass_time(3600, every=30)
    assert paid.books.balance(paid.imp_uid) == 5000, "five thousand went back, once"
    assert state(paid, second) is RefundState.NEEDS_REVIEW
    (found,) = paid.unresolved_money_service.mismatches()
    assert (found.kind, found.amount) == (MismatchKind.LOST_REFUND, 5000)
    assert first.tag in found.evidence
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, second.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    paid.pass_time(600, every=30)
    assert_once(paid)


def test_fault_78_late_cancel_ends_the_refund_that_a_review_releases(paid):
    """The line is the first one's, as its tag says; to ask about it again would have no end."""
    first = refused(paid)
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    second = ask(paid)
    paid.work(1)
    land(paid, first)
    paid.pass_time(1800, every=30)
    assert state(paid, second) is RefundState.NEEDS_REVIEW
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, second.id, ours=False)
        is AssignmentResult.TAGGED
    )
    paid.pass_time(1800, every=30)
    assert [state(paid, one) for one in (first, second)] == [
        RefundState.CONFIRMED,
        RefundState.REFUSED,
    ]
    assert paid.unresolved_money_service.refunds() == ()
    assert_once(paid)


def test_fault_78_late_cancel_beside_confirmed_refund_is_recorded(paid):
    first = refused(paid)
    second = ask(paid)
    paid.work(2)
    assert state(paid, second) is RefundState.CONFIRMED
    land(paid, first, checksum=5000)  # PortOne pays twice: no checksum could stop that
    third = ask(paid, OTHER, 3000)
    paid.pass_time(1800, every=30)
    kinds = {one.kind for one in paid.unresolved_money_service.mismatches()}
    assert MismatchKind.LOST_REFUND in kinds
    assert state(paid, third) is not RefundState.CONFIRMED
    assert state(paid, first) is RefundState.REFUSED
    assert paid.stock_of(ITEM) == STOCK + 1


@pytest.mark.parametrize("guard", ["late", "names_item", "both"])
def test_fault_78_twin_without_both_guards_the_item_is_refunded_twice(paid, monkeypatch, guard):
    monkeypatch.setattr("posapp.services.refunds.refund_protocol.unexplained_won", lambda *_: 0)
    if guard != "names_item":
        for where in ("bookkeeping.external_cancellations", "refunds.complete_refund"):
            monkeypatch.setattr(
                f"posapp.services.{where}.record_late_cancellations", lambda *_: False
            )
    if guard != "late":
        monkeypatch.setattr("posapp.domain.refund_evidence.names_item", lambda *_: False)
    first = refused(paid)
    land(paid, first)
    ask(paid)
    paid.pass_time(1800, every=30)
    twice = paid.books.balance(paid.imp_uid) == 0
    assert twice == (guard == "both")


def cut_reasons(till: Till, length: int) -> None:
    """KakaoPay keeps the first characters of a reason."""
    read = till.client.get_payment

    def cut(imp_uid: str):
        one = read(imp_uid)
        lines = (replace(line, reason=line.reason[:length]) for line in one.cancellations)
        return replace(one, history=tuple(lines))

    till.gateway.get_payment = cut


@pytest.mark.parametrize("length", range(0, 20))
def test_fault_78_late_refused_refund_with_cut_tag_needs_review(paid, length):
    first = refused(paid)
    land(paid, first)
    cut_reasons(paid, length)
    second = ask(paid)
    paid.pass_time(1800, every=30)
    assert paid.books.balance(paid.imp_uid) == 5000
    assert state(paid, second) is RefundState.NEEDS_REVIEW


@pytest.mark.parametrize("guard", ["balance", "lines", "tag"])
def test_fault_78_listed_refusal_beside_a_new_cancel_is_not_believed(paid, guard):
    """PortOne refuses and acts; each part of the reading alone is enough evidence."""
    paid.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT, act=True)
    read, readings = paid.client.get_payment, []

    def bent(imp_uid: str):
        one = read(imp_uid)
        readings.append(one)
        if len(readings) != 2:
            return one
        if guard == "balance":
            return replace(one, history=())
        if guard == "lines":
            lines = (replace(line, reason="") for line in one.cancellations)
            return replace(one, history=tuple(lines))
        return one

    paid.gateway.get_payment = bent
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


# 79: the wall clock is set while the program is off.


class SetClock(FakeClock):
    """A wall clock that a test sets; PortOne's clock and the monotonic clock run on."""

    def __init__(self) -> None:
        super().__init__()
        self._set = timedelta(0)

    def set_by(self, by: timedelta) -> None:
        self._now += by
        self._set += by

    def unix(self) -> float:
        return (self.now() - self._set).timestamp()


OFF = {
    "a day ahead": timedelta(days=1),
    "to 2038": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC) - FakeClock().now(),
    "a day back": timedelta(days=-1),
    "an hour back": timedelta(hours=-1),
    "not at all": timedelta(0),
}
set_while_off = pytest.mark.parametrize("by", OFF.values(), ids=OFF)


@pytest.fixture
def set_clock():
    return SetClock()


@pytest.fixture
def unclear(tmp_path, set_clock):
    """A refund whose first send has no answer yet, in a program that was closed after it."""
    with Sandbox(clock=set_clock.unix) as sandbox:
        till = Till(tmp_path / "posapp.db", sandbox, set_clock, make_ids=NumberedIds)
        till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)))
        till.imp_uid = till.paid_order(10)
        sandbox.faults.add("late_effect", path=CANCEL, uses=1)
        till.refund = ask(till)
        till.work(1)
        assert state(till, till.refund) is RefundState.UNKNOWN
        yield till
        till.close()


def started_again(till: Till, path, by: timedelta) -> Till:
    till.close()
    till.clock.advance(seconds=5)
    till.clock.set_by(by)
    again = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    again.imp_uid, again.refund = till.imp_uid, till.refund
    return again


@set_while_off
def test_fault_79_wait_for_a_late_send_restarts_with_the_program(unclear, tmp_path, by):
    again = started_again(unclear, tmp_path / "posapp.db", by)
    rule = refuse_always(again, LIMIT)
    again.pass_time(600, every=30)
    assert state(again, again.refund) is RefundState.UNKNOWN, "the first one may land yet"
    assert again.sandbox.faults.release() == 1
    again.sandbox.faults.remove(rule)
    again.pass_time(25 * 60, every=30)
    assert state(again, again.refund) is RefundState.CONFIRMED
    assert_once(again)
    again.close()


@set_while_off
def test_fault_79_refusal_counts_after_the_wait(unclear, tmp_path, by):
    again = started_again(unclear, tmp_path / "posapp.db", by)
    again.sandbox.faults.late.drop_all()
    refuse_always(again, LIMIT)
    again.pass_time(19 * 60, every=30)
    assert state(again, again.refund) is RefundState.UNKNOWN
    again.pass_time(22 * 60, every=30)
    assert state(again, again.refund) is RefundState.REFUSED
    assert again.books.balance(again.imp_uid) == 10_000
    again.check_books()
    again.close()


def test_fault_79_the_window_is_that_of_the_last_send_without_an_answer(paid):
    """Another refusal does not begin it anew, another lost answer does."""
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.work(1)
    refuse_always(paid, LIMIT)
    paid.pass_time(18 * 60, every=30)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(4 * 60, every=30)
    assert state(paid, refund) is RefundState.REFUSED
    paid.check_books()


# 79: what waits by the wall clock, when that was set while the program was off.


@pytest.fixture
def waiting(tmp_path, set_clock):
    """An unpaid QR of five minutes, 200 seconds old."""
    with Sandbox(clock=set_clock.unix) as sandbox:
        till = Till(tmp_path / "posapp.db", sandbox, set_clock, make_ids=NumberedIds)
        till.stock_shop(an_order(10, (5000, 1)))
        till.imp_uid, till.refund = "", None
        till.attempt = till.payment_service.start(Actor.buyer(BUYER), 10).attempt
        till.pass_time(200, every=10)
        yield till
        till.close()


@set_while_off
def test_fault_79_qr_expires_at_its_shown_time_after_a_clock_change(waiting, tmp_path, by, caplog):
    attempt_id = waiting.attempt.id
    again = started_again(waiting, tmp_path / "posapp.db", by)
    again.pass_time(60, every=10)
    assert again.payment_service.get_progress(attempt_id).phase is PaymentPhase.SCAN
    again.pass_time(60, every=10)
    assert again.payment_service.get_progress(attempt_id).phase is PaymentPhase.EXPIRED
    moved = [one for one in caplog.records if "the clock was moved" in one.getMessage()]
    assert bool(moved) == bool(by), "said once, and only if it was"
    again.close()


@set_while_off
def test_fault_79_a_qr_made_after_the_start_is_not_moved(waiting, tmp_path, by):
    with waiting.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(20, (4000, 1))])
        uow.commit()
    again = started_again(waiting, tmp_path / "posapp.db", by)
    server_now = again.client.server_now
    again.gateway.server_now = lambda: (_ for _ in ()).throw(
        GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.TIMEOUT)
    )
    again.work(1)
    made = again.payment_service.start(Actor.buyer(BUYER), 20).attempt
    again.gateway.server_now = server_now
    again.pass_time(240, every=10)
    assert again.payment_service.get_progress(made.id).phase is PaymentPhase.SCAN
    again.pass_time(90, every=10)
    assert again.payment_service.get_progress(made.id).phase is PaymentPhase.EXPIRED
    again.close()


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(hours=-1)])
def test_fault_79_noticed_jump_is_not_counted_again_by_portones_clock(waiting, tmp_path, by):
    attempt_id = waiting.attempt.id
    waiting.clock.set_by(by)
    waiting.work(1)
    again = started_again(waiting, tmp_path / "posapp.db", timedelta(0))
    again.pass_time(60, every=10)
    assert again.payment_service.get_progress(attempt_id).phase is PaymentPhase.SCAN
    again.pass_time(60, every=10)
    assert again.payment_service.get_progress(attempt_id).phase is PaymentPhase.EXPIRED
    again.close()


def test_fault_79_an_answer_that_took_long_reports_nothing_about_the_clock(waiting, tmp_path):
    watch = waiting.sync_engine._clock_jump
    requested = waiting.clock.monotonic()
    waiting.clock.advance(seconds=6)
    waiting.work(1)
    watch.learn(waiting.clock.now() - timedelta(hours=1), requested)
    assert watch.due_in_ms() > 0


@pytest.mark.parametrize("hours", [1, -1])
def test_fault_79_twin_without_portones_clock_the_qr_ends_early_or_late(
    waiting, tmp_path, monkeypatch, hours
):
    monkeypatch.setattr(
        "posapp.services.runtime.clock_jump.ClockJumpDetector.learn", lambda *_: None
    )
    again = started_again(waiting, tmp_path / "posapp.db", timedelta(hours=hours))
    again.pass_time(60, every=10)
    early = again.payment_service.get_progress(waiting.attempt.id).phase is PaymentPhase.EXPIRED
    again.pass_time(60, every=10)
    late = again.payment_service.get_progress(waiting.attempt.id).phase is PaymentPhase.SCAN
    assert early or late
    again.close()


@pytest.mark.parametrize("kind", ["late_effect", "late_refusal", "too_many"])
def test_fault_06_nothing_is_resent_while_the_first_may_arrive_late(paid, kind):
    """PortOne may have compared the checksum at the first send: a second would be carried out
    too."""
    parameters = {"too_many": {"status": 503}}.get(kind, {})
    paid.sandbox.faults.add(kind, path=CANCEL, uses=1, **parameters)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(19 * 60, every=30)
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == 1
    paid.sandbox.faults.release()
    paid.pass_time(22 * 60, every=60)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == (
        2 if kind == "too_many" else 1
    )
    assert_once(paid)


def test_fault_06_a_send_that_never_left_is_made_again_at_once(paid):
    paid.sandbox.faults.add("too_many", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


def lands_unchecked(till: Till, refund: Refund) -> None:
    """PortOne compared the checksum when it took the order, and carries it out later."""
    till.books.console_cancel(till.imp_uid, int(refund.amount), refund.tagged_reason)


@pytest.mark.parametrize("guarded", [True, False])
def test_fault_06_twin_without_waiting_is_refunded_twice(paid, monkeypatch, guarded):
    if not guarded:
        monkeypatch.setattr(RefundProtocol, "_may_still_land", lambda self, refund: False)
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    refund = ask(paid)
    paid.pass_time(60, every=5)
    lands_unchecked(paid, refund)
    paid.pass_time(25 * 60, every=60)
    assert paid.books.balance(paid.imp_uid) == (5000 if guarded else 0)


# 80: what the reading before a send must show.


@pytest.mark.parametrize(
    "fields",
    [
        {"merchant_uid": "web-20260302-1"},
        {"amount": 50_000},
        {"amount": 9_000},
        {"sandbox": False},
        {"pg_provider": "html5_inicis", "emb_pg_provider": None},
        {"currency": "USD"},
    ],
    ids=lambda fields: " ".join(map(str, fields.items())),
)
def test_fault_80_another_payment_than_the_captured_one_is_not_sent_for(paid, fields):
    paid.work(2)
    rule = paid.sandbox.faults.add("lie", path="/payments/imp_*", fields=fields)
    refund = ask(paid)
    paid.pass_time(1800, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert paid.books.balance(paid.imp_uid) == 10_000
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == 0
    paid.sandbox.faults.remove(rule)
    for mismatch in paid.unresolved_money_service.mismatches():
        paid.unresolved_money_service.close_mismatch(
            SELLER_NAME, mismatch.id, "PortOne 오류", mismatch.amount
        )
    paid.unresolved_money_service.retry(STAFF, refund.id)
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


SELLER_NAME = Actor.seller(7)


def test_fault_80_open_mismatch_stops_sends_of_its_payment_only(paid):
    with paid.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(20, (4000, 1))])
        uow.commit()
    other = paid.paid_order(20)
    refund = ask(paid)
    free = paid.cancellation_service.refund(Actor.buyer(BUYER), 200, "단순 변심", 4000)
    with paid.store.transaction() as uow:
        uow.mismatches.note(
            Mismatch(
                0,
                MismatchKind.FOREIGN_PAYMENT,
                "web-1",
                paid.imp_uid,
                Won(10_000),
                "",
                paid.clock.now(),
            )
        )
        uow.commit()
    paid.pass_time(600, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert state(paid, free) is RefundState.CONFIRMED
    assert (paid.books.balance(paid.imp_uid), paid.books.balance(other)) == (10_000, 0)
    (mismatch,) = paid.unresolved_money_service.mismatches()
    paid.unresolved_money_service.close_mismatch(
        SELLER_NAME, mismatch.id, "다른 매장의 결제", mismatch.amount
    )
    paid.unresolved_money_service.retry(STAFF, refund.id)
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    paid.check_books()


@pytest.mark.parametrize(
    "guard", ["shows_our_number", "shows_our_amount", "shows_our_channel", "is_our_payment"]
)
def test_fault_80_twin_without_the_guard_another_payment_is_sent_for(paid, monkeypatch, guard):
    monkeypatch.setattr("posapp.services.refunds.refund_protocol.unexplained_won", lambda *_: 0)
    fields = {
        "shows_our_number": {"merchant_uid": "web-1"},
        "shows_our_amount": {"amount": 50_000},
        "shows_our_channel": {"sandbox": False},
        "is_our_payment": {"currency": "USD"},
    }
    monkeypatch.setattr(f"posapp.domain.refund_evidence.{guard}", lambda *_: True)
    paid.work(2)
    paid.sandbox.faults.add("lie", path="/payments/imp_*", fields=fields[guard])
    refund = ask(paid)
    paid.pass_time(60, every=5)
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count > 0


@pytest.mark.parametrize(
    "fields", [{"imp_uid": "imp_000000000000"}, {"merchant_uid": "web-1"}, {"amount": 20_000}]
)
def test_answer_about_another_payment_is_resolved_by_reading(paid, fields):
    paid.sandbox.faults.add("lie", path=CANCEL, uses=1, fields=fields)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


@pytest.mark.parametrize(
    "body",
    [
        '{"code":0,"message":null,"response":null}',
        '{"code":0,"message":null,"response":{}}',
        '{"code":0,"message":null}',
    ],
)
@pytest.mark.parametrize("act", [True, False])
def test_success_without_evidence_is_resolved_by_reading(paid, body, act):
    paid.sandbox.faults.add("garbage", path=CANCEL, uses=1, body=body, act=act)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(22 * 60, every=60)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


def test_success_with_an_unchanged_balance_is_no_refund(paid):
    real = paid.client.get_payment
    paid.gateway.cancel = lambda order: answered(real(order.ref))
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    del paid.gateway.cancel
    paid.pass_time(22 * 60, every=60)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


# 83: a refund in PortOne's console of the money of a waiting refund.


def away(till: Till) -> int:
    return till.sandbox.faults.add("drop_before")


@pytest.mark.parametrize("compared", [True, False])
def test_fault_83_console_refund_of_a_waiting_item_needs_a_decision(paid, compared):
    """Found by comparing, as after a time without a network, or first by its own reading."""
    rule = away(paid)
    refund = ask(paid)
    paid.pass_time(60, every=10)
    paid.sandbox.faults.remove(rule)
    paid.books.console_cancel(paid.imp_uid, 5000)
    if compared:
        paid.reconcile_job.request_full()
    paid.pass_time(1200, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert paid.cancellation_service.get_refund(refund.id).refund.send_count == 0
    assert paid.books.balance(paid.imp_uid) == 5000


@pytest.mark.parametrize("compared", [True, False])
def test_fault_83_decided_as_ours_cancels_the_item_once(paid, compared):
    refund = ask(paid)
    paid.books.console_cancel(paid.imp_uid, 5000)
    if compared:
        paid.reconcile_job.request_full()
    paid.pass_time(1200, every=20)
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    paid.pass_time(600, every=20)
    assert_once(paid)
    assert paid.unresolved_money_service.refunds() == ()


def test_fault_83_decided_as_external_sends_the_refund(paid):
    refund = ask(paid)
    paid.books.console_cancel(paid.imp_uid, 5000)
    paid.reconcile_job.request_full()
    paid.pass_time(1200, every=20)
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=False)
        is AssignmentResult.SENDS_AGAIN
    )
    paid.explain()  # goods and money differ by the external cancel
    paid.pass_time(600, every=20)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 0
    paid.check_books()


def test_fault_83_cancel_older_than_the_refund_needs_one_decision(paid):
    """An explanation has actor, reason and amount, but not the item of the money."""
    paid.books.console_cancel(paid.imp_uid, 5000)
    paid.reconcile_job.request_full()
    paid.work(2)
    for mismatch in paid.unresolved_money_service.mismatches():
        paid.unresolved_money_service.close_mismatch(
            SELLER_NAME, mismatch.id, "전화 환불", mismatch.amount
        )
    refund = ask(paid)
    paid.pass_time(1200, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert paid.books.balance(paid.imp_uid) == 5000
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=False)
        is AssignmentResult.SENDS_AGAIN
    )
    paid.pass_time(120, every=20)
    assert state(paid, refund) is RefundState.CONFIRMED
    paid.check_books()


def test_fault_83_twin_without_the_decision_is_refunded_twice(paid, monkeypatch):
    monkeypatch.setattr("posapp.domain.refund_evidence.fits_amount", lambda *_: False)
    for where in ("refunds.refund_protocol.is_in_doubt", "bookkeeping.payment_records.is_in_doubt"):
        monkeypatch.setattr(f"posapp.services.{where}", lambda *_: False)
    refund = ask(paid)
    paid.books.console_cancel(paid.imp_uid, 5000)
    paid.pass_time(1200, every=20)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert paid.books.balance(paid.imp_uid) == 0, "ten thousand for an item of five"


def test_external_partial_cancel_is_recorded_and_not_only_refused(paid):
    """Several items at once in the console: too little is left for the one that waits."""
    refund = ask(paid)
    paid.books.console_cancel(paid.imp_uid, 7000)
    paid.pass_time(1200, every=20)
    assert state(paid, refund) is RefundState.REFUSED
    assert [one.imp_uid for one in paid.unresolved_money_service.mismatches()] == [paid.imp_uid]
    assert paid.books.balance(paid.imp_uid) == 3000
    paid.check_books()


# 96: a rejected payment is being refunded, and a part of it is cancelled in the console.


def rejected(till: Till, amount: int = 21_000) -> str:
    """A payment of the wrong amount; its return waits, as there is no network."""
    attempt = till.payment_service.start(Actor.buyer(BUYER), 20).attempt
    imp_uid = till.books.pay(attempt.merchant_uid, amount).imp_uid
    till.sandbox.faults.add("drop_before", path=CANCEL, uses=3)
    till.clock.advance(seconds=2)
    till.work(2)
    return imp_uid


@pytest.fixture
def returning(till):
    till.stock_shop(an_order(20, (4000, 1)))
    till.imp_uid = rejected(till)
    with till.store.snapshot() as uow:
        assert [one.amount for one in uow.refunds.of_payment(till.imp_uid)] == [21_000]
    return till


def returns(till: Till) -> list[Refund]:
    with till.store.snapshot() as uow:
        return [
            one
            for one in uow.refunds.of_payment(till.imp_uid)
            if one.origin is RefundOrigin.REJECTED_PAYMENT
        ]


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("parts", [(1000,), (20_500,), (1000, 500)])
def test_fault_96_rest_of_rejected_payment_is_refunded_after_any_part(returning, parts, compared):
    for part in parts:
        returning.books.console_cancel(returning.imp_uid, part)
        if compared:
            returning.reconcile_job.request_full()
            returning.work(2)
    returning.pass_time(1800, every=20)
    for one in returning.unresolved_money_service.refunds():
        returning.unresolved_money_service.retry(STAFF, one.refund.id)
    returning.pass_time(1800, every=20)
    assert returning.books.balance(returning.imp_uid) == 0
    first, *rest = returns(returning)
    assert first.state is RefundState.REFUSED
    assert rest[0].follows == first.id
    assert rest[-1].state is RefundState.CONFIRMED
    assert rest[-1].amount == 21_000 - sum(parts)
    returning.check_books()


def test_fault_96_whole_external_cancel_ends_it_and_is_named(returning):
    returning.books.console_cancel(returning.imp_uid, reason="전화로 취소")
    returning.pass_time(1800, every=20)
    (row,) = returning.unresolved_money_service.refunds()
    assert (
        returning.unresolved_money_service.assign_cancellation(STAFF, row.refund.id, ours=False)
        is AssignmentResult.REFUSED
    )
    returning.pass_time(60, every=5)
    assert returning.unresolved_money_service.refunds() == ()
    with returning.store.snapshot() as uow:
        found = uow.refunds.of_payment(returning.imp_uid)
    assert [(one.origin, one.amount) for one in found if one.state is RefundState.CONFIRMED] == [
        (RefundOrigin.EXTERNAL, 21_000)
    ]
    assert returning.books.balance(returning.imp_uid) == 0
    returning.check_books()


@pytest.mark.parametrize("guard", ["bookkeeping.external_cancellations", "refunds.complete_refund"])
def test_fault_96_twin_without_the_rest_the_shop_keeps_the_money(till, sandbox, monkeypatch, guard):
    monkeypatch.setattr(f"posapp.services.{guard}.create_follow_up_refund", lambda *_: None)
    till.stock_shop(an_order(20, (4000, 1)))
    rule = away(till) if guard == "bookkeeping.external_cancellations" else None
    till.imp_uid = ""
    if rule is not None:
        till.sandbox.faults.remove(rule)
    if guard == "bookkeeping.external_cancellations":
        # Not sent yet when comparing finds the part.
        attempt = till.payment_service.start(Actor.buyer(BUYER), 20).attempt
        till.imp_uid = till.books.pay(attempt.merchant_uid, 21_000).imp_uid
        till.poller.poll(attempt.id)
        till.books.console_cancel(till.imp_uid, 1000)
        till.reconcile_job.run()
    else:
        till.imp_uid = rejected(till)
        till.books.console_cancel(till.imp_uid, 1000)
    till.pass_time(1800, every=20)
    assert till.books.balance(till.imp_uid) == 20_000
