"""Opening a shop's database: making a new one, or bringing an old one to today's schema.

The schema's version is read by plain SQL. Alembic, which costs a third of a second to import, is
imported only when a step is due.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.backup import backup_before_step
from posapp.store.engine import connect, connect_apart, refuse_old_sqlite, translate_errors
from posapp.store.faults import sqlite_faults
from posapp.store.lasting import sync
from posapp.store.replacing import finish_replacing, traces
from posapp.store.unit_of_work import SqlStore

HEAD = "0007"
"""The schema that this version of the program reads and writes."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where the migrations are, and the one that is reached at their end."""

    folder: Path
    head: str


OUR_STEPS = Steps(Path(__file__).parent / "migrations", HEAD)

_one_at_a_time = threading.Lock()
"""Alembic's ``op`` and ``context`` are of the whole process."""


def open_store(path: Path, steps: Steps = OUR_STEPS) -> SqlStore:
    """Open the database file, make it if there is none, and bring it to today's schema.

    A new file gets its name when it is whole: a file that is there but empty is damage and never
    taken for a new shop, nor is a missing one where copies or a -wal file tell of an older one. A
    file that was on its way into the database's place (``replacing``) is put there first. Before
    an old schema is changed, a copy is put among the backups and kept. The change is one
    transaction: whatever happens in the middle, the old schema stands.

    Raises:
        EnvironmentProblem: ``DATABASE_NEWER`` (made by a newer version; untouched), ``DATABASE_
            CORRUPT`` (no database of this program), ``SQLITE_TOO_OLD``, or what the disk says.
    """
    refuse_old_sqlite()
    with sqlite_faults(path.name):
        finish_replacing(path)
        if not path.exists():
            _refuse_over(traces(path), path)
            _make(path, steps)
        if not path.is_file():
            raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, f"{path.name}: no file")
        version = schema_version(path)
        if version != steps.head:
            if not version.isdecimal() or version > steps.head:
                raise EnvironmentProblem(
                    EnvironmentCode.DATABASE_NEWER,
                    f"{path.name}: schema {version} > {steps.head}",
                )
            backup_before_step(path, version)
            _walk(path, steps)
        _try_to_write(path)
    return SqlStore(path)


def schema_version(path: Path) -> str:
    """Return the number of the schema in a file.

    Raises:
        EnvironmentProblem: ``DATABASE_CORRUPT``: this is no database of this program.
        sqlite3.Error: the file cannot be read.
    """
    with closing(connect_apart(path)) as connection:
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


def _try_to_write(path: Path) -> None:
    """What is wrong is said now, not at a sale."""
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        # All that SQLite says where it cannot make a -wal file is that it cannot open.
        cannot_open = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN
        if cannot_open and path.is_file() and not os.access(path.parent, os.W_OK):
            detail = f"{path.parent}: {error}"
            raise EnvironmentProblem(EnvironmentCode.READ_ONLY, detail) from error
        raise


def _refuse_over(found: tuple[str, ...], path: Path) -> None:
    if found:
        raise EnvironmentProblem(
            EnvironmentCode.DATABASE_CORRUPT, f"{path}: missing; there are {', '.join(found)}"
        )


def _make(path: Path, steps: Steps) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _walk(new, steps)
        _bring_home(new)
        try:
            os.link(new, path)
        except FileExistsError:
            return  # somebody else made it meanwhile: theirs is the shop's
        except OSError:  # a file system without links
            new.rename(path)
        sync(path.parent)
    finally:
        for end in ("-wal", "-shm", "-journal", ""):
            new.with_name(new.name + end).unlink(missing_ok=True)


def _bring_home(path: Path) -> None:
    """Have all of a database in its one file: closing it says nothing if the disk refuses that, and
    the -wal file does not get the new name."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != "delete":
        raise EnvironmentProblem(EnvironmentCode.DATABASE_IO, f"{path.name}: its journal is {mode}")


def _walk(path: Path, steps: Steps) -> None:
    """Take every step that is missing, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(steps.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    dbapi = connect(path)
    engine = create_engine("sqlite://", creator=lambda: dbapi, poolclass=StaticPool)
    translate_errors(engine, path)
    try:
        dbapi.execute("PRAGMA foreign_keys = OFF")  # a table may be rebuilt on the way
        with _one_at_a_time, engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, steps.head)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, f"{path.name}: {broken}")
            connection.commit()
    finally:
        engine.dispose()
        dbapi.close()
