"""Two windows decide the same request: two connections, two threads, one file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import Fact
from posapp.domain.requests import Decision, Request, RequestKind, RequestState
from posapp.services.ports.store import UnitOfWork
from posapp.services.request_desk import RequestDesk
from posapp.store.opening import open_store
from posapp.store.unit_of_work import SqlStore
from tests.bounds import LONGEST_S
from tests.fakes.world import FakeClock, FakeIds
from tests.requests.desk import SELLER, STOCK, Desk

ROUNDS = 8


class Unguarded(RequestDesk):
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


def race(deeds: list[Callable[[], Request]]) -> list[Request | UserError]:
    start = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Request]) -> Request | UserError:
        start.wait(LONGEST_S)
        try:
            return deed()
        except UserError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def two_desks(
    desk: Desk, other: SqlStore, clock: FakeClock, kind: type[RequestDesk]
) -> tuple[RequestDesk, RequestDesk]:
    first = kind(desk.store, clock, desk.ids, lambda: None)
    return first, kind(other, clock, FakeIds(), lambda: None)


def test_one_wins_and_the_other_is_told_who_and_when(
    desk: Desk, other_store: SqlStore, clock: FakeClock
) -> None:
    first, second = two_desks(desk, other_store, clock, RequestDesk)
    for n in range(1, ROUNDS + 1):
        desk.sell(n)
        kind = RequestKind.REFUND if n % 2 else RequestKind.EXCHANGE
        asked = desk.ask(n * 10, kind)
        results = race(
            [
                lambda asked=asked: first.decide(SELLER, asked.id, Decision.APPROVE),
                lambda asked=asked: second.decide(SELLER, asked.id, Decision.REJECT, "아니요"),
            ]
        )
        (won,) = (one for one in results if isinstance(one, Request))
        (lost,) = (one for one in results if isinstance(one, UserError))
        assert lost.code is ErrorCode.REQUEST_DONE
        assert lost.parameters == {"who": "seller:7", "when": clock.now().isoformat()}
        assert desk.request(asked.id) == won
        approved = won.state is RequestState.OK
        assert len(desk.refunds(n * 10)) == (approved and kind is RequestKind.REFUND)
        assert desk.stock_of(n * 10) == STOCK - 2 * (approved and kind is RequestKind.EXCHANGE)
    decided = [f for f, _ in desk.facts() if f in (Fact.REQUEST_APPROVED, Fact.REQUEST_REJECTED)]
    assert len(decided) == ROUNDS


def without_guards(desk: Desk, other: SqlStore, clock: FakeClock) -> list[Request | UserError]:
    desk.sell(1)
    asked = desk.ask(10, RequestKind.EXCHANGE)
    first, second = two_desks(desk, other, clock, Unguarded)
    Unguarded.seen = asked
    return race(
        [
            lambda: first.decide(SELLER, asked.id, Decision.APPROVE),
            lambda: second.decide(SELLER, asked.id, Decision.REJECT, "아니요"),
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
    assert {Fact.REQUEST_APPROVED, Fact.REQUEST_REJECTED} <= facts


def test_the_database_alone_stops_the_twin(
    desk: Desk, other_store: SqlStore, clock: FakeClock
) -> None:
    with pytest.raises(Exception, match="a request is decided once"):
        without_guards(desk, other_store, clock)
    decided = [f for f, _ in desk.facts() if f in (Fact.REQUEST_APPROVED, Fact.REQUEST_REJECTED)]
    assert len(decided) == 1
