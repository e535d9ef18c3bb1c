"""Filter of key repetitions: a held key presses once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class KeyRepeatFilter(QObject):
    """Ignores repetitions of Enter and Space on its widgets.

    A key held since the previous screen must not answer this one. For lines and dialogs: a
    ``Button`` does the same itself. In a text field only Enter is filtered: blanks may be typed by
    holding the key.
    """

    def __init__(self, *widgets: QWidget, blanks: bool = False, parent: QObject) -> None:
        super().__init__(parent)
        self._keys = _PRESSING[:2] if blanks else _PRESSING
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Filter a repetition; pass all other events on."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return event.isAutoRepeat() and event.key() in self._keys
        return False
