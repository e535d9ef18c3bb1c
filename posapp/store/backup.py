"""Copies of the database: made by SQLite's backup API, checked, and named only when they are whole.

A shop may go on selling while its file is copied.
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
from posapp.services.ports.copies import Copy
from posapp.store.columns import to_microseconds
from posapp.store.engine import connect_apart
from posapp.store.faults import sqlite_faults
from posapp.store.generation import MARK_BEHIND
from posapp.store.lasting import sync

SUFFIX = ".backup.db"
FOLDER = "backups"
"""Beside the database: the one place of all its copies."""

PAGES_A_STEP = 256
MARGIN = 64 * 2**20
"""Bytes that a copy leaves free: a full disk would stop the sales that it is made for."""

MIGRATION_COPIES_KEPT = 3
"""Of each old schema: a step that fails at every start must not fill the disk with copies."""

_STAMP = re.compile(r"-(\d{8}T\d{6})Z(?:-\d+-[0-9a-f]{8})?" + re.escape(SUFFIX) + "$")


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy: where, how many bytes, and when it was finished (UTC)."""

    path: Path
    size: int
    made_at: datetime


def backup_folder(database: Path) -> Path:
    """Return the folder of a database's copies, whether it is there or not."""
    return database.parent.joinpath(FOLDER)


def backup_name(database: Path, at: datetime) -> str:
    """Return the usual name of a copy made at ``at``; ``list_backups`` finds it by its end."""
    return f"{database.stem}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def backup(database: Path, to: Path) -> Backup:
    """Copy a database, in use or not, to the file ``to``; an older file of that name is replaced.

    The copy is one file without a -wal beside it, of the moment in which it was begun. It gets its
    name after SQLite's integrity check of the copy has found nothing and its bytes are on the
    disk; until then the older one stands.

    Raises:
        EnvironmentProblem: the file cannot be read or written, ``DATABASE_CORRUPT``: the copy did
            not pass, or ``DATABASE_IN_USE``: ``to`` is the database. Nothing is left of the new
            copy then.
    """
    if to.exists() and database.exists() and to.samefile(database):
        raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, f"{to}: no copy over itself")
    partial = to.with_name(f".{to.name}.{os.getpid()}-{threading.get_ident()}.partial")
    with sqlite_faults(to.name):
        try:
            partial.unlink(missing_ok=True)
            with closing(connect_apart(database)) as source:
                _copy(source, partial)
            sync(partial)
            partial.replace(to)
            sync(to.parent)
        finally:
            partial.unlink(missing_ok=True)
            partial.with_name(partial.name + "-journal").unlink(missing_ok=True)
        return _described(to)


def backup_into(database: Path, folder: Path, at: datetime) -> Backup:
    """Copy a database into a folder, under its usual name with the end of its ledger in it: number
    and first digits of the hash of the last row. Who rewrites the ledger later has that name
    against them, wherever it was written down.

    Raises:
        EnvironmentProblem: like ``backup``.
    """
    made = backup(database, folder.joinpath(backup_name(database, at)))
    with sqlite_faults(made.path.name):
        with closing(connect_apart(made.path)) as connection:
            seq, digest = connection.execute("SELECT seq, hash FROM ledger_head").fetchone()
        end = f"-{seq}-{str(digest)[:8]}{SUFFIX}"
        named = made.path.with_name(made.path.name.removesuffix(SUFFIX) + end)
        made.path.replace(named)
        sync(folder)
        return _described(named)


def backup_before_step(database: Path, version: str) -> Backup:
    """Copy a database into its folder before its schema ``version`` is changed.

    The last three of a schema stay; no rotation takes them away.

    Raises:
        EnvironmentProblem: like ``backup``.
    """
    folder = backup_folder(database)
    form = re.compile(rf"{re.escape(f'{database.stem}-schema-{version}')}-(\d+){re.escape(SUFFIX)}")
    with sqlite_faults(folder.name):
        folder.mkdir(mode=0o700, exist_ok=True)
        numbers = sorted(
            int(found[1]) for path in folder.iterdir() if (found := form.fullmatch(path.name))
        )
    number = numbers[-1] + 1 if numbers else 1
    named = f"{database.stem}-schema-{version}"
    made = backup(database, folder.joinpath(f"{named}-{number}{SUFFIX}"))
    with sqlite_faults(folder.name):
        for old in [*numbers, number][:-MIGRATION_COPIES_KEPT]:
            folder.joinpath(f"{named}-{old}{SUFFIX}").unlink(missing_ok=True)
    return made


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the finished copies in a folder, newest first; of none if it is not there.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    with sqlite_faults(folder.name):
        found = [_described(path) for path in folder.glob(f"*{SUFFIX}") if path.name[0] != "."]
    return tuple(sorted(found, key=lambda copy: (copy.made_at, copy.path.name), reverse=True))


class FolderCopies:
    """Port ``Copies``: the copies of one database, in the folder beside it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._folder = backup_folder(database)

    def regular(self) -> tuple[Copy, ...]:
        """Return the copies that ``make`` made, newest first."""
        form = re.compile(re.escape(self._database.stem) + _STAMP.pattern)
        return tuple(
            Copy(one.path.name, one.made_at, one.size)
            for one in list_backups(self._folder)
            if form.fullmatch(one.path.name)
        )

    def make(self, at: datetime) -> Copy:
        """Copy the database, check the copy, and name it only then; raises like the port says."""
        with sqlite_faults(self._folder.name):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            free = shutil.disk_usage(self._folder).free
            needed = self._database.stat().st_size + MARGIN
        if free < needed:
            detail = f"{self._folder}: {free} < {needed}"
            raise EnvironmentProblem(EnvironmentCode.DISK_FULL, detail)
        made = backup_into(self._database, self._folder, at)
        return Copy(made.path.name, made.made_at, made.size)

    def remove(self, copy: Copy) -> None:
        """Take away a copy; one that is gone already is no trouble."""
        with sqlite_faults(copy.name):
            self._folder.joinpath(copy.name).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Take away what a killed copy of this database left: one program at a time makes them
        here, and whoever else does (``posapp backup``) is done within the hour."""
        now = datetime.now(UTC).timestamp()
        for path in self._folder.glob(f".*{SUFFIX}.*.partial*"):
            if now - path.stat().st_mtime > 3600:
                path.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, to: Path) -> None:
    os.close(
        os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    )  # customers' names: ours only
    # One moment of the source for all steps: without this, each sale begins the copy anew.
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
    """Whoever opens it as a shop's database knows that something may have been done after it. An
    older schema does not know that yet."""
    known = target.execute("SELECT 1 FROM sqlite_schema WHERE name = 'lineage'").fetchone()
    if known is not None:
        target.execute(MARK_BEHIND, (to_microseconds(datetime.now(UTC)),))


def _described(path: Path) -> Backup:
    """A copy in words; its name says when it was made, since a file that was carried about on a
    stick may have another time."""
    status = path.stat()
    made_at = datetime.fromtimestamp(status.st_mtime, UTC)
    stamp = _STAMP.search(path.name)
    if stamp is not None:
        with suppress(ValueError):  # looks like a time and is none
            made_at = datetime.strptime(stamp[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return Backup(path, status.st_size, made_at)
