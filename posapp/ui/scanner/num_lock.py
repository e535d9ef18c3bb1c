"""Notices that NumLock is off while a person types digits."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from posapp.ui.scanner.keys import is_keypad_digit, is_keypad_move

HAS_NUM_LOCK = sys.platform != "darwin"
"""Keyboards of macOS have no NumLock, and Qt marks all of their arrows as keypad keys."""


class NumLockWatch(QObject):
    """Reports once that the number pad moves the cursor in a field instead of writing digits.

    A digit of the pad rearms it: NumLock is on again.
    """

    found_off = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_reported = not HAS_NUM_LOCK

    def note(self, widget: QWidget, event: QKeyEvent) -> None:
        """Take note of a key press."""
        if is_keypad_digit(event):
            self._is_reported = not HAS_NUM_LOCK
        elif (
            not self._is_reported
            and is_keypad_move(event)
            and isinstance(widget, (QLineEdit, QAbstractSpinBox))
        ):
            self._is_reported = True
            self.found_off.emit()
