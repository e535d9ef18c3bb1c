"""Names of the constraints, indices and triggers that a refused statement violates.

Repositories compare these names only. Drivers report violations differently: psycopg by name,
sqlite3 by columns or by message, so SQLite's are looked up in the definitions of the tables and
triggers. A key without a name there has the name that PostgreSQL gives it (``users_pkey``,
``payments_imp_uid_key``).
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import CheckConstraint, Constraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from posapp.store.tables import metadata
from posapp.store.triggers import REFUSALS


def violated_name(error: IntegrityError) -> str | None:
    """Return the name of what a statement violates; ``None`` if it has none (a foreign key, NOT
    NULL, a column's type) or is not of our schema."""
    if isinstance(error.orig, sqlite3.IntegrityError):
        return _violated_in_sqlite(error.orig)
    return None


def primary_key_name(table: Table) -> str:
    """Return the name of a table's primary key."""
    return _key_name(table, table.primary_key)


def unique_names(table: Table) -> dict[tuple[str, ...], str]:
    """Return the names of a table's keys and unique indices by their columns.

    Raises:
        ValueError: two of them have the same columns, and SQLite could not tell which is violated.
    """
    named = [
        (tuple(column.name for column in key.columns), _key_name(table, key))
        for key in table.constraints
        if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)
    ]
    named += [
        (tuple(column.name for column in index.columns), str(index.name))
        for index in table.indexes
        if index.unique
    ]
    names = dict(named)
    if len(names) != len(named):
        raise ValueError(f"{table.name}: two unique indices of the same columns")
    return names


def check_names(table: Table) -> frozenset[str]:
    """Return the names of a table's CHECK constraints."""
    places = (table.constraints, *(column.constraints for column in table.columns))
    return frozenset(
        str(check.name)
        for constraints in places
        for check in constraints
        if isinstance(check, CheckConstraint)
    )


def _violated_in_sqlite(error: sqlite3.IntegrityError) -> str | None:
    """Return the violated name by SQLite's result code (https://sqlite.org/rescode.html) and
    message: columns of a unique index, name of a CHECK, text of a trigger."""
    _, _, subject = str(error).partition("constraint failed: ")
    match error.sqlite_errorcode:
        case sqlite3.SQLITE_CONSTRAINT_UNIQUE | sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
            places = [place.partition(".") for place in subject.split(", ")]
            table = metadata.tables.get(places[0][0])
            columns = tuple(column for _, _, column in places)
            return None if table is None else unique_names(table).get(columns)
        case sqlite3.SQLITE_CONSTRAINT_CHECK:
            known = frozenset().union(*map(check_names, metadata.tables.values()))
            return subject if subject in known else None
        case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
            return REFUSALS.get(str(error))
    return None


def _key_name(table: Table, key: Constraint) -> str:
    if isinstance(key.name, str):
        return key.name
    if isinstance(key, UniqueConstraint):
        return "_".join((table.name, *(column.name for column in key.columns), "key"))
    return f"{table.name}_pkey"
