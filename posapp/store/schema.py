"""Schema version of this program and of a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.engine import connect_read_only

SCHEMA_VERSION = "0025"
"""The schema version that this program reads and writes."""


def schema_version(path: Path) -> str:
    """Return the schema version of a file.

    Raises:
        EnvironmentProblem: ``DATABASE_CORRUPT``: it is not a database of this program.
        sqlite3.Error: the file cannot be read.
    """
    with closing(connect_read_only(path)) as connection:
        try:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            rows = []
    if len(rows) != 1:
        raise EnvironmentProblem(
            EnvironmentCode.DATABASE_CORRUPT, f"{path.name}: not a database of this program"
        )
    return str(rows[0][0])
