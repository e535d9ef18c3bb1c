"""Port of the copies of the shop's database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Copy:
    """One finished copy: it was checked when it was made.

    Attributes:
        name: of its file.
        made_at: UTC.
        size: bytes.
    """

    name: str
    made_at: datetime
    size: int


class Copies(Protocol):
    """Where copies are kept. Raises ``EnvironmentProblem`` for what the disk says."""

    def regular(self) -> tuple[Copy, ...]:
        """The copies that ``make`` made, newest first. Those from before a change of the schema
        and those that people put there are not among them: nothing here takes them away."""
        ...

    def make(self, at: datetime) -> Copy:
        """Copy the database, which may be in use, check the copy, and name it only then.

        Raises:
            EnvironmentProblem: ``DATABASE_CORRUPT``: the copy did not pass, so the database is
                damaged; ``DISK_FULL``: there is no room, and selling needs what is left; or what
                the disk says. Every older copy stands as it did.
        """
        ...

    def remove(self, copy: Copy) -> None:
        """Take away a copy; one that is gone already is no trouble."""
        ...
