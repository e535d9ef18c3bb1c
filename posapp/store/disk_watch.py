"""What the disk did to one open database, and what may still be written to it.

Full: a reserve is freed, so that what became of refunds can still be noted; no new payment is
begun until there is a reserve again. Failing or damaged: nothing is written until the program is
started again, because what the disk says after that cannot be believed. The same once the file was
moved, deleted or replaced: what is written then goes where nobody finds it again.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.store.faults import problem_of
from posapp.store.lasting import sync

log = logging.getLogger(__name__)

RESERVE = 4 * 2**20
"""Bytes: some thousand refunds with their ledger rows and journal lines."""

ROOM = 16 * 2**20
"""Bytes that must be free beside the reserve before it is made again."""

_LASTING = frozenset(
    {
        EnvironmentCode.DATABASE_IO,
        EnvironmentCode.DATABASE_CORRUPT,
        EnvironmentCode.DATABASE_MOVED,
    }
)
_PASSING = frozenset({EnvironmentCode.DISK_FULL, EnvironmentCode.READ_ONLY})


def ballast_path(database: Path) -> Path:
    """Where the reserve of a database lies."""
    return database.with_suffix(".ballast")


class DiskWatch:
    """Port ``Disk``, and what the store asks before it writes. Any thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._file = _identity(database)
        self._ballast = ballast_path(database)
        self._lock = threading.Lock()
        self._trouble: EnvironmentProblem | None = None

    def heard(self, problem: EnvironmentProblem) -> None:
        """Take note of what was said to a statement, a commit or a journal's line."""
        if problem.code is EnvironmentCode.DISK_FULL:
            self._relieve()
        with self._lock:
            if (problem.code in _LASTING and not self._lasting()) or (
                problem.code in _PASSING and self._trouble is None
            ):
                self._trouble = problem

    def trouble(self) -> EnvironmentProblem | None:
        """Return what stands in the way of selling, or ``None``."""
        return self._trouble

    def look_at_file(self) -> None:
        """See whether the file that was opened is still in its place."""
        try:
            found = _identity(self._database)
        except OSError:
            return  # a network folder that does not answer: the next statement says what is wrong
        if found != self._file:
            what = "missing" if found is None else "another file"
            self.heard(
                EnvironmentProblem(EnvironmentCode.DATABASE_MOVED, f"{self._database}: {what}")
            )

    def refuse_writing(self) -> None:
        """Raise what keeps this database from being written to until the program is started anew.

        Raises:
            EnvironmentProblem: ``DATABASE_IO``, ``DATABASE_CORRUPT`` or ``DATABASE_MOVED``.
        """
        self.look_at_file()
        with self._lock:
            if self._trouble is not None and self._lasting():
                raise EnvironmentProblem(self._trouble.code, self._trouble.detail)

    def refuse_new_payment(self) -> None:
        """Raise what keeps new payments from being begun.

        Raises:
            EnvironmentProblem: ``DISK_FULL``: what is left is for what was begun already.
        """
        trouble = self._trouble
        if trouble is not None and trouble.code is EnvironmentCode.DISK_FULL:
            raise EnvironmentProblem(trouble.code, trouble.detail)

    def mend(self) -> None:
        """See whether a full or read-only disk takes something again, and keep a reserve."""
        self.look_at_file()
        with self._lock:
            if self._lasting() or (self._trouble is None and self._ballast.exists()):
                return
            try:
                self._make_reserve()
            except OSError as error:
                found = problem_of(error, self._ballast.name)
                if found is not None and found.code in _PASSING:
                    self._trouble = found
            else:
                self._trouble = None

    def _make_reserve(self) -> None:
        """Write it anew though there is one: a disk that is read-only says so only when asked."""
        free = shutil.disk_usage(self._ballast.parent).free
        if not self._ballast.exists() and free < RESERVE + ROOM:
            raise OSError(errno.ENOSPC, f"{free} < {RESERVE + ROOM}")
        new = self._ballast.with_name(f".{self._ballast.name}.new")
        try:
            number = os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(number, "wb") as file:
                # Not zeros: a file system that presses them together would keep nothing free.
                file.write(os.urandom(RESERVE))
            sync(new)
            new.replace(self._ballast)
        finally:
            if new.exists():
                new.unlink()

    def _relieve(self) -> None:
        try:
            self._ballast.unlink(missing_ok=True)
        except OSError as error:
            log.error("the reserve could not be freed: %s", error)

    def _lasting(self) -> bool:
        return self._trouble is not None and self._trouble.code in _LASTING


def _identity(database: Path) -> tuple[int, int] | None:
    """Which file has the name now: device and number; ``None`` if none has.

    Raises:
        OSError: it cannot be looked at.
    """
    try:
        status = database.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino
