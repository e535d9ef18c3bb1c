"""Cutting a script of SQL into statements, as a transaction of our own needs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import op


def run_beside(step: str) -> None:
    """Run the script that stands beside a step's file, in the transaction that is open."""
    connection = op.get_bind()
    for statement in statements(Path(step).with_suffix(".sql").read_text("utf-8")):
        connection.exec_driver_sql(statement)


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; every one ends with a line that ends in ``;``.

    ``sqlite3.executescript`` is no way to run a migration: it commits what is open first.

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
