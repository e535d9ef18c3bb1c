"""The schema in SQLite, which runs today, and as SQLAlchemy writes it for PostgreSQL."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Dialect, Index, Integer, MetaData, Table, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from posapp.domain.money import Won
from posapp.store import tables
from posapp.store.columns import (
    BoolColumn,
    IntegerColumn,
    TimestampColumn,
    WonColumn,
)
from posapp.store.search_index import TEXT_INDICES
from posapp.store.tables import metadata, partial_index
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, paid, payment, refund

SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()


def condition_of(index: Index, dialect: Dialect) -> str:
    """The condition after WHERE in the index's definition, or an empty text."""
    definition = str(CreateIndex(index).compile(dialect=dialect))
    return " ".join(definition.partition(" WHERE ")[2].split())


def indices() -> list[Index]:
    return [index for table in metadata.sorted_tables for index in table.indexes]


def test_a_partial_index_has_the_same_condition_in_every_database(fresh_file: Path) -> None:
    with closing(sqlite3.connect(fresh_file)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
    in_file = {name: " ".join(sql.partition(" WHERE ")[2].split()) for name, sql in rows}
    assert {str(index.name): condition_of(index, POSTGRESQL) for index in indices()} == in_file
    assert {str(index.name): condition_of(index, SQLITE) for index in indices()} == in_file
    partial = {name for name, condition in in_file.items() if condition}
    assert {"uq_attempts_live", "uq_refunds_in_flight", "uq_requests_waiting"} <= partial


def test_an_index_with_the_condition_of_one_database_is_full_in_the_other() -> None:
    """The purpose of ``partial_index``."""
    table = Table("a", MetaData(), Column("b", WonColumn))
    forgotten = Index("uq_a", table.c.b, unique=True, sqlite_where=text("b > 0"))
    assert [condition_of(forgotten, one) for one in (SQLITE, POSTGRESQL)] == ["b > 0", ""]
    index = partial_index("i", "b", where=text("b > 0"))
    Table("a", MetaData(), Column("b", WonColumn), index)
    assert [condition_of(index, one) for one in (SQLITE, POSTGRESQL)] == ["b > 0", "b > 0"]
    assert not index.unique


def type_of(column: Column[object], dialect: Dialect) -> str:
    return column.type.compile(dialect=dialect)


def test_numbers_have_64_bits_in_every_database() -> None:
    """Won, microseconds, ids and counts; a flag alone may be smaller."""
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    types = {
        (type_of(column, SQLITE), type_of(column, POSTGRESQL))
        for column in columns
        if not isinstance(column.type, BoolColumn)
    }
    assert types == {("INTEGER", "BIGINT"), ("TEXT", "TEXT"), ("BLOB", "BYTEA")}
    flags = [column for column in columns if isinstance(column.type, BoolColumn)]
    assert {type_of(column, SQLITE) for column in flags} == {"INTEGER"}
    names = {"active", "is_open", "has_cancelled", "sandbox", "approval_needed", "offline"}
    names |= {
        "cash_receipt_issued",
        "tracked",
        "counter",
        "favourite",
        "may_be_out",
        "by_hand",
        "cancel_wanted",
    }
    assert {column.name for column in flags} == names


def test_a_plain_integer_would_have_32_bits() -> None:
    assert type_of(Column("id", Integer), POSTGRESQL) == "INTEGER"


@pytest.mark.parametrize("kind", [IntegerColumn, WonColumn, TimestampColumn])
def test_a_cast_keeps_64_bits(kind: type[IntegerColumn | WonColumn | TimestampColumn]) -> None:
    (total,) = select(tables.refunds.c.amount.cast(kind)).selected_columns
    assert "AS BIGINT" in str(total.compile(dialect=POSTGRESQL))
    assert "AS INTEGER" in str(total.compile(dialect=SQLITE))


def test_the_totals_of_the_outbox_and_its_moved_times_are_beyond_32_bits(store: SqlStore) -> None:
    amount = Won(10**12)
    paid(store, *(payment(f"imp_{n}", n, amount=amount) for n in (1, 2, 3)))
    with store.transaction() as uow:
        for n in (1, 2, 3):
            new = uow.refunds.add(refund(f"[RF-{n}]", f"imp_{n}", item_id=n, amount=amount))
            uow.outbox.enqueue(new, NOW)
        assert uow.outbox.pending_totals().amount == 3 * 10**12
        assert uow.outbox.shift_times(timedelta(days=365)) == 3
        assert uow.outbox.next_due() == NOW + timedelta(days=365)


@pytest.mark.parametrize(("database", "has_index"), [("sqlite", True), ("postgresql", False)])
def test_the_text_index_of_sqlite_is_made_in_sqlite_alone(database: str, has_index: bool) -> None:
    connection = NotingConnection({"sqlite": SQLITE, "postgresql": POSTGRESQL}[database])
    metadata.dispatch.after_create(metadata, connection)
    assert connection.statements == list(TEXT_INDICES) * has_index


@dataclass
class NotingConnection:
    """Notes the statements of its driver."""

    dialect: Dialect
    statements: list[str] = field(default_factory=list)

    def exec_driver_sql(self, statement: str) -> None:
        self.statements.append(statement)
