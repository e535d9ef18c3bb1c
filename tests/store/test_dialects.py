"""The schema in SQLite, which runs today, and as SQLAlchemy writes it for PostgreSQL."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Column, Dialect, Index, MetaData, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from posapp.store.columns import WonColumn
from posapp.store.tables import metadata, partial_index

SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()


def condition_of(index: Index, dialect: Dialect) -> str:
    """What follows WHERE in the index's definition, or nothing."""
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
    """What ``partial_index`` is for."""
    table = Table("a", MetaData(), Column("b", WonColumn))
    forgotten = Index("uq_a", table.c.b, unique=True, sqlite_where=text("b > 0"))
    assert [condition_of(forgotten, one) for one in (SQLITE, POSTGRESQL)] == ["b > 0", ""]
    index = partial_index("i", "b", where=text("b > 0"))
    Table("a", MetaData(), Column("b", WonColumn), index)
    assert [condition_of(index, one) for one in (SQLITE, POSTGRESQL)] == ["b > 0", "b > 0"]
    assert not index.unique
