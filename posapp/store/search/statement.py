"""Statements of plain SQL, and how they are run.

Plain SQL, because it fixes the query plan: a statement names its index, and SQLite refuses to run
it if that index cannot be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters, in the order of its question marks."""

    sql: str
    values: tuple[object, ...]


Condition = tuple[str, tuple[object, ...]]
"""A condition on a row, and its parameters."""


def run(connection: Connection, statement: Statement) -> Sequence[Sequence[object]]:
    """Return all rows of a statement, as SQLite has them."""
    return connection.exec_driver_sql(statement.sql, statement.values).all()


def numbers(connection: Connection, statement: Statement) -> list[int]:
    """Return the first column of all rows, of whole numbers."""
    return [int(str(row[0])) for row in run(connection, statement)]
