"""SQLite's errors in this program's words: the one place where they are translated.

What is no fault of the world around (a broken constraint, a wrong statement) is not translated:
constraints are answered by the repository that knows what they mean, the rest is a bug.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem

_CODES = {
    sqlite3.SQLITE_FULL: EnvironmentCode.DISK_FULL,
    sqlite3.SQLITE_READONLY: EnvironmentCode.READ_ONLY,
    sqlite3.SQLITE_PERM: EnvironmentCode.READ_ONLY,
    sqlite3.SQLITE_BUSY: EnvironmentCode.DATABASE_BUSY,
    sqlite3.SQLITE_LOCKED: EnvironmentCode.DATABASE_BUSY,
    sqlite3.SQLITE_PROTOCOL: EnvironmentCode.DATABASE_BUSY,
    sqlite3.SQLITE_CORRUPT: EnvironmentCode.DATABASE_CORRUPT,
    sqlite3.SQLITE_NOTADB: EnvironmentCode.DATABASE_CORRUPT,
    sqlite3.SQLITE_IOERR: EnvironmentCode.DATABASE_IO,
    sqlite3.SQLITE_CANTOPEN: EnvironmentCode.FILE_UNREADABLE,
}

_ERRNOS = {
    errno.ENOSPC: EnvironmentCode.DISK_FULL,
    errno.EDQUOT: EnvironmentCode.DISK_FULL,
    errno.EFBIG: EnvironmentCode.DISK_FULL,
    errno.EROFS: EnvironmentCode.READ_ONLY,
    errno.EACCES: EnvironmentCode.READ_ONLY,
    errno.EPERM: EnvironmentCode.READ_ONLY,
    errno.ENOENT: EnvironmentCode.FILE_UNREADABLE,
}

KEEP_AFTER = frozenset({EnvironmentCode.DATABASE_BUSY})
"""After any other a connection is closed and never used again: an fsync that failed once must not
be believed the second time, and SQLite may have undone the transaction by itself
(https://sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction"), so that what
is written next would be kept on its own."""


def problem_of(error: BaseException, where: str = "") -> EnvironmentProblem | None:
    """Return the environment's problem behind an error of sqlite3 or the system, or ``None``.

    Decided by SQLite's result code (https://sqlite.org/rescode.html), never by its words.
    """
    code: EnvironmentCode | None = None
    if isinstance(error, sqlite3.Error):
        number = getattr(error, "sqlite_errorcode", None)
        code = _CODES.get(number & 0xFF) if number is not None else None
    elif isinstance(error, OSError):
        code = _ERRNOS.get(error.errno or 0, EnvironmentCode.DATABASE_IO)
    if code is None:
        return None
    detail = f"{where}: {error}" if where else str(error)
    return EnvironmentProblem(code, detail)


@contextmanager
def sqlite_faults(where: str = "") -> Iterator[None]:
    """Translate what sqlite3 and the file system raise inside the block.

    Raises:
        EnvironmentProblem: instead of an error of the world around; other errors pass unchanged.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        problem = problem_of(error, where)
        if problem is None:
            raise
        raise problem from error
