"""Units of work: all or nothing, one writer, readers that see one moment, and real threads."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.payments import AttemptState
from posapp.store import unit_of_work
from posapp.store.engine import connect
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.bounds import LONGEST_S
from tests.store.records import attempt, entry, order, paid, product, refund, user


def test_connections_have_the_documented_pragmas(store: SqlStore) -> None:
    with store.transaction() as writing, store.snapshot() as reading:
        for uow, query_only in ((writing, 0), (reading, 1)):
            dbapi = uow.connection.connection.dbapi_connection
            assert isinstance(dbapi, sqlite3.Connection)
            assert dbapi.isolation_level is None
            assert dbapi.in_transaction
            pragmas = {
                name: uow.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in (
                    "journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only"
                )
            }  # fmt: skip
            assert pragmas == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "busy_timeout": 5000,
                "query_only": query_only,
            }


def test_nothing_is_kept_without_commit_or_after_an_error(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1)])
    with pytest.raises(ZeroDivisionError), store.transaction() as uow:
        uow.catalogue.add_users([user(2)])
        raise ZeroDivisionError
    with store.transaction() as uow:
        uow.catalogue.add_users([user(3)])
        uow.commit()
        uow.catalogue.add_users([user(4)])  # a transaction of its own, never committed
    with store.snapshot() as uow:
        assert list(uow.catalogue.existing_users(range(9))) == [3]


def test_a_refused_statement_leaves_the_rest_of_its_unit(store: SqlStore) -> None:
    with store.transaction() as uow:
        kept = uow.attempts.add(attempt("M-1"))
        with pytest.raises(UserError) as refused:
            uow.attempts.add(attempt("M-2"))
        assert refused.value.code is ErrorCode.ATTEMPT_IN_PROGRESS
        uow.commit()
    with store.snapshot() as uow:
        assert uow.attempts.for_order(1) == (kept,)


def test_a_reading_unit_sees_one_moment(store: SqlStore) -> None:
    with store.snapshot() as before:
        assert before.people.get(1) is None
        with store.transaction() as uow:
            uow.catalogue.add_users([user(1)])
            uow.commit()
        assert before.people.get(1) is None
    with store.snapshot() as after:
        assert after.people.get(1) is not None


def test_writing_in_a_reading_unit_is_a_bug(store: SqlStore) -> None:
    with store.snapshot() as uow, pytest.raises(RuntimeError, match="writes nothing"):
        uow.catalogue.add_users([user(1)])
    with store.snapshot() as uow:
        assert uow.people.get(1) is None


def test_a_writing_unit_inside_another_is_a_bug_and_no_deadlock(store: SqlStore) -> None:
    with (
        store.transaction(),
        pytest.raises(RuntimeError, match="inside another"),
        store.transaction(),
    ):
        pass


def test_many_threads_lose_no_write(store: SqlStore) -> None:
    """Eight threads take one piece each, fifty times, and note it: the two stay together."""
    with store.transaction() as uow:
        uow.catalogue.add_products([product(1, stock=400)])
        uow.commit()

    def sell(thread: int) -> None:
        for n in range(50):
            with store.transaction() as uow:
                assert uow.orders.take_stock(1, 1)
                uow.ledger.append(entry(thread * 100 + n))
                uow.commit()
            with store.snapshot() as uow:
                left = uow.orders.product(1)
                assert left is not None
                # Both read in one unit: they are of one moment, whatever other units do.
                assert left.stock == 400 - len(uow.ledger.rows(0, 1000))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sell, range(8)))
    with store.snapshot() as uow:
        left = uow.orders.product(1)
        assert left is not None
        assert left.stock == 0
        assert [row.seq for row in uow.ledger.rows(0, 1000)] == list(range(1, 401))


def test_two_threads_want_a_live_attempt_of_one_order(store: SqlStore) -> None:
    both = threading.Barrier(2)

    def start(number: str) -> str:
        both.wait()
        try:
            with store.transaction() as uow:
                uow.attempts.add(attempt(number))
                uow.commit()
        except UserError as refused:
            return refused.code.value
        return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, ["M-1", "M-2"])) == ["attempt409_1", "ok"]


def test_waiting_for_the_lock_ends(
    store: SqlStore, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program, or another thread, holds the write lock: refused in time, and usable."""
    monkeypatch.setattr(unit_of_work, "BUSY_SECONDS", 0.01)
    with store.transaction() as uow:
        uow.connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    with closing(connect(database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentProblem) as problem, store.transaction():
            pass
        assert problem.value.code is EnvironmentCode.DATABASE_BUSY
        other.execute("ROLLBACK")
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with store.transaction():
            held.set()
            over.wait(LONGEST_S)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(LONGEST_S)
    for use in (lambda: store.transaction().__enter__(), store.close):
        with pytest.raises(EnvironmentProblem) as problem:
            use()
        assert problem.value.code is EnvironmentCode.DATABASE_BUSY
    over.set()
    thread.join()
    paid(store)


def test_closing_leaves_one_file_and_no_open_connection(store: SqlStore, database: Path) -> None:
    paid(store)
    with store.snapshot() as late:
        store.close()
        assert late.payments.get("imp_1") is not None
    assert [path.name for path in database.parent.iterdir()] == ["shop.db"]
    for unit in (store.transaction, store.snapshot):
        with pytest.raises(RuntimeError, match="closed"), unit():
            pass


def test_connections_are_kept_and_not_piled_up(store: SqlStore) -> None:
    made: list[object] = []
    original: Callable[..., object] = store._readers.connect

    def counting() -> object:
        made.append(1)
        return original()

    store._readers.connect = counting  # type: ignore[method-assign,assignment]

    def read(_: int) -> None:
        with store.snapshot() as uow:
            uow.people.get(1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(read, range(200)))
    assert 1 <= len(made) <= 4


WRITER = """
import sys, time
from pathlib import Path
from posapp.store.open_store import open_store
from tests.store.records import attempt, order, payment, refund, user
store = open_store(Path(sys.argv[1]))
with store.transaction() as uow:
    uow.catalogue.add_users([user(n) for n in range(2, 3000)])
    uow.payments.add(payment())
    uow.refunds.add(refund())
    if sys.argv[2] == "committed":
        uow.commit()
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("kept", ["committed", "open"])
def test_killed_in_the_middle_leaves_the_old_state(database: Path, kept: str) -> None:
    """SIGKILL inside a unit of work; what was committed before it, and only that, is there."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(database), kept],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    store = open_store(database)
    with store.snapshot() as uow:
        there = kept == "committed"
        assert (uow.payments.get("imp_1") is not None) is there
        assert len(uow.refunds.of_payment("imp_1")) == int(there)
        assert len(uow.catalogue.existing_users(range(1, 3001))) == (2998 if there else 0)
    store.close()


def test_states_are_written_in_one_unit_or_not_at_all(store: SqlStore) -> None:
    """A refund intent whose outbox entry cannot be written is no intent."""
    paid(store)
    with store.transaction() as uow:
        uow.catalogue.add_orders([order(1)])
        uow.attempts.add(attempt(state=AttemptState.PAID))
        uow.commit()
    with pytest.raises(Exception, match="UNIQUE"), store.transaction() as uow:
        intent = uow.refunds.add(refund())
        uow.outbox.enqueue(intent, intent.created_at)
        uow.outbox.enqueue(intent, intent.created_at)
        uow.commit()
    with store.snapshot() as uow:
        assert uow.refunds.of_payment("imp_1") == ()
        assert uow.outbox.waiting(5) == ()


def test_a_commit_that_sqlite_refuses_leaves_no_transaction_open(store: SqlStore) -> None:
    """SQLite keeps a transaction open whose COMMIT failed; it must not reach the next unit."""
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1)])
        uow.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        uow.connection.exec_driver_sql(
            "INSERT INTO order_items VALUES"
            " (1, 77, 1, 1, 1, '', 1, 1, 'WAITING_FOR_PAYMENT', '', 0, 0, NULL, 1, 0,"
            " 'TAXABLE', '', '', 0)"
        )
        with pytest.raises(IntegrityError):
            uow.commit()
    with store.transaction() as uow:
        uow.catalogue.add_users([user(2)])
        uow.commit()
    with store.snapshot() as uow:
        assert list(uow.catalogue.existing_users([1, 2])) == [2]
        assert uow.orders.item(1) is None
