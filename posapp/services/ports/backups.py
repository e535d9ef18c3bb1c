"""Port for backups of the shop's database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A finished backup, which was checked when it was made.

    Attributes:
        name: of its file.
        made_at: UTC.
        size: bytes.
    """

    name: str
    made_at: datetime
    size: int


class BackupStore(Protocol):
    """Storage of backups. Raises ``EnvironmentProblem`` for disk errors."""

    def regular(self) -> tuple[BackupFile, ...]:
        """Return the copies that ``make`` made, newest first. Copies from before a change of the
        schema and copies added by hand are excluded: nothing here deletes them."""
        ...

    def make(self, at: datetime) -> BackupFile:
        """Copy the database, which may be in use, check the copy, and give it its name only then.

        Raises:
            EnvironmentProblem: ``DATABASE_CORRUPT``: the copy failed the check, so the database is
                damaged; ``DISK_FULL``: there is no room, and selling needs what is left; or another
                disk error. Every older copy is unchanged.
        """
        ...

    def remove(self, copy: BackupFile) -> None:
        """Delete a copy; a missing one is not an error."""
        ...
