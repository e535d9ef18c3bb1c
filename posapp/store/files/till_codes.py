"""Code of the till that a database file belongs to, for any schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.engine import connect_read_only
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.sqlite_errors import translate_driver_errors


def till_code_in(path: Path) -> str:
    """Return the code of the till whose database a file is; empty if its schema has none yet.

    Raises:
        EnvironmentProblem: the file cannot be read, or is damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        try:
            rows = connection.execute("SELECT code FROM till").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            return ""
    return str(rows[0][0]) if rows else ""


def till_here(database: Path) -> str:
    """Return the code of the till at this path: from the database, or from the journal if the
    database is missing or unreadable; empty if neither has one.

    Raises:
        EnvironmentProblem: the journal cannot be read.
    """
    try:
        code = till_code_in(database) if database.exists() else ""
    except EnvironmentProblem:
        code = ""
    return code or FileIntentJournal(journal_path(database)).till()


def hold_till(journal: FileIntentJournal, code: str) -> None:
    """Record the till of the database in a journal, or refuse the pair.

    Raises:
        EnvironmentProblem: ``DATABASE_OTHER_TILL``: the journal holds another till's refunds;
            nothing was changed.
    """
    known = journal.till()
    if known == code:
        return
    if known:
        detail = f"{journal.path}: {known} ≠ {code}"
        raise EnvironmentProblem(EnvironmentCode.DATABASE_OTHER_TILL, detail)
    journal.add(till=code)
