"""``verify_ledger`` names the first wrong row after any change of the file outside the program."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.actors import PORTONE, Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.ledger import ChainBreak, LedgerEvent, link_entry
from posapp.domain.money import Won
from posapp.store.files import ledger_check
from posapp.store.files.ledger_check import check_end, verify_ledger
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.unit_of_work import SqlStore
from tests.store.records import append_as_before, entry, paid

ROWS = 12
Tamper = Callable[[sqlite3.Connection], object]


@pytest.fixture
def ledger(store: SqlStore, database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of twelve rows; the check reads it in pages of five."""
    monkeypatch.setattr(ledger_check, "PAGE", 5)
    with store.transaction() as uow:
        for n in range(1, ROWS + 1):
            uow.ledger.append(entry(n))
        uow.commit()
    store.close()
    return database


def tamper(path: Path, *actions: str | Tamper) -> None:
    """Change the file as an attacker with a SQLite shell: triggers and constraints are removed
    first."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for action in actions:
            if callable(action):
                action(connection)
            else:
                connection.execute(action)


def test_a_whole_chain_counts_its_rows(ledger: Path) -> None:
    assert verify_ledger(ledger) == ROWS


@pytest.mark.parametrize(
    "text",
    ["buyer:1", "person:김 사장: 저녁", "import", "staff:3", "seller:x", "person:", " a ", ""],
)
def test_the_text_of_an_actor_is_stored_as_it_is(
    store: SqlStore, database: Path, text: str
) -> None:
    with store.transaction() as uow:
        row = uow.ledger.append(entry(1, actor=Actor.parse(text)))
        uow.commit()
    with store.snapshot() as uow:
        assert uow.ledger.rows(0, 9) == (row,)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT actor FROM ledger").fetchone() == (text,)
    assert verify_ledger(database) == 1


def test_an_empty_chain_is_whole(database: Path) -> None:
    assert verify_ledger(database) == 0


def rehash_from_seven(connection: sqlite3.Connection) -> None:
    """Change row 7 and hash it again as the program would: row 8 then hangs in the air."""
    previous = connection.execute("SELECT hash FROM ledger WHERE seq = 6").fetchone()[0]
    row = link_entry(7, entry(7, reason="바꿈"), previous)
    connection.execute("UPDATE ledger SET reason = '바꿈', hash = ? WHERE seq = 7", (row.hash,))


def swap(connection: sqlite3.Connection) -> None:
    for old, new in ((4, -1), (5, 4), (-1, 5)):
        connection.execute("UPDATE ledger SET seq = ? WHERE seq = ?", (new, old))


@pytest.mark.parametrize(
    ("actions", "fault"),
    [
        (["UPDATE ledger SET amount = amount + 1 WHERE seq = 1"], ChainBreak(1, "changed")),
        (["UPDATE ledger SET reason = 'x' WHERE seq IN (6, 9)"], ChainBreak(6, "changed")),
        (["UPDATE ledger SET at = at + 1 WHERE seq = 12"], ChainBreak(12, "changed")),
        (["UPDATE ledger SET order_id = NULL WHERE seq = 5"], ChainBreak(5, "changed")),
        (["UPDATE ledger SET fact = 'REFUND_REFUSED' WHERE seq = 3"], ChainBreak(3, "changed")),
        (["UPDATE ledger SET fact = 'GIFT' WHERE seq = 3"], ChainBreak(3, "changed")),
        ([f"UPDATE ledger SET amount = {10**13} WHERE seq = 3"], ChainBreak(3, "changed")),
        ([f"UPDATE ledger SET at = {2**62} WHERE seq = 3"], ChainBreak(3, "changed")),
        (["UPDATE ledger SET hash = 'x' WHERE seq = 2"], ChainBreak(2, "changed")),
        (["UPDATE ledger SET previous = hash WHERE seq = 6"], ChainBreak(6, "broken_link")),
        ([rehash_from_seven], ChainBreak(8, "broken_link")),
        ([swap], ChainBreak(4, "broken_link")),
        (["DELETE FROM ledger WHERE seq = 1"], ChainBreak(1, "missing")),
        (["DELETE FROM ledger WHERE seq = 7"], ChainBreak(7, "missing")),
        (["DELETE FROM ledger WHERE seq = 12"], ChainBreak(12, "missing")),
        (["DELETE FROM ledger WHERE seq > 5"], ChainBreak(6, "missing")),
        (["DELETE FROM ledger"], ChainBreak(1, "missing")),
        (["UPDATE ledger SET seq = 99 WHERE seq = 12"], ChainBreak(12, "missing")),
        (["UPDATE ledger SET seq = -3 WHERE seq = 1"], ChainBreak(1, "missing")),
        (["UPDATE ledger_head SET seq = 11"], ChainBreak(12, "head_changed")),
        (["UPDATE ledger_head SET hash = 'x'"], ChainBreak(12, "head_changed")),
        (["DELETE FROM ledger_head"], ChainBreak(12, "head_changed")),
    ],
)
def test_fault_65_the_first_wrong_row_is_named(
    ledger: Path, actions: list[str | Tamper], fault: ChainBreak
) -> None:
    tamper(ledger, *actions)
    assert verify_ledger(ledger) == fault


def test_fault_65_rows_without_types_are_no_entries(ledger: Path) -> None:
    """The table itself replaced by one that takes anything."""
    tamper(
        ledger,
        "CREATE TABLE loose AS SELECT * FROM ledger",
        "DROP TABLE ledger",
        "ALTER TABLE loose RENAME TO ledger",
        "UPDATE ledger SET amount = 'much' WHERE seq = 4",
        "UPDATE ledger SET reason = x'ff' WHERE seq = 8",
    )
    assert verify_ledger(ledger) == ChainBreak(4, "changed")


def test_fault_65_sales_after_a_cut_leave_a_detectable_gap(ledger: Path) -> None:
    tamper(ledger, "DELETE FROM ledger WHERE seq > 10")
    store = open_store(ledger)
    with store.transaction() as uow:
        assert uow.ledger.append(entry(13)).seq == ROWS + 1
        uow.commit()
    store.close()
    assert verify_ledger(ledger) == ChainBreak(11, "missing")


def test_a_ledger_that_cannot_be_read_is_the_environments_problem(
    ledger: Path, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        verify_ledger(tmp_path / "none.db")
    assert problem.value.code is EnvironmentCode.FILE_UNREADABLE
    ledger.write_bytes(b"PK" * 9000)
    with pytest.raises(EnvironmentProblem) as problem:
        verify_ledger(ledger)
    assert problem.value.code is EnvironmentCode.DATABASE_CORRUPT


def test_every_kind_of_fact_has_its_place_in_the_chain(store: SqlStore, database: Path) -> None:
    with store.transaction() as uow:
        for n, fact in enumerate(LedgerEvent):
            uow.ledger.append(entry(n).__class__(fact, Won(-n), PORTONE, entry(n).at))
        uow.commit()
    assert verify_ledger(database) == len(LedgerEvent)


@pytest.mark.parametrize("change", ["provider = 'portone_v1'", "till = 2"])
def test_a_provider_or_till_written_into_an_older_row_is_found(tmp_path: Path, change: str) -> None:
    path = tmp_path / "shop.db"
    open_store(path, MigrationPlan(OUR_STEPS.folder, "0007")).close()
    append_as_before(path, [entry(n) for n in range(1, 4)])
    open_store(path).close()
    assert verify_ledger(path) == check_end(path) == 3
    tamper(path, f"UPDATE ledger SET {change} WHERE seq = 2")
    assert verify_ledger(path) == check_end(path) == ChainBreak(2, "changed")


@pytest.mark.parametrize("change", ["provider = ''", "provider = 'bank'", "till = 0", "till = 8"])
def test_a_changed_provider_or_till_is_found(store: SqlStore, database: Path, change: str) -> None:
    paid(store)
    store.till = 7
    with store.transaction() as uow:
        for n in range(1, 4):
            row = uow.ledger.append(entry(n, imp_uid="imp_1"))
            assert (row.entry.provider, row.entry.till) == ("portone_v1", 7)
        uow.commit()
    store.close()
    assert verify_ledger(database) == check_end(database) == 3
    tamper(database, f"UPDATE ledger SET {change} WHERE seq = 2")
    assert verify_ledger(database) == check_end(database) == ChainBreak(2, "changed")
