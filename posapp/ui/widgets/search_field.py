"""Search field that searches while the user types."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QRectF, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.field import FieldLine
from posapp.ui.widgets.icons import paint_sign

DEBOUNCE_MS = 120
"""Milliseconds of a typing pause: a shorter one would only start searches that are superseded."""

_GAP = 12
"""Pixels between the icon and the text."""

_MOVES = {"Key_Up": -1, "Key_Down": 1, "Key_PageUp": -8, "Key_PageDown": 8}


class SearchField(FieldLine):
    """Keeps the focus while the arrow keys move through a separate list.

    Esc clears the text first; a second Esc has its usual meaning on the screen. A syllable that an
    input method is still composing counts as typed: 콜 finds 콜라 before the syllable is finished.
    """

    searched = Signal(str)
    """Carries the text, once typing pauses, if it is another one than was searched for."""

    picked = Signal()
    """Enter was pressed."""

    moved = Signal(int)
    """Moves the list's current row. Carries the number of rows, negative for up."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_painted = False
        self._composing = self._searched_for = ""
        self.setProperty("role", "search")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.textChanged.connect(self._wait)
        theme.changed.connect(self._make_room)
        self._make_room()

    @property
    def is_pausing(self) -> bool:
        """Return whether the typed text is not searched for yet."""
        return self._timer.isActive()

    @property
    def typed(self) -> str:
        """Return the trimmed text, with the syllable that is being composed."""
        text, at = self.text(), self.cursorPosition()
        return f"{text[:at]}{self._composing}{text[at:]}".strip()

    def show_text(self, text: str) -> None:
        """Set the text without a search."""
        self._composing = ""
        self.setText(text)
        self._searched_for = self.typed
        self._timer.stop()

    def flush(self) -> None:
        """Search for the typed text at once."""
        if self._timer.isActive():
            self._timer.stop()
            self._search()

    def event(self, event: QEvent) -> bool:
        """Claim Esc while there is text to clear, and Ctrl+Z while there is text to undo."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == QtCore.Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == QtCore.Qt.Key.Key_Z
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take the syllable that is being composed into the search."""
        self._composing = ""  # what is committed below is in the text
        super().inputMethodEvent(event)
        self._composing = event.preeditString()
        self._wait()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle arrows (move), Enter (pick) and Esc (clear); pass other keys to the field."""
        keys = QtCore.Qt.Key
        key = keys(event.key())
        if key.name in _MOVES:
            self.moved.emit(_MOVES[key.name])
        elif key in (keys.Key_Return, keys.Key_Enter):
            self.picked.emit()
        elif key == keys.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the icon before its text, which the first paint leaves out.

        Drawing it needs more of Qt than the first window may touch (see ``posapp.ui``).
        """
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.update)
            return
        painter = QPainter(self)
        side = self._theme.size("sign")
        into = QRectF(self._theme.size("padding"), (self.height() - side) / 2, side, side)
        paint_sign(painter, "search", into, self._theme.colour("text-muted"))
        painter.end()

    def _make_room(self) -> None:
        self.indent(self._theme.size("sign") + _GAP)

    def _wait(self) -> None:
        """Wait for a pause; a scan, which puts the text back, searches for nothing."""
        if self.typed == self._searched_for:
            self._timer.stop()
        else:
            self._timer.start()

    def _search(self) -> None:
        self._searched_for = self.typed
        self.searched.emit(self._searched_for)
