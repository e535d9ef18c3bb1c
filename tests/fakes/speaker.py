"""A speaker that keeps what it is given, as a log of what a buyer hears."""

from __future__ import annotations

from posapp.domain.spoken import Spoken
from posapp.services.ports.speaker import USUAL_SPEED, USUAL_VOLUME


class FakeSpeaker:
    """Keeps texts; ``!`` before one says that it replaces what is being said.

    Attributes:
        log: texts in order, and ``(stop)``.
        spoken: the same with their recordings.
        clips: recordings of the last text.
    """

    problem = ""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.spoken: list[Spoken | str] = []
        self.clips: tuple[str, ...] = ()
        self.languages: set[str] = set()
        self.speed, self.volume = USUAL_SPEED, USUAL_VOLUME

    def say(self, spoken: Spoken | str, language: str, *, urgent: bool = False) -> None:
        """See ``Speaker``."""
        text, clips = (spoken, ()) if isinstance(spoken, str) else (spoken.text, spoken.clips)
        self.log.append(f"! {text}" if urgent else text)
        self.clips = clips
        self.spoken.append(spoken)
        self.languages.add(language)

    def stop(self) -> None:
        """See ``Speaker``."""
        self.log.append("(stop)")

    def set_speed(self, percent: int) -> None:
        """See ``Speaker``."""
        self.speed = percent

    def set_volume(self, percent: int) -> None:
        """See ``Speaker``."""
        self.volume = percent

    def close(self) -> None:
        """See ``Speaker``."""
