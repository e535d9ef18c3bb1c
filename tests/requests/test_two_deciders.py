"""Two windows decide the same request: two connections, two threads, one file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.requests import Decision, Request, RequestKind, RequestState
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.bounds import LONGEST_S
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock, FakeIds
from tests.requests.desk import SELLER, STOCK, Desk

ROUNDS = 8


class Unguarded(RequestDecisionService):
    """The twin: believes what it saw before the other one decided."""

    seen: Request

    def _waiting(self, uow: UnitOfWork, seller_id: int, request_id: int) -> Request:
        return self.seen


@pytest.fixture
def other_store(desk: Desk, database: Path) -> Iterator[SqlStore]:
    """Another process's way to the same file: a write lock and connections of its own."""
    opened = open_store(database)
    yield opened
    opened.close()


def race(actions: list[Callable[[], Request]]) -> list[Request | UserError]:
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], Request]) -> Request | UserError:
        start.wait(LONGEST_S)
        try:
            return action()
        except UserError as error:
            return error

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def two_desks(
    desk: Desk, other: SqlStore, clock: FakeClock, kind: type[RequestDecisionService]
) -> tuple[RequestDecisionService, RequestDecisionService]:
    first = kind(desk.store, clock, desk.ids, lambda: None, EVERYTHING)
    return first, kind(other, clock, FakeIds(), lambda: None, EVERYTHING)


def test_one_wins_and_the_other_sees_actor_and_time(
    desk: Desk, other_store: SqlStore, clock: FakeClock
) -> None:
    first, second = two_desks(desk, other_store, clock, RequestDecisionService)
    for n in range(1, ROUNDS + 1):
        desk.sell(n)
        kind = RequestKind.REFUND if n % 2 else RequestKind.EXCHANGE
        requested = desk.ask(n * 10, kind)
        results = race(
            [
                lambda requested=requested: first.decide(
                    Actor.seller(SELLER), requested.id, Decision.APPROVE
                ),
                lambda requested=requested: second.decide(
                    Actor.seller(SELLER), requested.id, Decision.REJECT, "아니요"
                ),
            ]
        )
        (won,) = (one for one in results if isinstance(one, Request))
        (lost,) = (one for one in results if isinstance(one, UserError))
        assert lost.code is ErrorCode.REQUEST_DONE
        assert lost.parameters == {"who": "seller:7", "when": clock.now().isoformat()}
        assert desk.request(requested.id) == won
        approved = won.state is RequestState.OK
        assert len(desk.refunds(n * 10)) == (approved and kind is RequestKind.REFUND)
        assert desk.stock_of(n * 10) == STOCK - 2 * (approved and kind is RequestKind.EXCHANGE)
    decided = [
        f
        for f, _ in desk.facts()
        if f in (LedgerEvent.REQUEST_APPROVED, LedgerEvent.REQUEST_REJECTED)
    ]
    assert len(decided) == ROUNDS


def without_guards(desk: Desk, other: SqlStore, clock: FakeClock) -> list[Request | UserError]:
    desk.sell(1)
    requested = desk.ask(10, RequestKind.EXCHANGE)
    first, second = two_desks(desk, other, clock, Unguarded)
    Unguarded.seen = requested
    return race(
        [
            lambda: first.decide(Actor.seller(SELLER), requested.id, Decision.APPROVE),
            lambda: second.decide(Actor.seller(SELLER), requested.id, Decision.REJECT, "아니요"),
        ]
    )


def test_the_twin_without_guards_shows_the_race(
    desk: Desk, other_store: SqlStore, clock: FakeClock, database: Path
) -> None:
    """Both believe that they decided it: goods leave for a request that is rejected, or the
    other way round."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER requests_once")
    results = without_guards(desk, other_store, clock)
    assert all(isinstance(one, Request) for one in results)
    facts = {fact for fact, _ in desk.facts()}
    assert {LedgerEvent.REQUEST_APPROVED, LedgerEvent.REQUEST_REJECTED} <= facts


def test_the_database_alone_stops_the_twin(
    desk: Desk, other_store: SqlStore, clock: FakeClock
) -> None:
    with pytest.raises(Exception, match="a request is decided once"):
        without_guards(desk, other_store, clock)
    decided = [
        f
        for f, _ in desk.facts()
        if f in (LedgerEvent.REQUEST_APPROVED, LedgerEvent.REQUEST_REJECTED)
    ]
    assert len(decided) == 1
