"""Connections to the shop's database file, and engines that hand them out.

Every connection that SQLAlchemy or this room uses is made by ``connect``: WAL, synchronous=FULL
(a commit is on the disk when it returns), foreign keys, five seconds of patience. sqlite3's own
handling of transactions is switched off (``isolation_level=None``, the same from Python 3.11 to
3.13 and beyond), so that ``BEGIN IMMEDIATE`` means what it says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.faults import KEEP_AFTER, problem_of, sqlite_faults

BUSY_SECONDS = 5

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables came with 3.37 (https://sqlite.org/stricttables.html), RETURNING with 3.35.

The WAL-reset bug (https://sqlite.org/wal.html#walresetbug: 3.7.0 to 3.51.2, two connections that
write or checkpoint in the same instant) is no reason to refuse nearly every SQLite in use: one
running instance a database and one writing connection in it leave nobody to race with, and whoever
else opens the file (backup, ledger check) does so read-only.
"""

JOURNAL_LIMIT = 16 * 2**20
"""Bytes that the -wal file may keep after a checkpoint: a bulk import must not leave it huge."""


def refuse_old_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Refuse a SQLite library that cannot hold our schema.

    Raises:
        EnvironmentProblem: ``SQLITE_TOO_OLD``, with both versions.
    """
    if version < OLDEST_SQLITE:
        have, need = (".".join(map(str, v)) for v in (version, OLDEST_SQLITE))
        raise EnvironmentProblem(EnvironmentCode.SQLITE_TOO_OLD, f"{have} < {need}")


def connect(path: Path, *, reading: bool = False) -> sqlite3.Connection:
    """Open an existing database file; never makes one.

    Args:
        path: the file.
        reading: refuse every write on this connection.

    Raises:
        sqlite3.Error: whatever is wrong with the file.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = FULL")
        if reading:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT}").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def connect_apart(path: Path) -> sqlite3.Connection:
    """Open a database file from beside the program that may be running: strictly read-only.

    A file on read-only ground is opened as well: without a -wal file of its own it is whole as it
    stands, and is then read as a file that nobody changes.

    Raises:
        sqlite3.Error: whatever is wrong with the file.
    """
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(
        f"{uri}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        journal = path.with_name(path.name + "-wal")
        if not path.is_file() or (journal.exists() and journal.stat().st_size > 0):
            raise
        connection = sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
    except BaseException:
        connection.close()
        raise
    return connection


def _nobody(problem: EnvironmentProblem) -> None:
    """Nobody keeps count of problems."""


def make_engine(
    path: Path, *, reading: bool, told: Callable[[EnvironmentProblem], None] = _nobody
) -> Engine:
    """Return an engine over ``connect`` whose errors are already translated, and told.

    It pools nothing: ``SqlStore`` keeps the connections that it has, and closing one closes it.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, reading=reading),
        poolclass=NullPool,
        query_cache_size=500,
    )
    translate_errors(engine, path, reading=reading, told=told)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def translate_errors(
    engine: Engine,
    path: Path,
    *,
    reading: bool = False,
    told: Callable[[EnvironmentProblem], None] = _nobody,
) -> None:
    """Let an engine raise ``EnvironmentProblem`` at every statement, fetch and commit, and close
    the connection after an error of the disk (``KEEP_AFTER`` says why).

    Raises (from the engine, later):
        RuntimeError: something was written in a reading unit of work.
    """

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> None:
        error = context.original_exception
        problem = problem_of(error, path.name)
        if problem is None:
            return
        # The plain code is query_only's; a disk that is read-only says which file and why.
        if reading and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY:
            raise RuntimeError("a reading unit of work writes nothing") from error
        told(problem)
        context.is_disconnect = problem.code not in KEEP_AFTER
        raise problem from error


def quick_check(path: Path) -> None:
    """Look through the whole file for damage; takes about a second for each gigabyte.

    Raises:
        EnvironmentProblem: ``DATABASE_CORRUPT`` with what SQLite found first, or why the file
            cannot be read.
    """
    with sqlite_faults(path.name):
        connection = connect_apart(path)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    if found is None or found[0] != "ok":
        detail = "no answer" if found is None else str(found[0])
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, f"{path.name}: {detail}")
