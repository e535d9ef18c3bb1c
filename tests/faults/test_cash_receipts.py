"""docs/faults.md, rows 130 to 136: cash receipts (현금영수증)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

from posapp.domain.cash_receipts import ReceiptProblem, ReceiptState, ReceiptTaskKind
from posapp.domain.errors import GatewayError
from posapp.domain.orders import Order
from posapp.sandbox.server import Sandbox
from posapp.services.cash_receipts import receipt_protocol
from posapp.services.cash_receipts.receipt_protocol import ReceiptProtocol
from posapp.store.files.backup import backup
from tests.fakes.actors import WHO
from tests.fakes.world import FakeClock
from tests.integration.receipt_shop import PATH, ReceiptShop

S = ReceiptState


@pytest.fixture
def shop(tmp_path, sandbox, clock) -> Iterator[ReceiptShop]:
    made = ReceiptShop(tmp_path, sandbox, clock)
    yield made
    made.close()


def valid(shop: ReceiptShop) -> list[int]:
    """Amounts of the receipts that are valid at PortOne."""
    return [one.amount for one in shop.sandbox.receipts.all() if not one.cancelled_at]


def posts(shop: ReceiptShop, method: str = "POST") -> int:
    """Count the calls from now on with a rule that does nothing."""
    return shop.sandbox.faults.add("delay", method=method, path=PATH, seconds=0.0)


def counted(shop: ReceiptShop, rule: int) -> int:
    (found,) = [one for one in shop.sandbox.faults.to_plain()["rules"] if one["id"] == rule]
    return int(found["seen"])


# 130: the answer to an issue, or to a cancel, is lost or bent.

LOST: list[tuple[str, dict[str, Any]]] = [
    ("drop_after", {}),
    ("drop_before", {}),
    ("garbage", {}),
    ("status", {"status": 500, "act": True}),
    ("status", {"status": 500}),
    ("html200", {"act": True}),
    ("cut", {"bytes": 50}),
    ("numbers_as_text", {}),
    ("lie", {"fields": {"amount": 1}}),
    ("lie", {"fields": {"merchant_uid": "CR9"}}),
    ("lie", {"fields": {"type": "company"}}),
    ("lie", {"fields": {"cancelled_at": 1}}),
    ("too_many", {"retry_after": "7"}),
    ("late_refusal", {"http": 500, "message": "장애", "after": 60.0}),
]


@pytest.mark.parametrize(("fault", "parameters"), LOST)
def test_fault_130_one_receipt_whatever_becomes_of_the_answer(
    shop: ReceiptShop, fault: str, parameters: dict[str, Any]
) -> None:
    shop.sandbox.faults.add(fault, method="POST", path=PATH, uses=1, **parameters)
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    assert shop.states(order)[0] in (S.UNKNOWN, S.REQUESTED)
    shop.settle()
    assert shop.states(order) == [S.ISSUED]
    assert valid(shop) == [2_200]
    shop.check_receipts(order)


@pytest.mark.parametrize(("fault", "parameters"), LOST[:8])
@pytest.mark.parametrize("cancelled", ["shown", "gone"])
def test_fault_130_one_cancel_whatever_becomes_of_the_answer(
    shop: ReceiptShop, fault: str, parameters: dict[str, Any], cancelled: str
) -> None:
    shop.sandbox.faults.conduct.change(cancelled_receipts=cancelled)
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    shop.sandbox.faults.add(fault, method="DELETE", path=PATH, uses=1, **parameters)
    shop.give_back(order)
    shop.clock.advance(seconds=6)
    shop.work(2)
    assert shop.states(order)[0] in (S.CANCEL_UNKNOWN, S.CANCEL_REQUESTED)
    shop.settle()
    assert shop.states(order) == [S.CANCELLED]
    assert valid(shop) == []
    shop.check_receipts(order)


def test_fault_130_twin_that_takes_it_for_refused_issues_two(shop: ReceiptShop) -> None:
    def refused(self: ReceiptProtocol, sending: Any, error: Any) -> Any:
        self._give_up(
            sending, receipt_protocol.ReceiptTrigger.REFUSED, ReceiptProblem.REFUSED, error
        )
        return receipt_protocol.Round(error=error)

    shop.sandbox.faults.add("drop_after", method="POST", path=PATH, uses=1)
    order = shop.sell(1)
    shop.ask(order)
    with mock.patch.object(ReceiptProtocol, "_after_error", refused):
        shop.work(2)
    shop.ask(order)
    shop.settle()
    assert valid(shop) == [2_200, 2_200]


# 131: a send is carried out long after its answer was lost.


def test_fault_131_nothing_is_sent_again_while_it_may_be_carried_out(shop: ReceiptShop) -> None:
    shop.sandbox.faults.add("late_effect", method="POST", path=PATH, uses=1, after=900.0)
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    sent = posts(shop)
    shop.pass_time(14 * 60)
    assert (shop.states(order), counted(shop, sent), valid(shop)) == ([S.UNKNOWN], 0, [])
    shop.settle()
    assert (shop.states(order), counted(shop, sent), valid(shop)) == ([S.ISSUED], 0, [2_200])
    shop.check_receipts(order)


def test_fault_131_twin_without_the_wait_it_is_sent_again(shop: ReceiptShop) -> None:
    shop.sandbox.faults.add("late_effect", method="POST", path=PATH, uses=1, after=900.0)
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    sent = posts(shop)
    with mock.patch.object(ReceiptProtocol, "_may_still_land", lambda self, receipt: False):
        shop.pass_time(60)
    assert counted(shop, sent) > 0


def test_fault_131_a_start_begins_the_wait_anew(shop: ReceiptShop) -> None:
    shop.sandbox.faults.add("drop_before", method="POST", path=PATH, uses=1)
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    shop.close()
    again = shop.again()
    sent = posts(again)
    again.pass_time(19 * 60)
    assert counted(again, sent) == 0
    again.settle()
    assert (counted(again, sent), again.states(order)) == (1, [S.ISSUED])
    again.check_receipts(order)
    again.close()


def test_fault_131_a_receipt_that_shows_late_is_not_issued_again(shop: ReceiptShop) -> None:
    shop.sandbox.faults.conduct.change(unseen_receipts=4)
    shop.sandbox.faults.add("drop_after", method="POST", path=PATH, uses=1)
    order = shop.sell(1)
    shop.ask(order)
    shop.settle()
    assert (shop.states(order), valid(shop)) == ([S.ISSUED], [2_200])
    shop.check_receipts(order)


# 132: PortOne shows another receipt under our number, or does not know one that was issued.


def test_fault_132_another_receipt_under_our_number_is_a_persons(shop: ReceiptShop) -> None:
    shop.sandbox.faults.add("lie", path=PATH, fields={"amount": 9})
    order = shop.sell(1)
    asked = shop.ask(order)
    shop.work(2)
    assert shop.states(order) == [S.UNKNOWN]
    shop.settle(120)
    (named,) = shop.receipts(order)
    assert (named.state, named.problem) == (S.REFUSED, ReceiptProblem.DIFFERS)
    (task,) = shop.cash_receipt_service.tasks()
    assert (task.kind, task.receipt.id) == (ReceiptTaskKind.ISSUE, asked.id)


def test_fault_132_one_bent_reading_names_nobody(shop: ReceiptShop) -> None:
    shop.sandbox.faults.add("drop_after", method="POST", path=PATH, uses=1)
    shop.sandbox.faults.add("lie", method="GET", path=PATH, nth=2, fields={"amount": 9})
    order = shop.sell(1)
    shop.ask(order)
    shop.settle()
    assert shop.states(order) == [S.ISSUED]
    assert shop.receipts(order)[0].problem is ReceiptProblem.NONE
    shop.check_receipts(order)


def test_fault_132_a_receipt_that_portone_lost_is_cancelled_by_a_person(
    shop: ReceiptShop,
) -> None:
    order = shop.sell(1)
    asked = shop.ask(order)
    shop.work(2)
    shop.sandbox.faults.add(
        "envelope", method="GET", path=PATH, http=404, code=-1, message="없습니다."
    )
    shop.give_back(order)
    shop.settle(10)
    (named,) = shop.receipts(order)
    assert (named.state, named.problem) == (S.CANCEL_REQUESTED, ReceiptProblem.MISSING)
    (task,) = shop.cash_receipt_service.tasks()
    assert task.kind is ReceiptTaskKind.CANCEL
    shop.sandbox.receipts.cancel(asked.own_no, console=True)
    shop.cash_receipt_service.enter_cancel(WHO, asked.id)
    shop.check_receipts(order)


def test_fault_132_keys_of_another_account_issue_nothing(shop: ReceiptShop) -> None:
    order = shop.sell(1)
    with mock.patch.object(shop.client, "is_own_account", lambda number="": False):
        shop.ask(order)
        shop.settle(5)
        assert shop.states(order) == [S.REQUESTED]
    assert shop.sandbox.receipts.all() == []
    shop.settle(15)
    shop.check_receipts(order)


# 133: a part of the sale goes back while its receipt is in any state.


def two_items(shop: ReceiptShop) -> Order:
    return shop.sell(7, rice_grams=532)


@pytest.mark.parametrize("fault", ["", "drop_after", "drop_before"])
def test_fault_133_the_rest_is_issued_once_the_whole_is_cancelled(
    shop: ReceiptShop, fault: str
) -> None:
    order = two_items(shop)
    if fault:
        shop.sandbox.faults.add(fault, method="POST", path=PATH, uses=1)
    shop.ask(order)
    shop.work(2)
    shop.give_back(order, at=1)
    if fault:
        shop.sandbox.faults.add(fault, method="DELETE", path=PATH, uses=1)
    seen = []
    for _ in range(40):
        shop.clock.advance(seconds=100)
        shop.work(2)
        seen.append(tuple(valid(shop)))
    assert max(map(len, seen)) <= 1, "two receipts of one sale"
    assert valid(shop) == [15_400]
    shop.check_receipts(order)


def test_fault_133_twin_without_the_order_two_receipts_are_valid(shop: ReceiptShop) -> None:
    with shop.store.transaction() as uow:
        uow.connection.exec_driver_sql("DROP INDEX uq_cash_receipts_held")
        uow.commit()
    order = two_items(shop)
    shop.ask(order)
    shop.work(2)
    shop.sandbox.faults.add("drop_before", method="DELETE", path=PATH)
    shop.give_back(order, at=1)
    with mock.patch.object(ReceiptProtocol, "_is_blocked", lambda self, receipt: False):
        shop.settle(30)
    assert sorted(valid(shop)) == [15_400, 22_260]


def test_fault_133_the_database_alone_holds_it_too(shop: ReceiptShop) -> None:
    order = two_items(shop)
    shop.ask(order)
    shop.work(2)
    shop.sandbox.faults.add("drop_before", method="DELETE", path=PATH)
    shop.give_back(order, at=1)
    with mock.patch.object(ReceiptProtocol, "_is_blocked", lambda self, receipt: False):
        shop.settle(30)
    assert valid(shop) == [22_260]


def test_fault_133_a_sale_that_is_cancelled_while_its_receipt_is_unclear(
    shop: ReceiptShop,
) -> None:
    for fault, first in (("drop_after", [2_200]), ("drop_before", [])):
        shop.sandbox.faults.add(fault, method="POST", path=PATH, uses=1)
        order = shop.sell(1)
        shop.ask(order)
        shop.work(2)
        assert valid(shop) == first
        shop.give_back(order)
        shop.settle()
        assert (shop.states(order), valid(shop)) == ([S.CANCELLED], [])
        shop.check_receipts(order)


# 134: an older copy of the database is restored.


def test_fault_134_an_older_copy_finds_what_it_does_not_know(
    shop: ReceiptShop, tmp_path, sandbox, clock
) -> None:
    order = shop.sell(1)
    shop.ask(order)
    (tmp_path / "old").mkdir()
    backup(shop.store.path, tmp_path / "old" / "posapp.db")
    shop.work(2)
    assert valid(shop) == [2_200]
    shop.close()
    old = ReceiptShop(tmp_path / "old", sandbox, clock)
    assert old.states(order)[0] in (S.REQUESTED, S.ISSUED)
    old.settle(5)
    assert (old.states(order), valid(old)) == ([S.ISSUED], [2_200])
    old.check_receipts(order)
    old.close()


# 135: refused in words, and issued all the same.


@pytest.mark.parametrize("text", ["일시 장애입니다. 잠시 후 다시", "이미 발행되었습니다.", ""])
def test_fault_135_an_unlisted_refusal_is_unclear(shop: ReceiptShop, text: str) -> None:
    shop.sandbox.faults.add(
        *("late_refusal",), method="POST", path=PATH, uses=1, http=500, message=text, after=300.0
    )
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    assert shop.states(order) == [S.UNKNOWN]
    shop.settle()
    assert (shop.states(order), valid(shop)) == ([S.ISSUED], [2_200])
    shop.check_receipts(order)


def test_fault_135_a_listed_refusal_is_believed_after_a_fresh_reading_only(
    shop: ReceiptShop,
) -> None:
    shop.sandbox.faults.add(
        "envelope", method="POST", path=PATH, uses=1, http=500, act=True,
        message="현금영수증 발행에 실패하였습니다. 식별번호 오류",
    )  # fmt: skip
    order = shop.sell(1)
    shop.ask(order)
    shop.settle(5)
    assert (shop.states(order), valid(shop)) == ([S.ISSUED], [2_200])
    shop.check_receipts(order)


def test_fault_135_a_refusal_after_an_unclear_send_is_not_believed_yet(
    shop: ReceiptShop,
) -> None:
    shop.sandbox.faults.add("late_effect", method="POST", path=PATH, uses=1, after=1_230.0)
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    shop.sandbox.faults.conduct.change(refuse_receipt="식별번호 오류")
    with mock.patch.object(receipt_protocol, "IN_FLIGHT_WINDOW", replace_window()):
        shop.pass_time(60, every=10)
    assert shop.states(order) == [S.UNKNOWN]


def replace_window() -> Any:
    """A window that is over for the reading before the send, and not for the one after it."""

    class Window:
        calls = 0

        def __gt__(self, other: object) -> bool:
            Window.calls += 1
            return Window.calls % 2 == 0

    return Window()


# 136: the program ends in the middle of issuing or cancelling.


class Killed(BaseException):
    """The program ends here, and nothing of it runs any more."""


class EndsAtSend:
    """Ends the program at its first send of a kind, before or after PortOne received it."""

    def __init__(self, real: Any, call: str, *, is_sent: bool) -> None:
        self._real, self._call, self._is_sent = real, call, is_sent
        self.is_armed = True

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return self._ending(found) if name == self._call and self.is_armed else found

    def _ending(self, send: Any) -> Any:
        def ends(*given: Any) -> None:
            self.is_armed = False
            if self._is_sent:
                with suppress(GatewayError):
                    send(*given)
            raise Killed

        return ends


def started(tmp_path: Any, sandbox: Any, clock: Any, call: str, *, is_sent: bool) -> ReceiptShop:
    """A shop whose program ends at its first send; the next program on its file does not."""
    ending: list[EndsAtSend] = []

    def through(real: Any) -> Any:
        if not ending:
            ending.append(EndsAtSend(real, call, is_sent=is_sent))
            return ending[0]
        return real

    return ReceiptShop(tmp_path, sandbox, clock, through_receipts=through)


def end_at_send(shop: ReceiptShop) -> ReceiptShop:
    """Work until the program ends, and start it once more."""
    with pytest.raises(Killed):
        shop.pass_time(30, every=6)
    shop.close()
    return shop.again()


@pytest.mark.parametrize("is_sent", [False, True])
def test_fault_136_a_receipt_is_issued_once_after_a_kill(
    tmp_path, sandbox, clock, is_sent: bool
) -> None:
    shop = started(tmp_path, sandbox, clock, "issue", is_sent=is_sent)
    order = shop.sell(1)
    shop.ask(order)
    again = end_at_send(shop)
    assert again.states(order)[0] in (S.SENDING, S.UNKNOWN, S.ISSUED)
    again.settle()
    assert (again.states(order), valid(again)) == ([S.ISSUED], [2_200])
    again.check_receipts(order)
    again.close()


def test_fault_136_what_was_sent_before_a_kill_is_not_sent_again_while_it_may_land(
    tmp_path, sandbox, clock
) -> None:
    shop = started(tmp_path, sandbox, clock, "issue", is_sent=True)
    shop.sandbox.faults.add("late_effect", method="POST", path=PATH, uses=1, after=900.0)
    order = shop.sell(1)
    shop.ask(order)
    again = end_at_send(shop)
    sent = posts(again)
    again.pass_time(14 * 60)
    assert (again.states(order), counted(again, sent)) == ([S.UNKNOWN], 0)
    again.settle()
    assert (again.states(order), counted(again, sent), valid(again)) == ([S.ISSUED], 0, [2_200])
    again.check_receipts(order)
    again.close()


@pytest.mark.parametrize("is_sent", [False, True])
def test_fault_136_a_receipt_is_cancelled_once_after_a_kill(
    tmp_path, sandbox, clock, is_sent: bool
) -> None:
    shop = started(tmp_path, sandbox, clock, "cancel", is_sent=is_sent)
    order = shop.sell(1, rice_grams=532)
    shop.ask(order)
    shop.pass_time(30, every=6)
    assert shop.states(order) == [S.ISSUED]
    shop.give_back(order)
    again = end_at_send(shop)
    again.settle()
    assert again.states(order) == [S.CANCELLED, S.ISSUED]
    (rest,) = valid(again)
    assert rest == int(order.items[1].total)
    again.check_receipts(order)
    again.close()


# 50: the clock of the till is set while a receipt waits.


class MovedClock(FakeClock):
    """A wall clock that a test sets; PortOne's and the monotonic one run on."""

    def jump(self, by: timedelta) -> None:
        self._now += by

    def unix(self) -> float:
        return (FakeClock().now() + timedelta(milliseconds=self.monotonic())).timestamp()


@pytest.mark.parametrize("hours", [-72, -1, 1, 72])
@pytest.mark.parametrize("is_closed", [False, True])
def test_fault_50_a_receipt_waits_no_longer_for_a_clock_that_is_set(
    tmp_path, hours: int, is_closed: bool
) -> None:
    """Asked for while the clock was ahead by days, it waited for days once the clock was right."""
    clock = MovedClock()
    with Sandbox(clock=clock.unix) as sandbox:
        shop = ReceiptShop(tmp_path, sandbox, clock)
        sandbox.faults.add("drop_before", method="POST", path=PATH)
        order = shop.sell(1)
        shop.ask(order)
        shop.work(2)
        assert shop.states(order) != [S.ISSUED]
        sandbox.faults.clear()
        if is_closed:
            shop.close()
        clock.jump(timedelta(hours=hours))
        if is_closed:
            shop = shop.again()
        shop.settle(60)
        assert shop.states(order) == [S.ISSUED]
        shop.check_receipts(order)
        shop.close()
