"""Disk problems of one open database, and which writes are still allowed.

Full: a reserve is freed, so that refund results can still be recorded; no new payment is started
until there is a reserve again. Failing or damaged: nothing is written until the program is
restarted, because the disk's later answers cannot be trusted. The same applies after the file was
moved, deleted or replaced: writes would go to a file that is not found again.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.files.fsync import fsync_path
from posapp.store.sqlite_errors import to_environment_problem

log = logging.getLogger(__name__)

RESERVE = 4 * 2**20
"""Size in bytes: some thousand refunds with their ledger rows and journal lines."""

MIN_FREE = 16 * 2**20
"""Bytes that must be free beside the reserve before it is created again."""

_PERSISTENT = frozenset(
    {
        EnvironmentCode.DATABASE_IO,
        EnvironmentCode.DATABASE_CORRUPT,
        EnvironmentCode.DATABASE_MOVED,
    }
)
_PASSING = frozenset({EnvironmentCode.DISK_FULL, EnvironmentCode.READ_ONLY})


def reserve_path(database: Path) -> Path:
    """Return the path of a database's reserve."""
    return database.with_suffix(".ballast")


class DiskSpaceMonitor:
    """Port ``DiskMonitor``, and the store's check before each write. Thread-safe."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._file = _identity(database)
        self._ballast = reserve_path(database)
        self._lock = threading.Lock()
        self._trouble: EnvironmentProblem | None = None

    def record(self, problem: EnvironmentProblem) -> None:
        """Record an error of a statement, a commit or a journal line."""
        if problem.code is EnvironmentCode.DISK_FULL:
            self._relieve()
        with self._lock:
            if (problem.code in _PERSISTENT and not self._is_persistent()) or (
                problem.code in _PASSING and self._trouble is None
            ):
                self._trouble = problem

    def problem(self) -> EnvironmentProblem | None:
        """Return the problem that blocks sales, or ``None``."""
        return self._trouble

    def check_file(self) -> None:
        """Check that the opened file is still at its path."""
        try:
            found = _identity(self._database)
        except OSError:
            return  # a network folder that does not answer: the next statement reports the error
        if found != self._file:
            what = "missing" if found is None else "another file"
            self.record(
                EnvironmentProblem(EnvironmentCode.DATABASE_MOVED, f"{self._database}: {what}")
            )

    def require_writable(self) -> None:
        """Raise the problem that forbids writes until the program is restarted.

        Raises:
            EnvironmentProblem: ``DATABASE_IO``, ``DATABASE_CORRUPT`` or ``DATABASE_MOVED``.
        """
        self.check_file()
        with self._lock:
            if self._trouble is not None and self._is_persistent():
                raise EnvironmentProblem(self._trouble.code, self._trouble.detail)

    def refuse_new_payment(self) -> None:
        """Raise the problem that forbids new payments.

        Raises:
            EnvironmentProblem: ``DISK_FULL``: the remaining space is for payments already begun.
        """
        problem = self._trouble
        if problem is not None and problem.code is EnvironmentCode.DISK_FULL:
            raise EnvironmentProblem(problem.code, problem.detail)

    def recheck(self) -> None:
        """Check whether a full or read-only disk is writable again, and maintain the reserve."""
        self.check_file()
        with self._lock:
            if self._is_persistent() or (self._trouble is None and self._ballast.exists()):
                return
            try:
                self._make_reserve()
            except OSError as error:
                found = to_environment_problem(error, self._ballast.name)
                if found is not None and found.code in _PASSING:
                    self._trouble = found
            else:
                self._trouble = None

    def _make_reserve(self) -> None:
        """Rewrite the reserve even if it exists: a read-only disk shows only at a write."""
        free = shutil.disk_usage(self._ballast.parent).free
        if not self._ballast.exists() and free < RESERVE + MIN_FREE:
            raise OSError(errno.ENOSPC, f"{free} < {RESERVE + MIN_FREE}")
        new = self._ballast.with_name(f".{self._ballast.name}.new")
        try:
            number = os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(number, "wb") as file:
                # Random bytes: a file system that compresses would reserve no space for zeros.
                file.write(os.urandom(RESERVE))
            fsync_path(new)
            new.replace(self._ballast)
        finally:
            if new.exists():
                new.unlink()

    def _relieve(self) -> None:
        try:
            self._ballast.unlink(missing_ok=True)
        except OSError as error:
            log.error("the reserve could not be freed: %s", error)

    def _is_persistent(self) -> bool:
        return self._trouble is not None and self._trouble.code in _PERSISTENT


def _identity(database: Path) -> tuple[int, int] | None:
    """Return the device and inode of the file at this path; ``None`` if there is none.

    Raises:
        OSError: the path cannot be read.
    """
    try:
        status = database.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino
