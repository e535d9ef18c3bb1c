"""The folder of a saved file: where a dialog starts, how a message names it, and opening it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices

from posapp.ui.core.safe_text import display_text

_LONGEST = 120
_RUN = 24
_MOST_NAMES = 10_000


def first_folder(exports: Path | None) -> str:
    """Return the folder in which a file dialog starts: the shop's, which is made if it is missing.

    Without one, or if it cannot be made, it is the user's own folder of documents.
    """
    if exports is not None:
        with suppress(OSError):
            exports.mkdir(mode=0o700, parents=True, exist_ok=True)
            return str(exports)
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def folder_text(folder: Path) -> str:
    """Return a folder's path to display; of a long one its end, which tells it from others."""
    path = str(folder)
    return display_text(path if len(path) <= _LONGEST else f"…{path[1 - _LONGEST :]}", run=_RUN)


def free_path(folder: Path, name: str) -> Path:
    """Return a path that no file has: what is saved never replaces an earlier file."""
    first = folder / name
    others = (first.with_stem(f"{first.stem}-{at}") for at in range(2, _MOST_NAMES))
    return next((path for path in (first, *others) if not path.exists()), first)


def open_folder(folder: Path) -> bool:
    """Open a folder in the system's file manager; return whether one was started."""
    return folder.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
