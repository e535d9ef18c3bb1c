"""One running program a database.

The lock is the operating system's own on an open file: it ends with the process, however that
ends, so there is no such thing as a stale one. The file itself stays and means nothing.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.system.disk import problem_of

if sys.platform == "win32":
    import msvcrt

    # Windows locks by range, and a locked range cannot be read: so one far behind the text.
    _PLACE = 1 << 30

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class SingleInstance:
    """Holds the lock of one database while it is open. Use as a context manager, or ``release``.

    Raises:
        EnvironmentProblem: DATABASE_IN_USE (``detail`` names the other program's number and
            machine, where it could write them), or the disk does not allow the file.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise problem_of(error, path) from error
        try:
            _try_lock(self._descriptor)
        except OSError as error:
            holder = _holder(self._descriptor)
            os.close(self._descriptor)
            raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, holder) from error
        self._held = True
        self._sign()

    def release(self) -> None:
        """Let go; a second time does nothing."""
        if self._held:
            self._held = False
            os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _sign(self) -> None:
        text = f"{os.getpid()} {socket.gethostname()}\n".encode("utf-8", "replace")
        try:
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, text)
        except OSError:
            return  # only for words: a full disk must not keep the till from starting


def _holder(descriptor: int) -> str:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, 300).decode("utf-8", "replace").strip()
    except OSError:
        return ""
