"""Check of a whole database file: whether it is safe to use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.ledger import ChainBreak
from posapp.store.engine import connect_read_only, quick_check
from posapp.store.files.atomic_replace import remains_of
from posapp.store.files.backup import FolderCopies, backup_folder, list_backups
from posapp.store.files.ledger_check import check_end, verify_ledger
from posapp.store.files.till_codes import till_code_in, till_here
from posapp.store.schema import SCHEMA_VERSION, schema_version
from posapp.store.sqlite_errors import translate_driver_errors


class BackupDefect(StrEnum):
    """Why a backup cannot be restored; the texts are ``commands.flaw_<value>``."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    OTHER_TILL = "other_till"
    OTHER_MODE = "other_mode"
    NEWER = "newer"
    LEDGER = "ledger"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """Result of checking one backup.

    Attributes:
        made_at: UTC.
        rows: number of ledger rows, or of the last row if only the end was checked; 0 with a flaw.
        flaw: ``None``: it can be restored.
        detail: SQLite's or the disk's text, a version, or a row's number.
    """

    path: Path
    size: int
    made_at: datetime
    rows: int = 0
    flaw: BackupDefect | None = None
    detail: str = ""


def examine_copies(database: Path, head: str = SCHEMA_VERSION) -> list[BackupCheck]:
    """Check every backup of a database in its folder, newest first. Only the end of each ledger is
    checked, since there may be many backups of a long one.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    found = list_backups(backup_folder(database))
    return [check_backup(one.path, one.made_at, head, whole=False) for one in found]


def check_backup(
    path: Path, made_at: datetime | None = None, head: str = SCHEMA_VERSION, *, whole: bool = True
) -> BackupCheck:
    """Check a backup: every page and index, its schema, and its ledger.

    Args:
        whole: check every row of the ledger (some seconds per 100,000), else its last ones.
    """
    try:
        status = path.stat()
    except OSError as error:
        now = datetime.fromtimestamp(0, UTC)
        return BackupCheck(
            path, 0, made_at or now, 0, BackupDefect.UNREADABLE, error.strerror or ""
        )
    at = made_at or datetime.fromtimestamp(status.st_mtime, UTC)
    rows, flaw, detail = 0, None, ""
    try:
        rows, flaw, detail = _check_content(path, head, whole=whole)
    except EnvironmentProblem as problem:
        corrupt = problem.code is EnvironmentCode.DATABASE_CORRUPT
        flaw, detail = BackupDefect.DAMAGED if corrupt else BackupDefect.UNREADABLE, problem.detail
    return BackupCheck(path, status.st_size, at, 0 if flaw else rows, flaw, detail)


def find_damage(database: Path) -> str:
    """Return the damage of the shop's own file, or an empty text. Damage is: missing where one was,
    empty, no database, damaged pages, a ledger with a wrong end, or a -wal file of another
    database.

    A file that never existed is not damaged: a new shop may begin. Takes about a second per
    gigabyte.

    Raises:
        EnvironmentProblem: the file cannot be checked for another reason.
    """
    if not database.exists():
        found = remains_of(database)
        return f"{database}: missing; there are {', '.join(found)}" if found else ""
    try:
        with translate_driver_errors(database.name):
            version = schema_version(database)
            quick_check(database)
            if not _is_known(version, SCHEMA_VERSION):
                return ""  # a newer program's schema: opening it refuses it
            checked = check_end(database)
            foreign = _is_wal_foreign(database)
    except EnvironmentProblem as problem:
        if problem.code is not EnvironmentCode.DATABASE_CORRUPT:
            raise
        return f"{database}: {problem.detail}"
    except sqlite3.OperationalError as error:
        return f"{database}: {error}"  # a table of ours is missing
    if foreign:
        return f"{database}: the -wal file is another database's"
    if isinstance(checked, ChainBreak):
        return f"{database}: ledger row {checked.seq} {checked.what}"
    return ""


def newest_good(database: Path, head: str = SCHEMA_VERSION) -> BackupCheck | None:
    """Return the newest backup without a flaw that is not another till's, or ``None``. Older ones
    are not checked.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    code = till_here(database)
    for one in list_backups(backup_folder(database)):
        found = of_till(check_backup(one.path, one.made_at, head), code)
        if found.flaw is None:
            return found
    return None


def of_till(one: BackupCheck, code: str) -> BackupCheck:
    """Return the check with the flaw ``OTHER_TILL`` if the backup is another till's: that till's
    sales and refunds differ from this one's.

    Args:
        code: code of the till to restore; empty if unknown.
    """
    if one.flaw is not None or not code:
        return one
    found = till_code_in(one.path)
    if found in ("", code):
        return one
    return replace(one, rows=0, flaw=BackupDefect.OTHER_TILL, detail=f"{found} ≠ {code}")


def newest_made_at(database: Path) -> datetime | None:
    """Return when the newest regular backup was made (UTC), or ``None``.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    found = FolderCopies(database).regular()
    return found[0].made_at if found else None


def _is_known(version: str, head: str) -> bool:
    return version.isdecimal() and version <= head


def _is_wal_foreign(database: Path) -> bool:
    """Tell whether the -wal removes ledger rows that the main file has. SQLite accepts any -wal of
    its format; a shop's own only adds rows."""
    wal = database.with_name(database.name + "-wal")
    if not wal.exists() or not wal.stat().st_size:
        return False
    uri = f"{database.absolute().as_uri()}?immutable=1"  # the main file without its -wal
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as alone:
            (head,) = alone.execute("SELECT seq, hash FROM ledger_head").fetchall()
    except (sqlite3.Error, ValueError):
        return False  # never checkpointed, or in the middle of it: nothing to compare
    with closing(connect_read_only(database)) as connection:
        rows = connection.execute("SELECT hash FROM ledger WHERE seq = ?", (head[0],)).fetchall()
    return bool(head[0] > 0 and rows != [(head[1],)])


def _check_content(path: Path, head: str, *, whole: bool) -> tuple[int, BackupDefect | None, str]:
    with translate_driver_errors(path.name):
        with closing(connect_read_only(path)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found is None or found[0] != "ok":
            return 0, BackupDefect.DAMAGED, "" if found is None else str(found[0])
        try:
            version = schema_version(path)
        except EnvironmentProblem:
            return 0, BackupDefect.FOREIGN, ""
        if not _is_known(version, head):
            return 0, BackupDefect.NEWER, f"{version} > {head}"
    try:
        verified = verify_ledger(path) if whole else check_end(path)
    except sqlite3.OperationalError as error:
        return 0, BackupDefect.FOREIGN, str(error)
    if isinstance(verified, ChainBreak):
        return 0, BackupDefect.LEDGER, f"{verified.seq}: {verified.what}"
    return verified, None, ""
