"""A folder in memory for the files of tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOM = 4 * 2**30
"""Bytes that must be free: the files of a whole run take less than a quarter of it."""


def memory_folder() -> Path | None:
    """Return a folder of a file system in memory, if there is one with room that runs programs.

    On a disk, a test waits some milliseconds for each commit of a shop's file, and most files of
    tests live for a second.
    """
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ROOM:
        return None
    return None if os.statvfs(memory).f_flag & os.ST_NOEXEC else memory
