"""Port of speech: says texts to whoever does not see the screen."""

from __future__ import annotations

from typing import Protocol

from posapp.domain.spoken import Spoken

SPEEDS = (75, 100, 125, 150, 200)
"""Speeds of speech in percent of the usual one, slowest first: 0.75 to 2.0 times in five steps."""

USUAL_SPEED = 100
USUAL_VOLUME = 80
"""What each buyer begins with, in percent."""


class Speaker(Protocol):
    """Says texts, one after the other. No method waits for speech, and none raises an error."""

    def say(self, spoken: Spoken | str, language: str, *, urgent: bool = False) -> None:
        """Say a text after those that wait.

        Args:
            language: ``ko`` or ``en``.
            urgent: in place of the text that is being said and of those that wait.
        """
        ...

    def stop(self) -> None:
        """Stop speaking and forget what waits."""
        ...

    def set_speed(self, percent: int) -> None:
        """Set the speed of the texts to come: one of ``SPEEDS``.

        Raises:
            ValueError: it is none of them.
        """
        ...

    def set_volume(self, percent: int) -> None:
        """Set the volume of the texts to come; what is outside 0 to 100 becomes the nearest."""
        ...

    @property
    def problem(self) -> str:
        """Why nothing is heard now, for the log and the doctor; empty while speech works."""
        ...

    def close(self) -> None:
        """Stop speaking for good, in bounded time."""
        ...
