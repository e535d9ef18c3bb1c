"""Opens a shop's database: creates a new one, or migrates an old one to the current schema.

The schema version is read by plain SQL. Alembic takes a third of a second to import and is imported
only for a migration.
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
from posapp.store.engine import connect, refuse_old_sqlite, translate_errors
from posapp.store.files.atomic_replace import finish_replacing, remains_of
from posapp.store.files.backup import backup_before_step
from posapp.store.files.fsync import fsync_path
from posapp.store.schema import SCHEMA_VERSION, schema_version
from posapp.store.sqlite_errors import translate_driver_errors
from posapp.store.unit_of_work import SqlStore


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Folder of the migrations, and the version of the last one."""

    folder: Path
    head: str


OUR_STEPS = MigrationPlan(Path(__file__).parent / "migrations", SCHEMA_VERSION)

_one_at_a_time = threading.Lock()
"""Alembic's ``op`` and ``context`` are global to the process."""


def open_store(path: Path, steps: MigrationPlan = OUR_STEPS) -> SqlStore:
    """Open the database file, create it if it does not exist, and migrate it to the current schema.

    A new file gets its name when it is complete. An empty file is therefore damage, not a new shop,
    and so is a missing one if backups or a -wal file show that one existed. An interrupted
    replacement (``atomic_replace``) is finished first. Before a migration, a backup is made and
    kept. The migration is one transaction: after a failure the old schema is unchanged.

    Raises:
        EnvironmentProblem: ``DATABASE_NEWER`` (made by a newer version; untouched),
            ``DATABASE_CORRUPT`` (no database of this program), ``SQLITE_TOO_OLD``, or a disk error.
    """
    refuse_old_sqlite()
    with translate_driver_errors(path.name):
        finish_replacing(path)
        if not path.exists():
            _refuse_if_remains(remains_of(path), path)
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
            _migrate(path, steps)
        _try_to_write(path)
    return SqlStore(path)


def _try_to_write(path: Path) -> None:
    """Report a write problem now instead of at a sale."""
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        # Where SQLite cannot create a -wal file, its only error is that it cannot open.
        cannot_open = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN
        if cannot_open and path.is_file() and not os.access(path.parent, os.W_OK):
            detail = f"{path.parent}: {error}"
            raise EnvironmentProblem(EnvironmentCode.READ_ONLY, detail) from error
        raise


def _refuse_if_remains(found: tuple[str, ...], path: Path) -> None:
    if found:
        raise EnvironmentProblem(
            EnvironmentCode.DATABASE_CORRUPT, f"{path}: missing; there are {', '.join(found)}"
        )


def _make(path: Path, steps: MigrationPlan) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _migrate(new, steps)
        _checkpoint_into_file(new)
        try:
            os.link(new, path)
        except FileExistsError:
            return  # created by another process meanwhile: that file is the shop's
        except OSError:  # a file system without links
            new.rename(path)
        fsync_path(path.parent)
    finally:
        for end in ("-wal", "-shm", "-journal", ""):
            new.with_name(new.name + end).unlink(missing_ok=True)


def _checkpoint_into_file(path: Path) -> None:
    """Checkpoint the WAL into the main file: ``close()`` does not report a failure, and the -wal
    file is not renamed with the database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    if mode != "delete":
        raise EnvironmentProblem(EnvironmentCode.DATABASE_IO, f"{path.name}: its journal is {mode}")


def _migrate(path: Path, steps: MigrationPlan) -> None:
    """Run all missing migrations in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(steps.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    dbapi = connect(path)
    engine = create_engine("sqlite://", creator=lambda: dbapi, poolclass=StaticPool)
    translate_errors(engine, path)
    try:
        dbapi.execute("PRAGMA foreign_keys = OFF")  # a migration may rebuild a table
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
