"""The count that is typed before a scan or for the current line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from posapp.domain.carts import MOST_PIECES

Step = Callable[[int], object]
"""Changes the count of the current line by 1 or -1."""


class CountEntry(QObject):
    """Digits make a count; + and - change the current line's at once, and Backspace takes a digit
    back."""

    changed = Signal()
    """``typed`` is another."""

    def __init__(self, step: Step, parent: QObject) -> None:
        super().__init__(parent)
        self._step = step
        self._typed = 0

    @property
    def typed(self) -> int:
        """Return the count; 0: none is typed."""
        return self._typed

    def take(self) -> int:
        """Return the count, and forget it; 0: none is typed."""
        count, self._typed = self._typed, 0
        return count

    def forget(self) -> None:
        """Forget what is typed."""
        self._typed = 0
        self.changed.emit()

    def take_key(self, text: str) -> None:
        """Take the text of a key of the count (``is_count_key``)."""
        if text in ("+", "-"):
            self._step(1 if text == "+" else -1)
        elif text.isdigit():
            typed = self._typed * 10 + int(text)
            self._typed = typed if typed <= MOST_PIECES else self._typed
        else:
            self._typed //= 10
        self.changed.emit()
