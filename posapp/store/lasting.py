"""Bringing files and names to the disk."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk; folders cannot be opened on Windows.

    Raises:
        OSError: what the disk says. It is not asked again: an fsync that failed once may claim
            success the second time without having written anything.
    """
    if path.is_dir() and os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)
