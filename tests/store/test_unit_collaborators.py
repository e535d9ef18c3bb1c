"""A unit of work needs a connection and its collaborators, and nothing of the store of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.seals import SealKey
from posapp.store.search_index import Fts5SearchIndex
from posapp.store.unit_of_work import SqlUnitOfWork
from tests.store.records import NOW, attempt, entry, order, payment, refund, user

KEY = SealKey(bytes(range(32)))


@pytest.fixture
def connection(database: Path) -> Iterator[Connection]:
    """A connection of a plain engine."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connected:
        yield connected
    engine.dispose()


def test_a_second_kind_of_unit_is_made_of_the_same_repositories(connection: Connection) -> None:
    commits: list[int] = []
    unit = SqlUnitOfWork(
        connection,
        Fts5SearchIndex(connection),
        guard_attempt=lambda: None,
        committed=lambda: commits.append(1),
        seal_key=KEY,
    )
    unit.catalogue.add_users([user(1)])
    unit.catalogue.add_orders([order(1)])
    unit.attempts.add(attempt())
    unit.payments.add(payment())
    intent = unit.refunds.add(refund())
    unit.outbox.enqueue(intent, NOW)
    row = unit.ledger.append(entry())
    assert commits == []
    unit.commit()
    assert commits == [1]
    seals = connection.exec_driver_sql("SELECT seq, key_id, seal FROM ledger_seals").all()
    assert seals == [(1, KEY.id, KEY.seal(1, row.hash))]
    connection.rollback()
    assert unit.refunds.get(intent.id) == intent


def test_the_guard_forbids_attempts_and_nothing_else(connection: Connection) -> None:
    def refuse() -> None:
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, "full")

    unit = SqlUnitOfWork(connection, Fts5SearchIndex(connection), guard_attempt=refuse)
    with pytest.raises(EnvironmentProblem):
        unit.attempts.add(attempt())
    unit.payments.add(payment())
    unit.refunds.add(refund())
    assert unit.ledger.append(entry()).seq == 1
    assert unit.attempts.newest(9) == ()
    assert connection.exec_driver_sql("SELECT count(*) FROM ledger_seals").scalar_one() == 0
