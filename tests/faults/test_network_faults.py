"""docs/faults.md, rows 3, 11, 18-20, 22, 23, 25-29: network faults, made by a proxy between till
and PortOne; each refund is made exactly once."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.portone.client import PortOneGateway
from posapp.portone.settings import GatewaySettings
from posapp.services.ports.gateway import RefundCommand
from tests.bounds import bounded
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import FakeSecrets
from tests.faults.proxy import FaultProxy, Way

POST_CANCEL = b"POST /payments/cancel"
CANCEL = "/payments/cancel"
ITEM, OTHER = 100, 101


@pytest.fixture
def proxy(sandbox) -> Iterator[FaultProxy]:
    with FaultProxy(sandbox.api) as proxy:
        yield proxy


@pytest.fixture
def far(tmp_path, sandbox, clock, proxy) -> Iterator[Till]:
    """A till with a paid order, whose every call to PortOne's REST service goes through the
    proxy."""
    settings = GatewaySettings(
        api_base=proxy.base,
        link_base=sandbox.link_api,
        user_code=sandbox.user_code,
        channel_key=sandbox.channel_key,
        link_hosts=(sandbox.api,),
        connect_ms=10_000,
        read_ms=2_500,
        total_ms=3_000,
    )
    secrets = FakeSecrets(imp_key=sandbox.imp_key, imp_secret=sandbox.imp_secret)
    till = Till(
        tmp_path / "far.db", sandbox, clock, gateway=PortOneGateway(settings, secrets, clock)
    )
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    till.imp_uid = till.paid_order(10)
    till.work(2)
    yield till
    till.close()


def ask(till: Till, item: int = ITEM, amount: int = 5000):
    return till.cancellation_service.refund(Actor.buyer(BUYER), item, "단순 변심", amount)


def state(till: Till, refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def assert_refunded_once(till: Till, refund, sends: int | None = None) -> None:
    reported = till.cancellation_service.get_refund(refund.id)
    assert reported.refund.state is RefundState.CONFIRMED
    assert reported.item.status is ItemStatus.CANCEL
    assert till.stock_of(ITEM) == STOCK + 1
    assert [line.amount for line in till.books.payment(till.imp_uid).cancellations] == [5000]
    if sends is not None:
        assert reported.refund.send_count == sends
    till.check_books()


@pytest.mark.parametrize("cut", [*range(0, 200, 23), 400, 900])
def test_fault_03_cut_on_the_way_and_not_by_the_server(far, proxy, cut):
    proxy.set(Way(cut_at=cut, begins=POST_CANCEL, uses=1))
    refund = ask(far)
    far.work(1)
    assert state(far, refund) is RefundState.UNKNOWN
    far.pass_time(30, every=5)
    assert_refunded_once(far, refund, sends=1)


@pytest.mark.parametrize(
    "way",
    [
        Way(reset_at=0),
        Way(reset_at=30),
        Way(half_close_at=0),
        Way(half_close_at=30),
        Way(swallow_answer=True),
        Way(drip_s=0.05),
    ],
    ids=["reset", "reset midway", "half closed", "half closed midway", "no answer", "drip"],
)
def test_fault_27_result_is_found_after_any_fault_of_the_answer(far, proxy, way):
    """Rows 1, 26 and 27 on a real connection: done at PortOne, and only a reading tells."""
    proxy.set(replace(way, begins=POST_CANCEL, uses=1))
    refund = ask(far)
    with bounded(1):
        far.work(1)
    assert state(far, refund) is RefundState.UNKNOWN
    far.pass_time(30, every=5)
    assert_refunded_once(far, refund, sends=1)


def test_fault_02_swallowed_before_it_arrived(far, proxy):
    proxy.set(Way(swallow=True, begins=POST_CANCEL, uses=1))
    refund = ask(far)
    far.work(1)
    assert state(far, refund) is RefundState.UNKNOWN
    far.pass_time(22 * 60, every=60)  # until it cannot be carried out any more
    assert_refunded_once(far, refund, sends=2)


def test_fault_25_no_listener_nothing_is_sent_until_one_returns(far, proxy):
    proxy.refuse()
    refund = ask(far)
    far.pass_time(300, every=5)
    reported = far.cancellation_service.get_refund(refund.id).refund
    assert (reported.state, reported.send_count) == (RefundState.APPROVED, 0)
    assert far.connectivity.online is False
    proxy.listen_again()
    far.clock.advance(seconds=2)
    far.work(3)
    assert far.connectivity.online
    assert_refunded_once(far, refund, sends=1)


def test_fault_26_a_drip_ends_at_the_deadline_and_not_with_the_answer(far, proxy):
    proxy.set(Way(drip_s=0.1))
    refund = ask(far)
    with bounded(2):
        far.work(1)
    proxy.set(Way())
    far.pass_time(60, every=5)
    assert_refunded_once(far, refund)


@pytest.mark.slow
def test_fault_28_a_network_that_flaps_for_twenty_minutes(paid, caplog):
    """Three seconds there, three not; a refund is approved every 100 seconds. One refund per
    intent, a few lines in the log, probes and calls within bounds."""
    numbers = range(20, 32)
    with paid.store.transaction() as uow:
        product = uow.orders.product(ITEM)
        uow.catalogue.add_products([replace(product, id=at * 10, price=1000) for at in numbers])
        uow.catalogue.add_orders([an_order(at, (1000, 1)) for at in numbers])
        uow.commit()
    payments = [paid.paid_order(at) for at in numbers]
    calls = {"probe": 0, "get_payment": 0, "cancel": 0}
    for name in calls:
        real = getattr(paid.client, name)

        def counted(*arguments, name=name, real=real):
            calls[name] += 1
            return real(*arguments)

        setattr(paid.gateway, name, counted)
    waiting = list(numbers)
    changes = 0
    with caplog.at_level(logging.INFO):
        for second in range(1_200):
            if second % 6 == 0:
                rule = paid.sandbox.faults.add("drop_before")
            elif second % 6 == 3:
                paid.sandbox.faults.remove(rule)
            if waiting and second % 100 == 0:
                item = waiting.pop() * 10
                paid.cancellation_service.refund(Actor.seller(SELLER), item, "품절", 1000)
            paid.clock.advance(seconds=1)
            changes += sum(one.subject == "connectivity" for one in paid.work(1))
    paid.sandbox.faults.clear()
    paid.pass_time(180)
    assert set(paid.refund_states()) == {RefundState.CONFIRMED}
    for imp_uid in payments:
        assert [line.amount for line in paid.books.payment(imp_uid).cancellations] == [1000]
    paid.check_books()
    assert changes <= 4
    assert calls["probe"] <= 1_300
    assert calls["get_payment"] + calls["cancel"] <= 12 * 20
    assert len(caplog.records) <= 400, "a line every nine seconds"


def test_fault_28_twin_without_hysteresis_the_indicator_flickers(paid, monkeypatch):
    monkeypatch.setattr("posapp.services.runtime.connectivity.RECOVERY_MS", (0,))
    changes = 0
    for second in range(120):
        if second % 6 == 0:
            rule = paid.sandbox.faults.add("drop_before")
        elif second % 6 == 3:
            paid.sandbox.faults.remove(rule)
        if second % 6 == 0:
            paid.connectivity.record(None)
            paid.clock.advance(seconds=31)
        paid.clock.advance(seconds=1)
        changes += sum(one.subject == "connectivity" for one in paid.work(1))
    assert changes >= 20


@pytest.mark.parametrize("kind", ["html200", "redirect"])
def test_fault_23_a_portal_that_appears_in_the_midst_of_a_cancel(paid, kind):
    """The answer is the portal's; it does not show whether PortOne received the cancel."""
    paid.sandbox.faults.add(kind, path=CANCEL, uses=1, act=True)
    refund = ask(paid)
    paid.work(1)
    assert state(paid, refund) is RefundState.UNKNOWN
    assert paid.connectivity.cause is GatewayCause.PORTAL
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert len(paid.books.payment(paid.imp_uid).cancellations) == 1
    paid.check_books()


def test_fault_18_revoked_secret_stops_sending_with_a_reason(paid):
    """No cancel leaves, the intent waits with its reason on it, and few calls are made."""
    sent, requested = [], []
    cancel, real = paid.client.cancel, paid.client.get_payment
    paid.gateway.cancel = lambda order: sent.append(order) or cancel(order)
    paid.gateway.get_payment = lambda imp_uid: requested.append(imp_uid) or real(imp_uid)
    paid.sandbox.faults.conduct.keys_refused = True
    paid.clock.advance(minutes=31)
    refund = ask(paid)
    paid.pass_time(1200, every=10)
    assert sent == []
    assert len(requested) <= 25, "once a minute at most"
    assert state(paid, refund) is RefundState.APPROVED
    with paid.store.snapshot() as uow:
        (entry,) = uow.outbox.waiting(10)
    assert entry.last_error == GatewayCause.UNAUTHORIZED.value
    paid.sandbox.faults.conduct.keys_refused = False
    paid.pass_time(120)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert len(sent) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_fault_19_nothing_is_requested_before_the_time_that_was_named(paid, status):
    paid.pass_time(20 * 60)  # no polls of the payment itself from here on
    paid.sandbox.faults.add("too_many", path="/payments/imp_*", retry_after="60", status=status)
    refund = ask(paid)
    real, at = paid.client.get_payment, []
    paid.gateway.get_payment = lambda imp_uid: at.append(paid.clock.monotonic()) or real(imp_uid)
    paid.work(1)
    paid.pass_time(300, every=1)
    assert len(at) >= 4
    assert min(later - first for first, later in itertools.pairwise(at)) >= 60_000
    paid.sandbox.faults.clear()
    paid.pass_time(120, every=5)
    assert state(paid, refund) is RefundState.CONFIRMED


def test_fault_19_another_payment_is_not_held_up(paid):
    with paid.store.transaction() as uow:
        uow.catalogue.add_orders([an_order(20, (4000, 1))])
        uow.commit()
    other = paid.paid_order(20)
    paid.sandbox.faults.add("too_many", path=CANCEL, uses=1, retry_after="300")
    ask(paid)
    paid.work(1)
    paid.cancellation_service.refund(Actor.seller(SELLER), 200, "품절", 4000)
    paid.work(2)
    assert paid.books.balance(other) == 0


@pytest.mark.parametrize("taken", [6000, 10_000])
def test_fault_11_refund_above_the_new_balance_is_refused(paid, taken):
    """A console cancel between reading and sending leaves too little: refused with the balance read
    afresh, and only staff can request it again. With no balance left, the item ends with it."""
    real, seen = paid.client.cancel, []

    def cancel(order: RefundCommand):
        if not seen:
            seen.append(order)
            paid.books.console_cancel(paid.imp_uid, taken)
        return real(order)

    paid.gateway.cancel = cancel
    refund = ask(paid)
    paid.pass_time(60, every=5)
    reported = paid.cancellation_service.get_refund(refund.id)
    assert reported.refund.state is RefundState.REFUSED
    is_over = taken == 10_000
    assert reported.item.status is (ItemStatus.CANCEL if is_over else ItemStatus.COMPLETE_PAYMENT)
    assert paid.books.balance(paid.imp_uid) == 10_000 - taken
    paid.check_books()


def test_fault_22_status_that_stays_unknown_needs_review(paid, caplog):
    paid.sandbox.faults.add("extra", path="/payments/imp_*", status="melted")
    refund = ask(paid)
    paid.pass_time(1800, every=30)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert paid.books.balance(paid.imp_uid) == 10_000
    assert [one for one in paid.unresolved_money_service.refunds() if one.refund.id == refund.id]
    assert any("needs a person" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    "text", ["MAX_CANCEL_COUNT_REACHED", "거래일로부터 1년이 지난 카드 결제는 취소할 수 없습니다"]
)
def test_fault_29_past_a_limit_of_kakaopay_it_is_refused_in_its_text(paid, text):
    """The alternative is cash or a transfer by the staff: the item does not change."""
    paid.sandbox.faults.conduct.refuse_cancel = text
    refund = ask(paid)
    paid.pass_time(60, every=5)
    reported = paid.cancellation_service.get_refund(refund.id)
    assert reported.refund.state is RefundState.REFUSED
    assert text in reported.refund.gateway_message
    assert reported.item.status is ItemStatus.COMPLETE_PAYMENT
    paid.pass_time(3600, every=300)
    assert paid.books.balance(paid.imp_uid) == 10_000
    paid.check_books()
