"""Lock that allows one running program per database, whichever path it is opened by.

The lock is the operating system's own on an open file: it ends with the process in every case, so a
stale lock cannot exist. The file itself stays and means nothing.

Two folders may lead to one database. If its real place is another folder, that folder's lock is
held as well. On Linux, where the locks of ``flock`` and those of SQLite do not conflict, the file
itself is locked too, which covers hard links and bind mounts. Its descriptor stays open until the
database is closed: closing one before would release SQLite's own locks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.system.disk import disk_problem_of

if sys.platform == "win32":
    import msvcrt

    # Windows locks by range, and a locked range cannot be read: the range is far behind the text.
    _PLACE = 1 << 30

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _name_of_machine() -> str:
        return os.environ.get("COMPUTERNAME", "")

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _name_of_machine() -> str:
        return os.uname().nodename  # ``socket``, which knows it too, is half a MiB at the start


def _is_lockable(database: Path | None) -> bool:
    return sys.platform == "linux" and database is not None and database.is_file()


class SingleInstance:
    """Holds the lock of one database while it is open. Use as a context manager, or ``release``.

    Args:
        path: the lock file of the folder.
        database: the database, which may not exist yet (``hold`` locks it then).

    Raises:
        EnvironmentProblem: DATABASE_IN_USE (``detail`` has the other program's process id and
            machine, where it could write them), or the disk does not allow the file.
    """

    def __init__(self, path: Path, database: Path | None = None) -> None:
        self._descriptors: list[int] = []
        self._database = 0
        try:
            self._lock(path)
            if database is not None:
                beside = database.resolve().parent.joinpath(path.name)
                if beside != path.resolve():
                    self._lock(beside)
                self.hold(database)
        except BaseException:
            self.release()
            raise

    def hold(self, database: Path) -> None:
        """Lock the database file itself, once it exists. A second call does nothing.

        Raises:
            EnvironmentProblem: DATABASE_IN_USE: another program holds it by another path.
        """
        if self._database or not _is_lockable(database):
            return
        try:
            descriptor = os.open(database, os.O_RDONLY)
        except OSError as error:
            raise disk_problem_of(error, database) from error
        try:
            _try_lock(descriptor)
        except BlockingIOError as error:
            os.close(descriptor)
            raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, str(database)) from error
        except OSError:
            os.close(descriptor)  # a file system without such locks: the other locks must suffice
            return
        self._database = descriptor
        self._descriptors.append(descriptor)

    def release(self) -> None:
        """Release all locks; a second call does nothing."""
        while self._descriptors:
            os.close(self._descriptors.pop())

    def _lock(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise disk_problem_of(error, path) from error
        try:
            _try_lock(descriptor)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, holder) from error
        self._descriptors.append(descriptor)
        _sign(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _sign(descriptor: int) -> None:
    text = f"{os.getpid()} {_name_of_machine()}\n".encode("utf-8", "replace")
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text)
    except OSError:
        return  # for messages only: a full disk must not keep the till from starting


def _holder(descriptor: int) -> str:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, 300).decode("utf-8", "replace").strip()
    except OSError:
        return ""
