"""The text of a burst, from keys and from what an input method makes of them."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent

KEPT = 200
"""Characters of a code that are kept."""


class Composed:
    """Collects it; knows what is being composed, so that the same syllable does not count twice."""

    def __init__(self) -> None:
        self._text = ""
        self._composing = ""
        self._dropped = ""

    @property
    def text(self) -> str:
        """What arrived since ``begin``."""
        return (self._text + self._composing)[:KEPT]

    def begin(self) -> None:
        """A new burst. What a person is still composing is no part of it."""
        self._text = self._composing = self._dropped = ""

    def drop(self) -> None:
        """The burst was a scan: what is being composed is not wanted any more."""
        self._dropped = self._composing
        self._text = self._composing = ""

    def write(self, text: str) -> None:
        """A key wrote this."""
        if len(self._text) < KEPT:
            self._text += text

    def add(self, event: QInputMethodEvent) -> None:
        """An input method did this."""
        self.write(event.commitString())
        self._composing = event.preeditString()

    def is_only_kept(self, event: QInputMethodEvent) -> bool:
        """The syllable that was being composed stays as it is: there is no new key behind it."""
        kept = event.commitString()
        return bool(kept) and kept == self._composing and not event.preeditString()

    def is_left_over(self, event: QInputMethodEvent) -> bool:
        """The syllable that a scan left behind, coming late."""
        kept = event.commitString()
        return bool(kept) and kept == self._dropped and not event.preeditString()
