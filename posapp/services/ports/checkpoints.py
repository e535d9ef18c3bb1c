"""Port for the database's own state: its till, its checkpoints, and whether it is an older copy."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

RECONCILED_UNTIL = "reconciled"
FULLY_RECONCILED_UNTIL = "reconciled wide"
"""Checkpoints: the time, by PortOne's clock, up to which everything was compared."""


class Checkpoints(Protocol):
    """The database's own state; a restored copy brings its own."""

    def till_code(self) -> str:
        """Return the six hexadecimal digits that are in every number this till makes
        (``domain.merchant_numbers``)."""
        ...

    def get(self, name: str) -> datetime | None:
        """Return a checkpoint (UTC), or ``None``."""
        ...

    def set(self, name: str, at: datetime) -> None:
        """Store a checkpoint, replacing an older one of that name."""
        ...

    def behind_since(self) -> datetime | None:
        """Return when the file was found to be an older copy, or was made as one (UTC); ``None``:
        it was compared with PortOne's books since then, or never was an older copy."""
        ...

    def set_behind(self, at: datetime) -> None:
        """Mark the file as an older copy: records made after it are missing."""
        ...

    def set_compared(self) -> None:
        """Clear the mark: the file was compared with all of PortOne's books."""
        ...

    def last_old_attempt(self) -> int:
        """Return the largest attempt id that was in the file when it was last an older copy; 0: it
        never was one."""
        ...
