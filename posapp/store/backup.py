"""Copies of the database: made by SQLite's backup API, checked, and named only when they are whole.

A shop may go on selling while its file is copied.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.engine import connect_apart
from posapp.store.faults import sqlite_faults

SUFFIX = ".backup.db"
PAGES_A_STEP = 256


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy: where, how many bytes, and when it was finished (UTC)."""

    path: Path
    size: int
    made_at: datetime


def backup_name(database: Path, at: datetime) -> str:
    """Return the usual name of a copy made at ``at``; ``list_backups`` finds it by its end."""
    return f"{database.stem}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def backup(database: Path, to: Path) -> Backup:
    """Copy a database, in use or not, to the file ``to``; an older file of that name is replaced.

    The copy is one file without a -wal beside it. It gets its name after SQLite's integrity check
    of the copy has found nothing and its bytes are on the disk; until then the older one stands.

    Raises:
        EnvironmentProblem: the file cannot be read or written, or ``DATABASE_CORRUPT``: the copy
            did not pass. Nothing is left of the new copy then.
    """
    partial = to.with_name(f".{to.name}.partial")
    with sqlite_faults(to.name):
        try:
            partial.unlink(missing_ok=True)
            with closing(connect_apart(database)) as source:
                _copy(source, partial)
            _sync(partial)
            partial.replace(to)
            _sync(to.parent)
        finally:
            partial.unlink(missing_ok=True)
            partial.with_name(partial.name + "-journal").unlink(missing_ok=True)
        return _described(to)


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the finished copies in a folder, newest first.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    with sqlite_faults(folder.name):
        found = [_described(path) for path in folder.glob(f"*{SUFFIX}") if path.name[0] != "."]
    return tuple(sorted(found, key=lambda copy: (copy.made_at, copy.path.name), reverse=True))


def _copy(source: sqlite3.Connection, to: Path) -> None:
    os.close(
        os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    )  # customers' names: ours only
    with closing(sqlite3.connect(to, isolation_level=None)) as target:
        source.backup(target, pages=PAGES_A_STEP, sleep=0)
        target.execute("PRAGMA journal_mode = DELETE").fetchone()
        found = target.execute("PRAGMA integrity_check(1)").fetchone()
    if found is None or found[0] != "ok":
        detail = "no answer" if found is None else str(found[0])
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, detail)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk; folders cannot be opened on Windows."""
    if path.is_dir() and os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _described(path: Path) -> Backup:
    status = path.stat()
    return Backup(path, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))
