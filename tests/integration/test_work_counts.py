"""The counts of home against the lists that they lead to, in one shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.actors import TILL, Actor
from posapp.domain.explanations import Explanation
from posapp.domain.money import Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus
from posapp.domain.requests import Decision, RequestKind
from posapp.sandbox.server import Sandbox
from posapp.services.orders import work_counts
from posapp.services.orders.work_counts import WorkCount, WorkCounts
from posapp.services.ports.order_search import OrderFilter
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.requests import RequestFilter, RequestState
from tests.fakes.actors import WHO
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, OTHER_SELLER, SELLER, Till, an_order, with_status
from tests.fakes.world import FakeClock, NumberedIds

EVERYBODY = Actor.person()
OWN, OTHERS = Actor.seller(SELLER), Actor.seller(OTHER_SELLER)
ONE = WorkCount(1)


@pytest.fixture
def shop(tmp_path: Path, clock: FakeClock) -> Iterator[Till]:
    sandbox = Sandbox(clock=clock.unix)
    gateway = BooksGateway(sandbox)
    till = Till(tmp_path / "posapp.db", sandbox, clock, gateway=gateway, make_ids=NumberedIds)
    yield till
    till.close()


def read(shop: Till, actor: Actor = EVERYBODY) -> WorkCounts:
    return shop.work_count_service.read(actor)


def note(shop: Till, number: int = 1) -> None:
    with shop.store.transaction() as uow:
        uow.mismatches.note(
            Mismatch(
                0, MismatchKind.FOREIGN_PAYMENT, f"pos-{number}", f"imp_{number}", Won(700), "why",
                shop.clock.now(),
            )
        )  # fmt: skip
        uow.commit()


def test_an_empty_shop_has_no_work(shop: Till) -> None:
    assert read(shop) == WorkCounts(*[WorkCount()] * 5)


def test_orders_to_pay_are_those_of_the_open_order_list(shop: Till) -> None:
    half = an_order(13, (5000, 1), (3000, 1))
    items = half.items[0], replace(half.items[1], status=ItemStatus.CANCEL)
    shop.stock_shop(
        an_order(11),
        an_order(12, seller=OTHER_SELLER),
        replace(half, items=items),
        with_status(an_order(14), ItemStatus.CANCEL),
        *(with_status(an_order(20 + n), one) for n, one in enumerate(ItemStatus) if n),
    )
    listed = shop.order_search.page(OrderFilter(segment=OrderSegment.OPEN), 99).rows
    assert read(shop).to_pay == read(shop, OWN).to_pay == WorkCount(len(listed)) == WorkCount(3)
    shop.cancellation_service.cancel(Actor.buyer(BUYER), 110, "")
    shop.paid_order(12)
    assert read(shop).to_pay == ONE


def test_waiting_requests_are_those_of_the_desk(shop: Till) -> None:
    delivered = (
        with_status(an_order(n, (5000, 1), (3000, 1), seller=seller), ItemStatus.DELIVERY_COMPLETE)
        for n, seller in ((10, SELLER), (20, OTHER_SELLER))
    )
    shop.stock_shop(*delivered)
    for item in (100, 101, 200):
        shop.request_service.create(Actor.buyer(BUYER), item, RequestKind.EXCHANGE, "작아요")
    waiting = RequestFilter(state=RequestState.WAIT)
    desk = shop.request_search
    assert read(shop).requests_waiting == WorkCount(3)
    assert read(shop, OWN).requests_waiting == WorkCount(desk.count(SELLER, waiting, 99))
    assert read(shop, OTHERS).requests_waiting == WorkCount(desk.count(OTHER_SELLER, waiting, 99))
    shop.decision_service.decide(OWN, desk.page(SELLER, waiting, 1).rows[0].id, Decision.APPROVE)
    assert read(shop).requests_waiting == WorkCount(2)
    assert read(shop, OWN).requests_waiting == ONE
    assert read(shop, OWN).to_ship == ONE, "the replacement"


def test_items_to_ship_are_paid_and_not_on_their_way(shop: Till) -> None:
    shop.stock_shop(
        *(with_status(an_order(10 + n), one) for n, one in enumerate(ItemStatus)),
        with_status(an_order(30, (1, 1), (1, 1), seller=OTHER_SELLER), ItemStatus.COMPLETE_PAYMENT),
    )
    assert read(shop).to_ship == WorkCount(4)
    assert read(shop, OWN).to_ship == WorkCount(2)
    assert read(shop, OTHERS).to_ship == WorkCount(2)
    for _ in range(2):
        shop.fulfilment_service.advance(OTHERS, 300)
    shop.fulfilment_service.hand_over(OTHERS, 301)
    assert read(shop, OTHERS).to_ship == WorkCount()


def test_unresolved_money_is_what_its_page_lists(shop: Till) -> None:
    shop.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20))
    assert read(shop).unresolved == WorkCount()
    shop.paid_order(10)
    first = shop.cancellation_service.refund(OWN, 100, "품절", 5000)
    shop.cancellation_service.refund(OWN, 101, "품절", 3000)
    note(shop)

    def agree(unresolved: int, for_person: int) -> None:
        money, pending = shop.unresolved_money_service, shop.sync_service.report()
        listed = len(money.refunds()) + len(money.mismatches())
        waits = pending.totals.for_person + pending.mismatches
        assert (pending.unresolved, pending.for_person) == (listed, waits)
        assert read(shop).unresolved == read(shop, OWN).unresolved == WorkCount(listed)
        assert read(shop).unresolved_for_person == WorkCount(waits)
        assert (listed, waits) == (unresolved, for_person)

    agree(3, 1)
    shop.sync_service.take_over(WHO, first.id)
    agree(3, 2)
    with shop.store.transaction() as uow:
        uow.mismatches.explain(1, Explanation(TILL, "확인함", Won(700)), shop.clock.now())
        uow.commit()
    agree(2, 1)
    shop.sync_service.requeue(WHO, first.id)
    shop.pass_time(120)
    agree(0, 0)


def test_a_count_stops_at_its_limit(shop: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_counts, "MOST_COUNTED", 2)
    lines = [(5000, 1)] * 3
    shop.stock_shop(
        *(an_order(n) for n in (10, 11)),
        with_status(an_order(20, *lines), ItemStatus.COMPLETE_PAYMENT),
        with_status(an_order(30, *lines), ItemStatus.DELIVERY_COMPLETE),
    )
    for item in (300, 301, 302):
        shop.request_service.create(Actor.buyer(BUYER), item, RequestKind.REFUND, "작아요")
    for number in (1, 2, 3):
        note(shop, number)
    capped = WorkCount(2, is_capped=True)
    assert read(shop) == WorkCounts(WorkCount(2), capped, capped, capped, capped)
    assert read(shop, OWN).requests_waiting == read(shop, OWN).to_ship == capped


def test_one_read_transaction_writes_nothing(shop: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = shop.store.snapshot

    def snapshot() -> object:
        opened.append(1)
        return real()

    monkeypatch.setattr(shop.store, "snapshot", snapshot)
    monkeypatch.delattr(type(shop.store), "transaction")
    read(shop)
    assert opened == [1]
