"""Backups of the database: made by SQLite's backup API, checked, and named only when complete.

Sales may continue during a backup.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.backups import BackupFile
from posapp.store.columns import to_microseconds
from posapp.store.engine import connect_read_only
from posapp.store.files.fsync import fsync_path
from posapp.store.files.generation import MARK_BEHIND
from posapp.store.sqlite_errors import translate_driver_errors

SUFFIX = ".backup.db"
FOLDER = "backups"
"""Folder of all backups, beside the database."""

PAGES_A_STEP = 256
MARGIN = 64 * 2**20
"""Bytes that a backup leaves free: a full disk would stop the sales."""

MIGRATION_COPIES_KEPT = 3
"""Number per old schema: a migration that fails at every start must not fill the disk."""

_STAMP = re.compile(r"-(\d{8}T\d{6})Z(?:-\d+-[0-9a-f]{8})?" + re.escape(SUFFIX) + "$")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: path, size in bytes, and the time when it was made (UTC)."""

    path: Path
    size: int
    made_at: datetime


def backup_folder(database: Path) -> Path:
    """Return the folder of a database's backups; it may not exist."""
    return database.parent.joinpath(FOLDER)


def backup_name(database: Path, at: datetime) -> str:
    """Return the usual name of a backup made at ``at``; ``list_backups`` finds it by its suffix."""
    return f"{database.stem}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def backup(database: Path, to: Path) -> Backup:
    """Back up a database, in use or not, to the file ``to``; replaces an older file of that name.

    The backup is one file without a -wal, a snapshot of the moment when it began. It is renamed to
    ``to`` after SQLite's integrity check of it has passed and its bytes are on the disk; until then
    the older file is kept.

    Raises:
        EnvironmentProblem: the file cannot be read or written, ``DATABASE_CORRUPT``: the backup
            failed its check, or ``DATABASE_IN_USE``: ``to`` is the database. Nothing of the new
            backup is left then.
    """
    if to.exists() and database.exists() and to.samefile(database):
        raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, f"{to}: no copy over itself")
    partial = to.with_name(f".{to.name}.{os.getpid()}-{threading.get_ident()}.partial")
    with translate_driver_errors(to.name):
        try:
            partial.unlink(missing_ok=True)
            with closing(connect_read_only(database)) as source:
                _copy(source, partial)
            fsync_path(partial)
            partial.replace(to)
            fsync_path(to.parent)
        finally:
            partial.unlink(missing_ok=True)
            partial.with_name(partial.name + "-journal").unlink(missing_ok=True)
        return _described(to)


def backup_into(database: Path, folder: Path, at: datetime) -> Backup:
    """Back up a database into a folder. The name holds the usual parts and the end of the ledger:
    number and first digits of the hash of the last row. It is evidence against a later rewrite of
    the ledger, wherever the name was recorded.

    Raises:
        EnvironmentProblem: like ``backup``.
    """
    made = backup(database, folder.joinpath(backup_name(database, at)))
    with translate_driver_errors(made.path.name):
        with closing(connect_read_only(made.path)) as connection:
            seq, digest = connection.execute("SELECT seq, hash FROM ledger_head").fetchone()
        end = f"-{seq}-{str(digest)[:8]}{SUFFIX}"
        named = made.path.with_name(made.path.name.removesuffix(SUFFIX) + end)
        made.path.replace(named)
        fsync_path(folder)
        return _described(named)


def backup_before_step(database: Path, version: str) -> Backup:
    """Back up a database into its folder before its schema ``version`` is migrated.

    The last three of a schema are kept; the rotation does not remove them.

    Raises:
        EnvironmentProblem: like ``backup``.
    """
    folder = backup_folder(database)
    form = re.compile(rf"{re.escape(f'{database.stem}-schema-{version}')}-(\d+){re.escape(SUFFIX)}")
    with translate_driver_errors(folder.name):
        folder.mkdir(mode=0o700, exist_ok=True)
        numbers = sorted(
            int(found[1]) for path in folder.iterdir() if (found := form.fullmatch(path.name))
        )
    number = numbers[-1] + 1 if numbers else 1
    named = f"{database.stem}-schema-{version}"
    made = backup(database, folder.joinpath(f"{named}-{number}{SUFFIX}"))
    with translate_driver_errors(folder.name):
        for old in [*numbers, number][:-MIGRATION_COPIES_KEPT]:
            folder.joinpath(f"{named}-{old}{SUFFIX}").unlink(missing_ok=True)
    return made


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the complete backups in a folder, newest first; none if the folder does not exist.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    with translate_driver_errors(folder.name):
        found = [_described(path) for path in folder.glob(f"*{SUFFIX}") if path.name[0] != "."]
    return tuple(sorted(found, key=lambda copy: (copy.made_at, copy.path.name), reverse=True))


def made_at_of(copy: Path) -> datetime:
    """Return when a backup was made (UTC), as its name says; the file's own time if the name says
    none, since a file that was moved on a stick may have another time.

    Raises:
        EnvironmentProblem: the file cannot be read.
    """
    with translate_driver_errors(copy.name):
        return _described(copy).made_at


class FolderCopies:
    """Port ``BackupStore``: the backups of one database, in the folder beside it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._folder = backup_folder(database)

    def regular(self) -> tuple[BackupFile, ...]:
        """Return the backups that ``make`` made, newest first."""
        form = re.compile(re.escape(self._database.stem) + _STAMP.pattern)
        return tuple(
            BackupFile(one.path.name, one.made_at, one.size)
            for one in list_backups(self._folder)
            if form.fullmatch(one.path.name)
        )

    def make(self, at: datetime) -> BackupFile:
        """Back up the database, check the backup, then name it; raises as the port says."""
        with translate_driver_errors(self._folder.name):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            free = shutil.disk_usage(self._folder).free
            needed = self._database.stat().st_size + MARGIN
        if free < needed:
            detail = f"{self._folder}: {free} < {needed}"
            raise EnvironmentProblem(EnvironmentCode.DISK_FULL, detail)
        made = backup_into(self._database, self._folder, at)
        return BackupFile(made.path.name, made.made_at, made.size)

    def remove(self, copy: BackupFile) -> None:
        """Remove a backup; a missing one is no error."""
        with translate_driver_errors(copy.name):
            self._folder.joinpath(copy.name).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove partial files older than an hour, left by killed backups: one program at a time
        makes backups here, and any other (``posapp backup``) ends within the hour."""
        now = datetime.now(UTC).timestamp()
        for path in self._folder.glob(f".*{SUFFIX}.*.partial*"):
            if now - path.stat().st_mtime > 3600:
                path.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, to: Path) -> None:
    os.close(
        os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    )  # customers' names: readable by the owner only
    # One snapshot of the source for all steps: else each sale restarts the backup.
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    with closing(sqlite3.connect(to, isolation_level=None)) as target:
        source.backup(target, pages=PAGES_A_STEP, sleep=0)
        _call_a_copy(target)
        target.execute("PRAGMA journal_mode = DELETE").fetchone()
        found = target.execute("PRAGMA integrity_check(1)").fetchone()
    if found is None or found[0] != "ok":
        detail = "no answer" if found is None else str(found[0])
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, detail)


def _call_a_copy(target: sqlite3.Connection) -> None:
    """Mark the file as a copy, so that opening it as a database shows that later work may be
    missing. An older schema has no such mark."""
    known = target.execute("SELECT 1 FROM sqlite_schema WHERE name = 'lineage'").fetchone()
    if known is not None:
        target.execute(MARK_BEHIND, (to_microseconds(datetime.now(UTC)),))


def _described(path: Path) -> Backup:
    """Describe a backup; its time is that of ``made_at_of``."""
    status = path.stat()
    made_at = datetime.fromtimestamp(status.st_mtime, UTC)
    stamp = _STAMP.search(path.name)
    if stamp is not None:
        with suppress(ValueError):  # looks like a time, but is none
            made_at = datetime.strptime(stamp[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return Backup(path, status.st_size, made_at)
