"""Keys that are held down press once."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class HeldKeys(QObject):
    """Swallows the repetitions of Enter and Space in front of its widgets: a key that is still
    down from the screen before must not answer this one.

    In a field of text, only Enter is meant: blanks may be typed by holding the key.
    """

    def __init__(self, *widgets: QWidget, blanks: bool = False, parent: QObject) -> None:
        super().__init__(parent)
        self._keys = _PRESSING[:2] if blanks else _PRESSING
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow a repetition; everything else goes its way."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return event.isAutoRepeat() and event.key() in self._keys
        return False
