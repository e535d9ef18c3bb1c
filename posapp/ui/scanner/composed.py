"""Text of a burst, from keys and from an input method."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QInputMethodEvent

from posapp.ui.scanner.code import keys_of

KEPT = 200
"""Characters of a code kept at most."""


class Composed:
    """Collects the text and tracks the composing syllable, so that it does not count twice.

    A person may still be composing when a scan begins. The first keys of the scan then change that
    syllable: 한 and ㅖ become 하녜. ``before`` is what the person composed, and is no part of the
    text.
    """

    def __init__(self) -> None:
        self._text = ""
        self._composing = ""
        self._hidden = ""
        self._dropped = ""
        self._place: QObject | None = None
        self.before = ""

    @property
    def text(self) -> str:
        """Return the text since ``begin``, without the syllable composed before it."""
        text = self._text + self._composing
        if self.before:
            text = keys_of(text).removeprefix(keys_of(self.before))
        return text[:KEPT]

    def begin(self, place: QObject) -> None:
        """Start a new burst at a widget."""
        self.before = self._composing if place is self._place else ""
        self._text = self._composing = self._hidden = self._dropped = ""

    def drop(self) -> None:
        """Discard the composing syllable after a scan."""
        self._dropped = self._composing
        self._text = self._composing = self._hidden = self.before = ""

    def write(self, text: str) -> None:
        """Add the text of a key."""
        if len(self._text) < KEPT:
            self._text += text

    def add(self, event: QInputMethodEvent, place: QObject) -> None:
        """Add a step of an input method, sent to this widget."""
        self.write(event.commitString())
        self._composing, self._hidden, self._place = event.preeditString(), "", place

    def hide(self) -> None:
        """Take the composing syllable off: input methods hide it before they commit it."""
        self._hidden = self._composing or self._hidden
        self._composing = ""

    def is_only_kept(self, event: QInputMethodEvent) -> bool:
        """Return whether the event only commits the composing syllable, without a new key."""
        kept = event.commitString()
        composing = self._composing or self._hidden
        return bool(kept) and kept == composing and not event.preeditString()

    def is_left_over(self, event: QInputMethodEvent) -> bool:
        """Return whether the event is the late commit of a syllable left by a scan."""
        kept = event.commitString()
        return bool(kept) and kept == self._dropped and not event.preeditString()
