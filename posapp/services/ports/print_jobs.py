"""Port for papers that wait for the receipt printer."""

from __future__ import annotations

from typing import Protocol

from posapp.domain.print_jobs import PrintJob


class PrintJobs(Protocol):
    """Papers of the till that writes. The database holds that a paper that is over stays so."""

    def add(self, job: PrintJob) -> PrintJob:
        """Store a new paper (its id is ignored) and return it with its id."""
        ...

    def get(self, job_id: int) -> PrintJob | None:
        """Return a paper, or ``None``."""
        ...

    def save(self, job: PrintJob) -> None:
        """Write all of a paper that may change."""
        ...

    def open(self, limit: int) -> tuple[PrintJob, ...]:
        """Return the papers of this till that are not over, oldest first."""
        ...

    def count_open(self) -> int:
        """Return the number of those."""
        ...
