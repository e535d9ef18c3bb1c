"""Port of the disk under the shop's database, as the watch over it sees it."""

from __future__ import annotations

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
