"""An approval through a whole till: real HTTP to a real sandbox, on line, off line, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind
from posapp.sandbox.server import Sandbox
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.ports.requests import RefundProgress, RequestFilter
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def till(tmp_path: Path, clock: FakeClock) -> Iterator[Till]:
    with Sandbox(clock=clock.unix) as sandbox:
        till = Till(tmp_path / "posapp.db", sandbox, clock)
        yield till
        till.close()


class Requested:
    """A paid order, its first item delivered, with a refund request for it."""

    def __init__(self, till: Till) -> None:
        self.till = till
        till.stock_shop(an_order(1, (4000, 2), (1000, 1)))
        self.imp_uid = till.paid_order(1)
        FulfilmentService(till.store, till.clock, EVERYTHING).hand_over(Actor.seller(SELLER), 10)
        self.request = RequestService(till.store, till.clock, EVERYTHING).create(
            Actor.buyer(BUYER), 10, RequestKind.REFUND, "파손"
        )
        self.desk = RequestDecisionService(
            till.store, till.clock, till.ids, lambda: None, EVERYTHING
        )

    def approve(self) -> None:
        self.desk.decide(Actor.seller(SELLER), self.request.id, Decision.APPROVE)

    @property
    def money(self) -> RefundProgress:
        assert isinstance(self.till.store, SqlStore)
        (row,) = SqlRequestSearch(self.till.store).page(SELLER, RequestFilter(), 5).rows
        return row.money

    @property
    def sent(self) -> int:
        """Won that PortOne refunded."""
        (payment,) = (p for p in self.till.books.payments() if p.imp_uid == self.imp_uid)
        return payment.cancel_amount


@pytest.fixture
def requested(till: Till) -> Requested:
    return Requested(till)


def test_an_approval_is_carried_out_once_after_the_time_to_undo(
    requested: Requested, till: Till
) -> None:
    requested.approve()
    till.work(3)
    assert (requested.sent, requested.money) == (0, RefundProgress.WAITING)
    assert till.sync_engine.step().wait_ms <= 5_000, "it is due when the time to undo is over"
    till.pass_time(60)
    assert (requested.sent, requested.money) == (8000, RefundProgress.REFUNDED)
    item = till.order(1).items[0]
    assert (item.status, item.cancel_reason) == (ItemStatus.CANCEL, "파손")
    assert till.stock_of(10) == STOCK + 2
    till.check_books()


def test_undone_nothing_is_ever_sent(requested: Requested, till: Till) -> None:
    requested.approve()
    till.work()
    requested.desk.undo(Actor.seller(SELLER), requested.request.id)
    till.pass_time(3600, every=300)
    assert (requested.sent, requested.money) == (0, RefundProgress.NONE)
    assert till.refund_states() == [RefundState.REFUSED]
    assert till.order(1).items[0].status is ItemStatus.DELIVERY_COMPLETE
    requested.approve()
    till.pass_time(60)
    assert (requested.sent, requested.money) == (8000, RefundProgress.REFUNDED)
    till.check_books()


def test_off_line_it_is_decided_and_carried_out_when_the_network_is_back(
    requested: Requested, till: Till
) -> None:
    """An approval needs no network: it waits as an intent (docs/specification.md 6)."""
    till.sandbox.faults.add("drop_before")
    requested.approve()
    till.pass_time(120)
    assert (requested.sent, requested.money) == (0, RefundProgress.WAITING)
    assert till.connectivity.online is False
    till.sandbox.faults.clear()
    till.pass_time(180)
    assert (requested.sent, requested.money) == (8000, RefundProgress.REFUNDED)
    till.check_books()
