"""Papers that wait for the receipt printer."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, bindparam, func, insert, select, update

from posapp.domain.print_jobs import PrintJob
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.print_tables import PRINT_OPEN, print_jobs
from posapp.store.repositories.row_mapping import to_row

_FIXED = frozenset({"id", "paper", "created_at", "till"})
_TILL = print_jobs.c.till == bindparam("till")
_ALL = select(*print_jobs.c)
_GET = _ALL.where(print_jobs.c.id == bindparam("of"))
_ADD = insert(print_jobs)
_SAVE = (
    update(print_jobs)
    .where(print_jobs.c.id == bindparam("of"))
    .values({one.name: bindparam(one.name) for one in print_jobs.c if one.name not in _FIXED})
)
_OPEN = _ALL.where(_TILL, PRINT_OPEN).order_by(print_jobs.c.id).limit(bindparam("limit"))
_COUNT = select(func.count()).select_from(print_jobs).where(_TILL, PRINT_OPEN)


class SqlPrintJobs:
    """Port ``PrintJobs``."""

    def __init__(self, connection: Connection, ids: RecordIds) -> None:
        self._connection = connection
        self._ids = ids

    def add(self, job: PrintJob) -> PrintJob:
        """Store a new paper of this till; return it with its id."""
        stored = replace(job, id=self._ids.next(RecordKind.PRINT_JOB), till=self._ids.till)
        self._connection.execute(_ADD, to_row(stored))
        return stored

    def get(self, job_id: int) -> PrintJob | None:
        """Return a paper, or ``None``."""
        row = self._connection.execute(_GET, {"of": job_id}).one_or_none()
        return None if row is None else PrintJob(*row)

    def save(self, job: PrintJob) -> None:
        """Write all of a paper but its number, name, time and till.

        Raises:
            LookupError: there is no such paper.
        """
        values = {**to_row(job, without=_FIXED), "of": job.id}
        if self._connection.execute(_SAVE, values).rowcount != 1:
            raise LookupError(f"no print job {job.id}")

    def open(self, limit: int) -> tuple[PrintJob, ...]:
        """Return the till's papers that are not over, oldest first."""
        values = {"till": self._ids.till, "limit": limit}
        return tuple(PrintJob(*row) for row in self._connection.execute(_OPEN, values))

    def count_open(self) -> int:
        """Return the number of those."""
        found: int = self._connection.execute(_COUNT, {"till": self._ids.till}).scalar_one()
        return found
