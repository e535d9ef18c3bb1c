"""What every speech engine has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from posapp.system.sound.output_queue import Interrupt

ANSWER_SECONDS = 5
"""Limit for the answer to a command."""

LONGEST_TEXT = 1_000
"""Characters of one text; the rest is not said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text with how it is to be said.

    Attributes:
        language: ``ko`` or ``en``.
        speed: percent of the usual one.
        volume: percent.
        clips: recordings that say the same (``domain.spoken``).
    """

    text: str
    language: str
    speed: int
    volume: int
    clips: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """Return the text as one line of printable characters."""
        shown = (letter if letter.isprintable() else " " for letter in self.text[:LONGEST_TEXT])
        return " ".join("".join(shown).split())

    @property
    def limit_seconds(self) -> float:
        """Return the time after which an engine that has not finished the text never will."""
        return 10 + len(self.line) * 100 / self.speed / 2


class SpeechEngine(Protocol):
    """Says texts. Every method takes bounded time and raises ``OutputFailure``."""

    def speak(self, utterance: Utterance, interrupt: Interrupt) -> None:
        """Say a text; returns at its end, or soon after the interrupt."""
        ...

    def voices(self) -> frozenset[str]:
        """Return the languages for which there is a voice: ``{"ko", "en"}``."""
        ...

    def close(self) -> None:
        """Let the engine go."""
        ...
