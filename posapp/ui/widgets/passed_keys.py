"""Keys of the window that work in its dialogs, too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog

PASSED = (Qt.Key.Key_F9, Qt.Key.Key_F10)
"""Language and theme: they change nothing but what the dialog looks like."""


def pass_on(dialog: QDialog, event: QKeyEvent) -> bool:
    """Give a key to the window behind a dialog; ``False``: it is another key.

    Qt keeps the shortcuts of a window from working while a dialog covers it.
    """
    parent = dialog.parentWidget()
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    if parent is None or not plain or event.key() not in PASSED:
        return False
    if not event.isAutoRepeat():
        QApplication.sendEvent(parent.window(), event)
    event.accept()
    return True
