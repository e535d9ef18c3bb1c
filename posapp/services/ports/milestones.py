"""Port of what a database knows about itself: whose it is, how far things came, how old it is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Milestones(Protocol):
    """What the database knows about itself; a file put back from a copy brings its own."""

    def till_code(self) -> str:
        """Six hexadecimal digits that are in every number this till makes (``domain.numbers``)."""
        ...

    def get(self, name: str) -> datetime | None:
        """A milestone (UTC), or ``None``."""
        ...

    def set(self, name: str, at: datetime) -> None:
        """Put a milestone, in place of an older one of that name."""
        ...

    def behind_since(self) -> datetime | None:
        """When the file was found to be an older copy, or was made as one (UTC); ``None``: it was
        compared with PortOne's books since, or never was behind them."""
        ...

    def set_behind(self, at: datetime) -> None:
        """Remember that the file is an older copy. What was done after it is not known."""
        ...

    def set_compared(self) -> None:
        """The file is behind no more: all of PortOne's books was compared with it."""
        ...

    def last_old_attempt(self) -> int:
        """The largest id of an attempt that was in the file when it was last an older copy; 0: it
        never was one."""
        ...
