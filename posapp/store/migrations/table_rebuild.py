"""Rebuild of a table: SQLite cannot change a CHECK in place, so the rows move to a new table of the
same name."""

from __future__ import annotations

import re

from alembic import op

_ATTACHED = """
SELECT type, name, sql FROM sqlite_schema
WHERE sql IS NOT NULL AND type IN ('index', 'trigger') ORDER BY type, name
"""


def rebuild(table: str, *changes: tuple[str, str]) -> None:
    """Move a table's rows into a changed definition, in the open transaction. Its indices and all
    triggers that name it are kept.

    Args:
        changes: a pattern that occurs once in the definition, and its replacement.

    Raises:
        ValueError: a pattern does not occur, or occurs more than once.
    """
    connection = op.get_bind()
    definition = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
    ).scalar_one()
    for pattern, replacement in changes:
        definition, times = re.subn(pattern, replacement, definition)
        if times != 1:
            raise ValueError(f"{table}: {pattern} is there {times} times")
    name_pattern = re.compile(rf"\b{re.escape(table)}\b")
    attached = [
        (kind, name, sql)
        for kind, name, sql in connection.exec_driver_sql(_ATTACHED).fetchall()
        if name_pattern.search(sql)
    ]
    # They are dropped first: else they would follow the old table under its new name.
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
