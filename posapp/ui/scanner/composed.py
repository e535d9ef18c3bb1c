"""Text of a burst, from keys and from an input method."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent

KEPT = 200
"""Characters of a code kept at most."""


class Composed:
    """Collects the text and tracks the composing syllable, so that it does not count twice."""

    def __init__(self) -> None:
        self._text = ""
        self._composing = ""
        self._dropped = ""

    @property
    def text(self) -> str:
        """Return the text since ``begin``."""
        return (self._text + self._composing)[:KEPT]

    def begin(self) -> None:
        """Start a new burst, without the syllable that a person is still composing."""
        self._text = self._composing = self._dropped = ""

    def drop(self) -> None:
        """Discard the composing syllable after a scan."""
        self._dropped = self._composing
        self._text = self._composing = ""

    def write(self, text: str) -> None:
        """Add the text of a key."""
        if len(self._text) < KEPT:
            self._text += text

    def add(self, event: QInputMethodEvent) -> None:
        """Add a step of an input method."""
        self.write(event.commitString())
        self._composing = event.preeditString()

    def is_only_kept(self, event: QInputMethodEvent) -> bool:
        """Return whether the event only commits the composing syllable, without a new key."""
        kept = event.commitString()
        return bool(kept) and kept == self._composing and not event.preeditString()

    def is_left_over(self, event: QInputMethodEvent) -> bool:
        """Return whether the event is the late commit of a syllable left by a scan."""
        kept = event.commitString()
        return bool(kept) and kept == self._dropped and not event.preeditString()
