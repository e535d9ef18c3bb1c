"""Translation of SQLite's errors into ``EnvironmentProblem``; the only place that does it.

Errors that the environment does not cause (a violated constraint, a wrong statement) are not
translated: repositories handle the constraints that they know, the rest are bugs.
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

KEEP_CONNECTION_AFTER = frozenset({EnvironmentCode.DATABASE_BUSY})
"""After any other problem the connection is closed and never reused. A second fsync after a failed
one must not be trusted, and SQLite may have rolled the transaction back by itself
(https://sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction"): later writes
would then be committed alone."""


def to_environment_problem(error: BaseException, where: str = "") -> EnvironmentProblem | None:
    """Return the environment problem for an error of sqlite3 or the system, or ``None``.

    SQLite's result code decides (https://sqlite.org/rescode.html), never its message.
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
def translate_driver_errors(where: str = "") -> Iterator[None]:
    """Translate errors that sqlite3 and the file system raise inside the block.

    Raises:
        EnvironmentProblem: for an error of the environment; other errors pass unchanged.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        problem = to_environment_problem(error, where)
        if problem is None:
            raise
        raise problem from error
