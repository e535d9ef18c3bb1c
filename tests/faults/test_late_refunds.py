"""faults.md, 78-80, 83 and 96: a refund that was refused lands later, and what a reading must show
before money is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from posapp.domain.cancelling import Side
from posapp.domain.ledger import Fact
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import Refund, RefundState
from posapp.sandbox.cancelling import CancelOrder
from posapp.sandbox.server import Sandbox
from posapp.services.open_money import Decided
from posapp.services.ports.outbox import MismatchKind
from tests.fakes.fixtures import clock, sandbox
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
    return till.cancelling.refund(Side.BUYER, BUYER, item, "단순 변심", amount)


def state(till: Till, refund: Refund) -> RefundState:
    return till.cancelling.view(refund.id).refund.state


def land(till: Till, refund: Refund, checksum: int = 10_000) -> None:
    """What was sent is carried out now, with the checksum that it was sent with."""
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
def test_fault_78_a_no_of_any_other_text_is_not_known_and_lands_once(paid, text):
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
def test_fault_78_a_listed_text_under_another_status_is_not_known(paid, status):
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
    with till.store.reading() as uow:
        facts = [row.entry for row in uow.ledger.of_order(10)]
    back = (Fact.REFUND_CONFIRMED, Fact.CANCELLED_ELSEWHERE)
    assert [one.amount for one in facts if one.fact in back] == [-5000]
    till.check_books()


def test_fault_78_a_refused_refund_that_lands_is_found_by_the_next_one_of_its_item(paid):
    first = refused(paid)
    land(paid, first)
    second = ask(paid)
    paid.work(2)
    assert state(paid, first) is RefundState.CONFIRMED
    assert state(paid, second) is RefundState.REFUSED
    paid.pass_time(1800, every=30)
    assert_once(paid)
    assert paid.open_money.mismatches() == ()


def test_fault_78_a_refused_refund_that_lands_is_found_by_the_next_one_of_its_payment(paid):
    first = refused(paid)
    land(paid, first)
    other = ask(paid, OTHER, 3000)
    paid.work(2)
    assert [state(paid, one) for one in (first, other)] == [RefundState.CONFIRMED] * 2
    assert paid.books.balance(paid.imp_uid) == 2000
    paid.check_books()


def test_fault_78_a_refused_refund_that_lands_is_found_by_comparing(paid):
    first = refused(paid)
    land(paid, first)
    paid.reconciling.ask()
    paid.work(2)
    assert state(paid, first) is RefundState.CONFIRMED
    assert_once(paid)
    paid.reconciling.ask()
    paid.work(2)
    assert_once(paid)
    assert paid.open_money.mismatches() == ()


def test_fault_78_what_lands_while_another_refund_of_the_item_is_under_way_is_a_persons(paid):
    """Which of the two the line is, its tag says; whether the other one still goes, nobody can."""
    first = refused(paid)
    paid.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    second = ask(paid)
    paid.work(1)
    assert state(paid, second) is RefundState.UNKNOWN
    land(paid, first)
    paid.pass_time(3600, every=30)
    assert paid.books.balance(paid.imp_uid) == 5000, "five thousand went back, once"
    assert state(paid, second) is RefundState.NEEDS_PERSON
    (found,) = paid.open_money.mismatches()
    assert (found.kind, found.amount) == (MismatchKind.LOST_REFUND, 5000)
    assert first.tag in found.evidence
    assert paid.open_money.say_whose(second.id, ours=True) is Decided.CONFIRMED
    paid.pass_time(600, every=30)
    assert_once(paid)


def test_fault_78_what_lands_beside_a_refund_that_was_made_is_named(paid):
    first = refused(paid)
    second = ask(paid)
    paid.work(2)
    assert state(paid, second) is RefundState.CONFIRMED
    land(paid, first, checksum=5000)  # PortOne pays twice: no checksum could stop that
    third = ask(paid, OTHER, 3000)
    paid.pass_time(1800, every=30)
    kinds = {one.kind for one in paid.open_money.mismatches()}
    assert MismatchKind.LOST_REFUND in kinds
    assert state(paid, third) is not RefundState.CONFIRMED
    assert state(paid, first) is RefundState.REFUSED
    assert paid.stock_of(ITEM) == STOCK + 1


@pytest.mark.parametrize("guard", ["late", "names_item", "both"])
def test_fault_78_twin_without_both_guards_the_item_is_refunded_twice(paid, monkeypatch, guard):
    if guard != "names_item":
        for where in ("elsewhere", "refund_settling"):
            monkeypatch.setattr(f"posapp.services.{where}.enter_late_lines", lambda *_: False)
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
    read = till.client.read

    def cut(imp_uid: str):
        one = read(imp_uid)
        lines = (replace(line, reason=line.reason[:length]) for line in one.cancellations)
        return replace(one, cancellations=tuple(lines))

    till.gateway.read = cut


@pytest.mark.parametrize("length", range(0, 20))
def test_fault_78_a_refused_refund_that_lands_with_a_cut_tag_is_a_persons(paid, length):
    first = refused(paid)
    land(paid, first)
    cut_reasons(paid, length)
    second = ask(paid)
    paid.pass_time(1800, every=30)
    assert paid.books.balance(paid.imp_uid) == 5000
    assert state(paid, second) is RefundState.NEEDS_PERSON


@pytest.mark.parametrize("guard", ["balance", "lines", "tag"])
def test_fault_78_a_listed_no_beside_a_reading_that_shows_something_is_not_believed(paid, guard):
    """PortOne says no and acts; what each part of the reading shows is enough."""
    paid.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT, act=True)
    read, readings = paid.client.read, []

    def bent(imp_uid: str):
        one = read(imp_uid)
        readings.append(one)
        if len(readings) != 2:
            return one
        if guard == "balance":
            return replace(one, cancellations=())
        if guard == "lines":
            lines = (replace(line, reason="") for line in one.cancellations)
            return replace(one, cancellations=tuple(lines))
        return one

    paid.gateway.read = bent
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    paid.pass_time(60, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert_once(paid)


# 79: the wall clock is set while the program is off.


class SetClock(FakeClock):
    """Somebody sets the wall clock; PortOne's, and the monotonic one, go on."""

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
    """A refund whose first send has no answer yet, and the program that was closed after it."""
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
def test_fault_79_how_long_a_send_may_land_begins_anew_with_a_start(unclear, tmp_path, by):
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
def test_fault_79_when_the_time_is_over_the_refusal_counts(unclear, tmp_path, by):
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
