"""Where the window was and how large, kept from one start to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

_KEY = "window/geometry"


def restore_window_place(window: QWidget, file: Path) -> bool:
    """Place a window as it was when ``save_window_place`` was called.

    Qt moves it onto a screen that exists, and makes it no larger than that (``restoreGeometry``).

    Returns:
        ``False`` if nothing usable is kept: the window is left as it is.
    """
    kept = QSettings(str(file), QSettings.Format.IniFormat).value(_KEY)
    return isinstance(kept, QByteArray) and window.restoreGeometry(kept)


def save_window_place(window: QWidget, file: Path) -> None:
    """Keep where a window is. A file that cannot be written is no reason to stop."""
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    settings.setValue(_KEY, window.saveGeometry())
    settings.sync()
