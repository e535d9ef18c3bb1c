"""Changing what a table allows: SQLite changes no CHECK in place, so that the same rows move to a
new table of the old name."""

from __future__ import annotations

import re

from alembic import op

_ATTACHED = """
SELECT type, name, sql FROM sqlite_schema
WHERE sql IS NOT NULL AND type IN ('index', 'trigger') ORDER BY type, name
"""


def rebuild(table: str, *changes: tuple[str, str]) -> None:
    """Move a table's rows into one whose definition is changed, in the transaction that is open.
    Its indices, and every trigger that names it, are as they were afterwards.

    Args:
        changes: a pattern, which the definition has once, and what takes its place.

    Raises:
        ValueError: the definition has no such part, or has it more than once.
    """
    connection = op.get_bind()
    definition = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
    ).scalar_one()
    for pattern, replacement in changes:
        definition, times = re.subn(pattern, replacement, definition)
        if times != 1:
            raise ValueError(f"{table}: {pattern} is there {times} times")
    word = re.compile(rf"\b{re.escape(table)}\b")
    attached = [
        (kind, name, sql)
        for kind, name, sql in connection.exec_driver_sql(_ATTACHED).fetchall()
        if word.search(sql)
    ]
    # They go first: they would follow the old table under its new name.
    for kind, name, _ in attached:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.exec_driver_sql(definition)
    connection.exec_driver_sql(
        f"INSERT INTO {table} SELECT * FROM {table}_before ORDER BY rowid"  # noqa: S608
    )
    connection.exec_driver_sql(f"DROP TABLE {table}_before")
    for _, _, sql in attached:
        connection.exec_driver_sql(sql)
