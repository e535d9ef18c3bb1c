"""The ``Speaker`` of a program that says nothing."""

from __future__ import annotations

from posapp.domain.spoken import Spoken


class SilentSpeaker:
    """Says nothing, e.g. where the shop wants no speech."""

    problem = ""

    def say(self, spoken: Spoken | str, language: str, *, urgent: bool = False) -> None:
        """See ``Speaker``."""

    def stop(self) -> None:
        """See ``Speaker``."""

    def set_speed(self, percent: int) -> None:
        """See ``Speaker``."""

    def set_volume(self, percent: int) -> None:
        """See ``Speaker``."""

    def close(self) -> None:
        """See ``Speaker``."""
