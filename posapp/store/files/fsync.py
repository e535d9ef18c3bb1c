"""Flush files and folder entries to the disk."""

from __future__ import annotations

import os
from pathlib import Path


def fsync_path(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk; folders cannot be opened on Windows.

    Raises:
        OSError: the disk's error. There is no retry: after a failed fsync a second one may report
            success without having written anything.
    """
    if path.is_dir() and os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)
