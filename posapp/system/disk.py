"""Translates disk errors into the program's own."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def disk_problem_of(error: OSError, path: Path) -> EnvironmentProblem:
    """Return the problem for an ``OSError`` at ``path``."""
    if error.errno in _FULL:
        return EnvironmentProblem(EnvironmentCode.DISK_FULL, str(path))
    if error.errno in _READ_ONLY:
        return EnvironmentProblem(EnvironmentCode.READ_ONLY, str(path))
    return EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, f"{path}: {error.strerror}")


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk that a folder is on.

    Raises:
        EnvironmentProblem: the folder cannot be read.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise disk_problem_of(error, folder) from error
