"""The outbox entry after a round: settled only when the refund has ended, and never too soon."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.refunds import RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.ports.outbox import OutboxState
from posapp.services.refunds.refund_protocol import MAX_UNCLEAR_READS, RefundProtocol
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101


@pytest.fixture
def shop(tmp_path, clock):
    sandbox = Sandbox(clock=clock.unix)
    gateway = BooksGateway(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)))
    till.paid_order(10)
    yield till
    till.close()


def ask_back(shop: Till, item: int = ITEM, amount: int = 5000):
    return shop.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def entry(shop: Till, refund):
    with shop.store.snapshot() as uow:
        return uow.outbox.get_pending(refund.id)


def round_of(shop: Till):
    """Claim what is due and carry out one round of it."""
    claimed = shop.refund_worker.claim()
    assert claimed is not None
    return shop.refund_worker.process(claimed)


def waits(shop: Till, refund) -> timedelta:
    kept = entry(shop, refund)
    assert kept is not None
    assert kept.state is OutboxState.WAITING
    return kept.due_at - shop.clock.now()


def test_review_blocks_other_refunds_of_its_payment(shop):
    """A settled entry would be forgotten, and the next refund of the payment would be sent."""
    first, second = ask_back(shop), ask_back(shop, OTHER, 3000)
    shop.client.aimed["read"] = deque([Fault.UNKNOWN_STATUS] * MAX_UNCLEAR_READS)
    for _ in range(MAX_UNCLEAR_READS):
        round_of(shop)
        shop.clock.advance(minutes=2)
    assert shop.cancellation_service.get_refund(first.id).refund.state is RefundState.NEEDS_REVIEW
    kept = entry(shop, first)
    assert kept is not None
    assert kept.state is OutboxState.ABANDONED
    assert shop.refund_worker.claim() is None
    assert shop.cancellation_service.get_refund(second.id).refund.state is RefundState.APPROVED


def test_refund_to_retry_stays_in_the_outbox(shop):
    refund = ask_back(shop)
    shop.client.aimed["cancel"] = deque([Fault.LOST_BEFORE])
    round_of(shop)
    assert waits(shop, refund) > timedelta(0)
    shop.clock.advance(minutes=21)
    round_of(shop)
    assert shop.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    assert entry(shop, refund) is None


def test_portone_is_not_called_before_its_retry_time(shop, monkeypatch):
    def busy(imp_uid: str):
        raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.BUSY, retry_after=240)

    refund = ask_back(shop)
    monkeypatch.setattr(shop.client, "get_payment", busy)
    round_of(shop)
    assert waits(shop, refund) >= timedelta(seconds=240)


def test_refused_send_waits_until_an_unclear_one_can_no_longer_arrive(shop, monkeypatch):
    """Nothing is sent while the first may arrive late; a refusal in that time would not count."""
    monkeypatch.setattr(RefundProtocol, "_may_still_land", lambda self, refund: False)
    refund = ask_back(shop)
    shop.client.aimed["cancel"] = deque([Fault.LOST_BEFORE, Fault.REFUSED])
    round_of(shop)
    shop.clock.advance(minutes=2)
    round_of(shop)
    assert shop.cancellation_service.get_refund(refund.id).refund.state is RefundState.UNKNOWN
    assert waits(shop, refund) > timedelta(minutes=15)


def test_a_bug_in_a_round_gives_its_entry_back(shop, monkeypatch):
    def bug(refund_id: int, rounds: int):
        raise ZeroDivisionError

    refund = ask_back(shop)
    with monkeypatch.context() as broken:
        broken.setattr(shop.refund_protocol, "run_once", bug)
        with pytest.raises(ZeroDivisionError):
            round_of(shop)
    assert timedelta(0) < waits(shop, refund) <= timedelta(minutes=2)
