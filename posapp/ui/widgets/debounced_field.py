"""Labelled text field that reports its text once typing pauses."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal

from posapp.ui.widgets.field import Field
from posapp.ui.widgets.search_field import DEBOUNCE_MS


class DebouncedField(Field):
    """A field of a text, a number or a time, which its owner checks.

    Args:
        name: the object name of the line.
    """

    typed = Signal()
    """Typing paused, or Enter was pressed; ``text`` holds the text."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self.typed)
        self.line.textEdited.connect(lambda _: self._timer.start())
        self.line.returnPressed.connect(self._flush)

    @property
    def text(self) -> str:
        """Return the trimmed text."""
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """Set the text, unless the user is typing."""
        if not self._timer.isActive() and self.text != text:
            self.line.setText(text)

    def forget(self, text: str = "") -> None:
        """Set the text, even while the user is typing."""
        self._timer.stop()
        self.line.setText(text)

    def _flush(self) -> None:
        self._timer.stop()
        self.typed.emit()
