"""Connections to the shop's database file, and engines that provide them.

``connect`` makes every connection that SQLAlchemy or this package uses: WAL, synchronous=FULL
(a commit is on the disk when it returns), foreign keys, a busy timeout of five seconds. sqlite3's
own transaction handling is switched off (``isolation_level=None``, the same from Python 3.11 to
3.13 and beyond), so that ``BEGIN IMMEDIATE`` takes effect as written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.sqlite_errors import (
    KEEP_CONNECTION_AFTER,
    to_environment_problem,
    translate_driver_errors,
)

BUSY_SECONDS = 5

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables need 3.37 (https://sqlite.org/stricttables.html), RETURNING needs 3.35.

The WAL-reset bug (https://sqlite.org/wal.html#walresetbug: 3.7.0 to 3.51.2, two connections that
write or checkpoint in the same instant) does not justify refusing nearly every SQLite in use: one
running instance per database and its one writing connection exclude the race, and every other
access (backup, ledger check) is read-only.
"""

JOURNAL_LIMIT = 16 * 2**20
"""Maximum size in bytes of the -wal file after a checkpoint, e.g. after a bulk import."""


def refuse_old_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Refuse a SQLite library that does not support our schema.

    Raises:
        EnvironmentProblem: ``SQLITE_TOO_OLD``, with both versions.
    """
    if version < OLDEST_SQLITE:
        have, need = (".".join(map(str, v)) for v in (version, OLDEST_SQLITE))
        raise EnvironmentProblem(EnvironmentCode.SQLITE_TOO_OLD, f"{have} < {need}")


def connect(path: Path, *, reading: bool = False) -> sqlite3.Connection:
    """Open an existing database file; never creates one.

    Args:
        path: the file.
        reading: refuse every write on this connection.

    Raises:
        EnvironmentProblem: ``DATABASE_PLACE``: the file system has no WAL.
        sqlite3.Error: any problem with the file.
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
            use_wal(connection, path)
            connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT}").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def use_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Switch to WAL, and believe it from SQLite's answer only.

    Raises:
        EnvironmentProblem: ``DATABASE_PLACE``: the file system has no WAL. With another journal,
            readers would stop the till, and on a network drive its locks are not kept either.
    """
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise EnvironmentProblem(EnvironmentCode.DATABASE_PLACE, f"{path}: journal_mode {mode}")


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a database file strictly read-only, also while the program runs.

    A file on a read-only disk can be opened too: without a -wal file it is complete, and is read
    as immutable.

    Raises:
        sqlite3.Error: any problem with the file.
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
    """Default for ``on_problem``: do nothing."""


def make_engine(
    path: Path, *, reading: bool, on_problem: Callable[[EnvironmentProblem], None] = _nobody
) -> Engine:
    """Return an engine over ``connect`` that translates its errors and passes them to
    ``on_problem``.

    It pools nothing: ``SqlStore`` keeps its connections, and closing one closes it.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, reading=reading),
        poolclass=NullPool,
        query_cache_size=500,
    )
    translate_errors(engine, path, reading=reading, on_problem=on_problem)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def translate_errors(
    engine: Engine,
    path: Path,
    *,
    reading: bool = False,
    on_problem: Callable[[EnvironmentProblem], None] = _nobody,
) -> None:
    """Make an engine raise ``EnvironmentProblem`` at every statement, fetch and commit, and close
    the connection after a disk error (``KEEP_CONNECTION_AFTER`` gives the reason).

    Raises (from the engine, later):
        RuntimeError: a write in a reading unit of work.
    """

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> None:
        error = context.original_exception
        problem = to_environment_problem(error, path.name)
        if problem is None:
            return
        # The plain code is query_only's; a read-only disk has an extended code.
        if reading and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY:
            raise RuntimeError("a reading unit of work writes nothing") from error
        on_problem(problem)
        context.is_disconnect = problem.code not in KEEP_CONNECTION_AFTER
        raise problem from error


def quick_check(path: Path) -> None:
    """Check the whole file for damage; takes about a second per gigabyte.

    Raises:
        EnvironmentProblem: ``DATABASE_CORRUPT`` with SQLite's first finding, or the reason why
            the file cannot be read.
    """
    with translate_driver_errors(path.name):
        connection = connect_read_only(path)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    if found is None or found[0] != "ok":
        detail = "no answer" if found is None else str(found[0])
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, f"{path.name}: {detail}")
