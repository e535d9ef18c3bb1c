"""The line that searches while one types."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.ui.theme import Theme
from posapp.ui.widgets.strokes import paint_sign

DEBOUNCE_MS = 120
"""Between two keys of a fast typist; shorter asks for nothing but answers nobody reads."""

_SIGN = 24

_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
}


class SearchField(QLineEdit):
    """Keeps the focus while arrows move through a list elsewhere, so that nothing typed is lost.

    Esc empties it first; pressed once more it means whatever Esc means on the screen.
    """

    searched = Signal(str)
    """The text, once typing pauses."""

    picked = Signal()
    """Enter."""

    moved = Signal(int)
    """Up or down in the list, by so many rows."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "search")
        self.setMaxLength(200)
        self.setTextMargins(_SIGN + 12, 0, 0, 0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.textChanged.connect(lambda _: self._timer.start())
        theme.changed.connect(self.update)

    @property
    def is_pausing(self) -> bool:
        """Something was typed that has not been searched for yet."""
        return self._timer.isActive()

    def show_text(self, text: str) -> None:
        """Show a text that nobody typed: it is not searched for, at once or later."""
        self.setText(text)
        self._timer.stop()

    def flush(self) -> None:
        """Search at once for what was typed."""
        if self._timer.isActive():
            self._timer.stop()
            self._search()

    def event(self, event: QEvent) -> bool:
        """Claim Esc for itself while there is text to be emptied."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list, Enter picks, Esc empties; all else is text."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.moved.emit(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, and the sign before its text."""
        super().paintEvent(event)
        painter = QPainter(self)
        into = QRectF(16, (self.height() - _SIGN) / 2, _SIGN, _SIGN)
        paint_sign(painter, "search", into, self._theme.colour("text-muted"))
        painter.end()

    def _search(self) -> None:
        self.searched.emit(self.text().strip())
