"""Splits SQL scripts into statements that can run in our own transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import op


def run_sql_file(step: str) -> None:
    """Run the script beside a migration's file, in the open transaction."""
    connection = op.get_bind()
    for statement in statements(Path(step).with_suffix(".sql").read_text("utf-8")):
        connection.exec_driver_sql(statement)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; every one ends with a line that ends in ``;``.

    ``sqlite3.executescript`` does not suit a migration: it commits the open transaction first.

    Raises:
        ValueError: the script ends inside a statement.
    """
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise ValueError("the script ends inside a statement")
