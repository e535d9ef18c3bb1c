"""Whose database a file is: the till's code, in a file of any schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.engine import connect_apart
from posapp.store.faults import sqlite_faults
from posapp.store.intent_journal import FileIntentJournal, journal_path


def till_in(path: Path) -> str:
    """Return the code of the till whose database a file is; empty where its schema has none yet.

    Raises:
        EnvironmentProblem: the file cannot be read, or is damaged.
    """
    with sqlite_faults(path.name), closing(connect_apart(path)) as connection:
        try:
            rows = connection.execute("SELECT code FROM till").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            return ""
    return str(rows[0][0]) if rows else ""


def till_here(database: Path) -> str:
    """Return the code of the till that a place belongs to: its database's, or its journal's where
    the database is missing or cannot be read; empty where neither tells.

    Raises:
        EnvironmentProblem: the journal cannot be read.
    """
    try:
        code = till_in(database) if database.exists() else ""
    except EnvironmentProblem:
        code = ""
    return code or FileIntentJournal(journal_path(database)).till()


def hold_till(journal: FileIntentJournal, code: str) -> None:
    """Mark a journal with the till of its database, or refuse the pair.

    Raises:
        EnvironmentProblem: ``DATABASE_OTHER_TILL``: the journal keeps another till's refunds;
            nothing was changed.
    """
    known = journal.till()
    if known == code:
        return
    if known:
        detail = f"{journal.path}: {known} ≠ {code}"
        raise EnvironmentProblem(EnvironmentCode.DATABASE_OTHER_TILL, detail)
    journal.add(till=code)
