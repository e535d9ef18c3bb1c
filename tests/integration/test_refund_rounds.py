"""The rounds of a refund: an unsent refund counts as unsent, and a made one is confirmed once."""

from __future__ import annotations

from collections import deque

import pytest

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.sandbox.server import Sandbox
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.payments import payment_ref
from tests.fakes.till import SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

ITEM = 100


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    gateway = BooksGateway(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    yield till
    till.close()


def ask_back(shop: Till, item: int = ITEM, amount: int = 5000):
    return shop.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def now_is(shop: Till, refund):
    return shop.cancellation_service.get_refund(refund.id).refund


def facts(shop: Till, fact: LedgerEvent):
    with shop.store.snapshot() as uow:
        return [row.entry for row in uow.ledger.for_order(10) if row.entry.event is fact]


def test_send_that_never_left_the_till_is_undone(shop):
    """It counts as unsent: it can still be withdrawn, and a refusal of the next one is believed."""
    imp_uid = shop.paid_order(10)
    refund = ask_back(shop)
    for _ in range(3):
        shop.client.aimed["cancel"] = deque([Fault.NOT_CONNECTED])
        shop.refund_protocol.run_once(refund.id, 1)
        unsent = now_is(shop, refund)
        assert (unsent.state, unsent.send_count, unsent.last_unknown_at) == (
            RefundState.APPROVED,
            0,
            None,
        )
        assert unsent.was_never_sent
    shop.pass_time(60)
    done = now_is(shop, refund)
    assert (done.state, done.send_count) == (RefundState.CONFIRMED, 1)
    assert shop.books.balance(imp_uid) == 3000
    shop.check_books()


def test_earlier_send_that_may_arrive_late_is_never_withdrawn(shop):
    shop.paid_order(10)
    refund = ask_back(shop)
    shop.client.aimed["cancel"] = deque([Fault.LOST_BEFORE])
    shop.refund_protocol.run_once(refund.id, 1)
    first = now_is(shop, refund)
    assert (first.state, first.send_count) == (RefundState.UNKNOWN, 1)
    shop.client.aimed["cancel"] = deque([Fault.NOT_CONNECTED])
    shop.clock.advance(minutes=21)
    shop.refund_protocol.run_once(refund.id, 2)
    second = now_is(shop, refund)
    assert second.state is RefundState.UNKNOWN
    assert not second.was_never_sent
    assert second.last_unknown_at == first.last_unknown_at


def test_a_refund_is_confirmed_once(shop):
    """Two threads with the same history (an expired lease, a decision beside the outbox) confirm
    it: refund, item, stock and ledger change only with the first."""
    imp_uid = shop.paid_order(10)
    refund = ask_back(shop)
    shop.pass_time(60)
    confirmed = now_is(shop, refund)
    assert confirmed.state is RefundState.CONFIRMED
    reported = shop.client.get_payment(payment_ref(imp_uid))
    shop.refund_protocol._completion.confirm(refund.id, reported)
    assert now_is(shop, refund) == confirmed
    assert [entry.amount for entry in facts(shop, LedgerEvent.REFUND_CONFIRMED)] == [-5000]
    assert shop.stock_of(ITEM) == STOCK + 1
    item = next(one for one in shop.order(10).items if one.id == ITEM)
    assert item.status is ItemStatus.CANCEL
    shop.check_books()


def test_ended_refund_is_not_refused_afterwards(shop):
    imp_uid = shop.paid_order(10)
    refund = ask_back(shop)
    shop.pass_time(60)
    confirmed = now_is(shop, refund)
    shop.refund_protocol._completion.reject(
        refund.id, shop.client.get_payment(payment_ref(imp_uid))
    )
    assert now_is(shop, refund) == confirmed
    assert not facts(shop, LedgerEvent.REFUND_REFUSED)


def test_an_intent_is_on_the_disk_before_it_is_sent(shop, monkeypatch):
    """Killed in the moment of the call: the next start knows that something may have been sent."""
    shop.paid_order(10)
    refund = ask_back(shop)
    seen = []
    real = shop.client.cancel

    def watched(order):
        seen.append(now_is(shop, refund))
        return real(order)

    monkeypatch.setattr(shop.client, "cancel", watched)
    shop.pass_time(60)
    (during,) = seen
    assert (during.state, during.send_count, during.expected_balance) == (
        RefundState.SENDING,
        1,
        8000,
    )


def test_a_confirmed_refund_names_its_line(shop):
    """Else the line would be recorded once more, as another's."""
    imp_uid = shop.paid_order(10)
    refund = ask_back(shop)
    shop.pass_time(60)
    (line,) = shop.client.get_payment(payment_ref(imp_uid)).cancellations
    assert now_is(shop, refund).cancellation_id == line.cancellation_id
