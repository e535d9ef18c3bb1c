"""A picture of a window with the dialogs and menus that lie over it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget


def whole(window: QWidget) -> QPixmap:
    """Return a picture of a window, and of each dialog and menu that is open at its place."""
    picture = window.grab()
    for one in QApplication.topLevelWidgets():
        is_tip = one.windowType() is Qt.WindowType.ToolTip
        if one is not window and one.isVisible() and not is_tip:
            one.render(picture, window.mapFromGlobal(one.mapToGlobal(QPoint(0, 0))))
    return picture
