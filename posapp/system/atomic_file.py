"""Replaces small files so that a power cut leaves the old or the new one, never a part."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

PRIVATE = 0o600


def replace_text(path: Path, content: str, mode: int = PRIVATE) -> None:
    """Replace a file's content; raises OSError, and then the old content is unchanged."""
    temporary = write_beside(path.parent, content, mode)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_beside(folder: Path, content: str, mode: int = PRIVATE) -> Path:
    """Write a new file completely to the disk and return it; nothing remains if that fails."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def sync_folder(folder: Path) -> None:
    """Make a renaming last, where the system knows how."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
