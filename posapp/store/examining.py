"""Looking through a whole database file: whether a shop can be trusted to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.ledger import ChainFault
from posapp.store.backup import FolderCopies, backup_folder, list_backups
from posapp.store.engine import connect_apart, quick_check
from posapp.store.faults import sqlite_faults
from posapp.store.ledger_check import check_end, verify_ledger
from posapp.store.opening import HEAD, schema_version
from posapp.store.replacing import traces
from posapp.store.tills import till_here, till_in


class Flaw(StrEnum):
    """Why a copy is not put in place; the words are ``commands.flaw_<value>``."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    OTHER_TILL = "other_till"
    OTHER_MODE = "other_mode"
    NEWER = "newer"
    LEDGER = "ledger"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Examined:
    """One copy, looked through.

    Attributes:
        made_at: UTC.
        rows: of the ledger; 0 where there is a flaw.
        flaw: ``None``: it can be put in place.
        detail: what SQLite or the disk said, a version, or a row's number.
    """

    path: Path
    size: int
    made_at: datetime
    rows: int = 0
    flaw: Flaw | None = None
    detail: str = ""


def examine_copies(database: Path, head: str = HEAD) -> list[Examined]:
    """Look through every copy of a database in its folder, newest first; of each ledger the end
    only, since there may be many copies of a long one.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    found = list_backups(backup_folder(database))
    return [examine(one.path, one.made_at, head, whole=False) for one in found]


def examine(
    path: Path, made_at: datetime | None = None, head: str = HEAD, *, whole: bool = True
) -> Examined:
    """Look through a copy: every page and index, its schema, and its ledger from end to end.

    Args:
        whole: every row of the ledger (some seconds for each 100,000), else its last ones.
    """
    try:
        status = path.stat()
    except OSError as error:
        now = datetime.fromtimestamp(0, UTC)
        return Examined(path, 0, made_at or now, 0, Flaw.UNREADABLE, error.strerror or "")
    at = made_at or datetime.fromtimestamp(status.st_mtime, UTC)
    rows, flaw, detail = 0, None, ""
    try:
        rows, flaw, detail = _look_through(path, head, whole=whole)
    except EnvironmentProblem as problem:
        corrupt = problem.code is EnvironmentCode.DATABASE_CORRUPT
        flaw, detail = Flaw.DAMAGED if corrupt else Flaw.UNREADABLE, problem.detail
    return Examined(path, status.st_size, at, 0 if flaw else rows, flaw, detail)


def damage(database: Path) -> str:
    """Return what is wrong with the shop's own file, or an empty text: missing where one was,
    empty, no database, damaged pages, a ledger whose end does not fit, or a -wal file that belongs
    to another database.

    A file that was never there is no damage: a shop may begin. Takes about a second a gigabyte.

    Raises:
        EnvironmentProblem: the file cannot be looked at for another reason.
    """
    if not database.exists():
        found = traces(database)
        return f"{database}: missing; there are {', '.join(found)}" if found else ""
    try:
        with sqlite_faults(database.name):
            version = schema_version(database)
            quick_check(database)
            if not _is_known(version, HEAD):
                return ""  # whatever a newer program keeps in it is refused by the opening
            checked = check_end(database)
            foreign = _is_wal_foreign(database)
    except EnvironmentProblem as problem:
        if problem.code is not EnvironmentCode.DATABASE_CORRUPT:
            raise
        return f"{database}: {problem.detail}"
    except sqlite3.OperationalError as error:
        return f"{database}: {error}"  # a table of ours is not there
    if foreign:
        return f"{database}: the -wal file is another database's"
    if isinstance(checked, ChainFault):
        return f"{database}: ledger row {checked.seq} {checked.what}"
    return ""


def newest_good(database: Path, head: str = HEAD) -> Examined | None:
    """Return the newest copy without a flaw that is not another till's, or ``None``. Older ones are
    not looked at.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    code = till_here(database)
    for one in list_backups(backup_folder(database)):
        found = of_till(examine(one.path, one.made_at, head), code)
        if found.flaw is None:
            return found
    return None


def of_till(one: Examined, code: str) -> Examined:
    """Return a copy with the flaw that it is another till's, if it is: what that one sold and sent
    is not what this one did.

    Args:
        code: of the till that a copy is wanted for; empty if nobody knows.
    """
    if one.flaw is not None or not code:
        return one
    found = till_in(one.path)
    if found in ("", code):
        return one
    return replace(one, rows=0, flaw=Flaw.OTHER_TILL, detail=f"{found} ≠ {code}")


def newest_made_at(database: Path) -> datetime | None:
    """When the newest of the regular copies was made (UTC), or ``None``.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    found = FolderCopies(database).regular()
    return found[0].made_at if found else None


def _is_known(version: str, head: str) -> bool:
    return version.isdecimal() and version <= head


def _is_wal_foreign(database: Path) -> bool:
    """Tell whether the -wal takes away what the file itself says was in the ledger. SQLite believes
    any -wal of its form; a shop's own only ever adds."""
    wal = database.with_name(database.name + "-wal")
    if not wal.exists() or not wal.stat().st_size:
        return False
    uri = f"{database.absolute().as_uri()}?immutable=1"  # the file as if there were no -wal
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as alone:
            (head,) = alone.execute("SELECT seq, hash FROM ledger_head").fetchall()
    except (sqlite3.Error, ValueError):
        return False  # made and never yet brought home, or in the midst of it: nothing to compare
    with closing(connect_apart(database)) as connection:
        rows = connection.execute("SELECT hash FROM ledger WHERE seq = ?", (head[0],)).fetchall()
    return bool(head[0] > 0 and rows != [(head[1],)])


def _look_through(path: Path, head: str, *, whole: bool) -> tuple[int, Flaw | None, str]:
    with sqlite_faults(path.name):
        with closing(connect_apart(path)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found is None or found[0] != "ok":
            return 0, Flaw.DAMAGED, "" if found is None else str(found[0])
        try:
            version = schema_version(path)
        except EnvironmentProblem:
            return 0, Flaw.FOREIGN, ""
        if not _is_known(version, head):
            return 0, Flaw.NEWER, f"{version} > {head}"
    try:
        verified = verify_ledger(path) if whole else check_end(path)
    except sqlite3.OperationalError as error:
        return 0, Flaw.FOREIGN, str(error)
    if isinstance(verified, ChainFault):
        return 0, Flaw.LEDGER, f"{verified.seq}: {verified.what}"
    return verified, None, ""
