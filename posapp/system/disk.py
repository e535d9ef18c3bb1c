"""What the disk says, in the program's words."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def problem_of(error: OSError, path: Path) -> EnvironmentProblem:
    """Return the problem that an ``OSError`` at ``path`` means."""
    if error.errno in _FULL:
        return EnvironmentProblem(EnvironmentCode.DISK_FULL, str(path))
    if error.errno in _READ_ONLY:
        return EnvironmentProblem(EnvironmentCode.READ_ONLY, str(path))
    return EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, f"{path}: {error.strerror}")


def free_bytes(folder: Path) -> int:
    """Return how much may still be written where a folder is.

    Raises:
        EnvironmentProblem: the folder cannot be looked at.
    """
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise problem_of(error, folder) from error
