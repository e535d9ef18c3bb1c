"""Port of the disk under the shop's database, as the watch over it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from posapp.domain.errors import EnvironmentProblem


class Disk(Protocol):
    """What the disk did to the database while the program runs."""

    def trouble(self) -> EnvironmentProblem | None:
        """What stands in the way of selling, or ``None``. Does not block."""
        ...

    def mend(self) -> None:
        """See whether it is over: keep a reserve again when there is room for it. What is wrong is
        in ``trouble`` afterwards; nothing is raised."""
        ...


@dataclass(frozen=True, slots=True)
class RestoredFrom:
    """A damaged database was replaced by a copy when the shop was opened.

    Attributes:
        copy: the copy that was put in place; it is still there.
        made_at: when it was made (UTC): what was recorded later is not in it.
        aside: the damaged file's new name, with its -wal and -shm beside it.
        why: what was wrong, in SQLite's words.
    """

    copy: Path
    made_at: datetime
    aside: Path
    why: str
