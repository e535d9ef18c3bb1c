"""The quick look at a ledger's end, at every start: as strict as the whole one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.ledger import ChainBreak
from posapp.store.engine import connect
from posapp.store.files.ledger_check import check_end
from posapp.store.unit_of_work import SqlStore
from tests.store.records import entry


@pytest.fixture
def ledger(store: SqlStore, database: Path) -> Path:
    with store.transaction() as uow:
        for n in range(1, 6):
            uow.ledger.append(entry(n))
        uow.commit()
    return database


def tampered(path: Path, *statements: str) -> ChainBreak | int:
    """The quick check's result after a write with the triggers removed."""
    with closing(connect(path)) as connection:
        triggers = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'ledger%'"
        ).fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    return check_end(path)


def test_valid_tail_counts_its_rows(ledger: Path) -> None:
    assert check_end(ledger) == 5


def test_a_changed_row_is_named(ledger: Path) -> None:
    found = tampered(ledger, "UPDATE ledger SET amount = 1 WHERE seq = 3")
    assert found == ChainBreak(3, "changed")


def test_a_broken_link_is_named(ledger: Path) -> None:
    found = tampered(ledger, "UPDATE ledger SET previous = hash WHERE seq = 4")
    assert found == ChainBreak(4, "broken_link")


def test_a_cut_tail_is_named(ledger: Path) -> None:
    found = tampered(ledger, "DELETE FROM ledger WHERE seq > 3")
    assert found == ChainBreak(3, "head_changed")


def test_a_form_that_does_not_exist_is_a_changed_row(ledger: Path) -> None:
    found = tampered(
        ledger, "PRAGMA ignore_check_constraints = ON", "UPDATE ledger SET form = 9 WHERE seq = 3"
    )
    assert found == ChainBreak(3, "changed")
