"""Port for monitoring the disk of the shop's database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from posapp.domain.errors import EnvironmentProblem


class DiskMonitor(Protocol):
    """Disk problems of the database while the program runs."""

    def problem(self) -> EnvironmentProblem | None:
        """Return the problem that prevents selling, or ``None``. Does not block."""
        ...

    def recheck(self) -> None:
        """Check again: restore the reserve when there is room for it. A remaining problem is in
        ``problem`` afterwards; nothing is raised."""
        ...


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """Report of a restore: a damaged database was replaced by a copy when the shop was opened.

    Attributes:
        copy: the copy that replaced the database; it is kept.
        made_at: when the copy was made (UTC); later records are not in it.
        aside: the damaged file's new name, with its -wal and -shm beside it.
        why: what was wrong, in SQLite's own text.
    """

    copy: Path
    made_at: datetime
    aside: Path
    why: str
