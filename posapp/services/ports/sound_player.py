"""Port of sounds: short signals to people who are not looking at the screen."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Sound(StrEnum):
    """A signal; the value is the name of its file in ``resources/sounds``.

    ``PAID``: money has arrived. ``FAILED``: a payment ended without money. ``CALL``: a buyer calls
    the staff. ``NOTICE``: something to look at.
    """

    PAID = "paid"
    FAILED = "failed"
    CALL = "call"
    NOTICE = "notice"


class SoundPlayer(Protocol):
    """Plays signals. No method waits for the sound, and none raises an error."""

    def play(self, sound: Sound) -> None:
        """Play a signal once, after those that are still to be heard."""
        ...

    def set_volume(self, percent: int) -> None:
        """Set the volume, from 0 to 100; at 0 nothing is played."""
        ...

    @property
    def problem(self) -> str:
        """Why nothing is heard now, for the log and the doctor; empty while sounds work."""
        ...

    def close(self) -> None:
        """Play nothing more, in bounded time."""
        ...


class NoSounds:
    """The ``SoundPlayer`` of a program that makes no sound."""

    problem = ""

    def play(self, sound: Sound) -> None:
        """See ``SoundPlayer``."""

    def set_volume(self, percent: int) -> None:
        """See ``SoundPlayer``."""

    def close(self) -> None:
        """See ``SoundPlayer``."""
