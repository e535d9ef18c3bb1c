"""Disks that a test may fill: a small file system, and a limit in bytes."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

BLOCK = 4096


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A separate file system in memory; skips where mounting is not allowed (there a limit on the
    file, and the walk over every system call, test the same)."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "posapp-test", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip("no right to mount here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def read_only(folder: Path, *, is_so: bool) -> None:
    """Remount a small disk read-only or writable: a disk turns read-only after an error."""
    mode = "ro" if is_so else "rw"
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)


def free(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


class Filler:
    """A file that takes all space but for what is left on purpose."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "somebody-elses.iso"

    def leave(self, size: int) -> None:
        """Leave ``size`` bytes free, as closely as blocks allow."""
        self.away()
        room = free(self._path.parent) - size
        with self._path.open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(room, 1))

    def away(self) -> None:
        self._path.unlink(missing_ok=True)


@contextmanager
def files_may_grow_to(size: int) -> Iterator[None]:
    """Let the kernel fail writes (EFBIG) at the first byte beyond ``size``."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
