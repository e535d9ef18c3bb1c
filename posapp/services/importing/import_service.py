"""Import use case: read a file, check it against the store, apply it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.importing.columns import NO_CHOICE, ColumnChoice
from posapp.services.importing.file_reader import read_bytes, read_content
from posapp.services.importing.import_errors import Cause, Complaint, Complaints, FileUnusable
from posapp.services.importing.import_plan import Plan, make_plan
from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.importing.move_times import moved
from posapp.services.importing.order_lines import TableHead
from posapp.services.importing.rows import Batch
from posapp.services.importing.titles import plain_title
from posapp.services.importing.write_plan import Progress, Stopped, write_plan
from posapp.services.ports.imports import MappedColumns
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)

AHEAD_LIMIT = timedelta(days=1)
"""Maximum lead of a time over our clock. Clocks and zones differ by less than a day."""


class OnError(StrEnum):
    """Handling of the good records if some are bad."""

    REFUSE = "refuse"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Tally:
    """Number of records of one kind."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Result of an import or of its check.

    Attributes:
        import_id: number of the import, by which it can be undone; 0 if nothing was written.
        stopped: the caller stopped it; nothing was written.
        payments, refunds: claimed by the file for orders that are added or claimed again; they
            count once PortOne has confirmed them (``verify_claims``).
        complaints: by line; ``omitted`` more were only counted.
        written: whether the store holds the batch now. ``False`` after ``check``, and if ``REFUSE``
            rejected the batch because of complaints; the tallies then hold what would be written.
    """

    users: Tally
    products: Tally
    orders: Tally
    payments: int
    refunds: int
    complaints: tuple[Complaint, ...]
    omitted: int
    written: bool
    import_id: int = 0
    stopped: bool = False


class ImportService:
    """Imports users, products and orders from a file. The package docstring describes the formats.

    Args:
        sellers: whether a file may grant and remove the seller status. Sellers decide on refunds.
        layouts: files of other systems that are recognised.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        *,
        sellers: bool = False,
        layouts: Layouts = NO_LAYOUTS,
    ) -> None:
        self._layouts = layouts
        self._store = store
        self._clock = clock
        self._access = access
        self._sellers = sellers

    def read(
        self,
        path: Path,
        *,
        choice: ColumnChoice = NO_CHOICE,
        shift_to: datetime | None = None,
    ) -> Batch:
        """Read a file: ``.json`` as a shop, ``.csv``, ``.tsv``, ``.txt`` and ``.xlsx`` as order
        lines.

        Content errors are in the batch's complaints. Of the store only the mapping is read that
        was remembered for a file with these titles.

        Args:
            choice: how the columns are mapped; counts before what was remembered.
            shift_to: move all times of the file so that the newest is this one (aware); keeps the
                demo shop recent.

        Raises:
            EnvironmentProblem: ``FILE_UNREADABLE``: the file does not exist or cannot be read.
        """
        complaints = Complaints()
        table = TableHead(choice, self.remembered)
        try:
            content = read_bytes(path)
            found = read_content(content, complaints, table, self._layouts)
        except FileUnusable as error:
            kept = (*complaints.sorted(), *error.complaints)
            return Batch(
                complaints=kept,
                omitted=complaints.omitted,
                unusable=True,
                source=path.name,
                titles=table.titles,
                choice=table.choice,
            )
        newest = found.newest
        if shift_to is not None and newest is not None:
            delta = shift_to - newest
            orders = tuple(moved(row, delta) for row in found.orders)
            found = replace(found, orders=orders, shifted=True)
        timely = self._timely(found, complaints)
        return replace(
            timely,
            complaints=complaints.sorted(),
            omitted=complaints.omitted,
            source=path.name,
            titles=table.titles,
            choice=table.choice,
            digest=sha256(content.data).hexdigest(),
        )

    def remembered(self, titles: tuple[str, ...]) -> ColumnChoice:
        """Return how the columns of a file with these titles were mapped the last time."""
        if not titles:
            return NO_CHOICE
        with self._store.snapshot() as work:
            mapped = work.imports.mapping(_key_of(titles))
        return NO_CHOICE if mapped is None else ColumnChoice(mapped.columns, mapped.values)

    def check(self, batch: Batch, *, sellers: bool | None = None) -> Report:
        """Return what ``apply`` would do to the store now; writes nothing.

        Args:
            sellers: as in the constructor; ``None`` for what was said there.
        """
        with self._store.snapshot() as work:
            complaints = _continued(batch)
            plan = self._plan(work, batch, complaints, sellers)
            return _report(plan, complaints, written=False)

    def apply(
        self,
        actor: Actor,
        batch: Batch,
        on_error: OnError = OnError.REFUSE,
        *,
        sellers: bool | None = None,
        progress: Progress = lambda done, size: True,
    ) -> Report:
        """Write a batch in one unit of work: all good records, or none with ``REFUSE`` and a
        complaint.

        The operation is idempotent. A known user or listed product is updated except for its
        stock; a known order is never changed. How the columns were mapped is remembered for files
        with the same titles.

        Args:
            sellers: as in ``check``.
            progress: called between the records; ``False`` stops, and nothing is written.

        Raises:
            UserError: ``NOT_PERMITTED``.
            EnvironmentProblem: the disk failed; nothing was written.
        """
        try:
            with self._store.transaction() as work:
                self._access.require(work, actor, Permission.IMPORT)
                complaints = _continued(batch)
                plan = self._plan(work, batch, complaints, sellers)
                refused = bool(complaints.kept) and on_error is OnError.REFUSE
                if refused or batch.unusable:
                    return _report(plan, complaints, written=False)
                now = self._clock.now()
                number = write_plan(work, plan, batch, actor, now, progress)
                if batch.choice != NO_CHOICE:
                    mapped = MappedColumns(batch.choice.columns, batch.choice.values)
                    work.imports.remember_mapping(_key_of(batch.titles), mapped, now)
                work.commit()
        except Stopped:
            return replace(_report(plan, complaints, written=False), stopped=True)
        log.info("%s imported by %s", batch.source, actor)
        return replace(_report(plan, complaints, written=True), import_id=number)

    def _plan(
        self, work: UnitOfWork, batch: Batch, complaints: Complaints, sellers: bool | None
    ) -> Plan:
        if batch.unusable:
            return Plan()
        allowed = self._sellers if sellers is None else sellers
        return make_plan(work, batch, complaints, sellers=allowed)

    def _timely(self, batch: Batch, complaints: Complaints) -> Batch:
        latest = self._clock.now() + AHEAD_LIMIT
        good = []
        for row in batch.orders:
            times = [("created_at", row.order.created_at)]
            if row.payment is not None:
                times.append(("paid_at", row.payment.paid_at))
            times += [("cancelled_at", refund.created_at) for refund in row.refunds]
            for request in row.requests:
                times.append(("requests", request.processed_at or request.created_at))
            late = [(field, at) for field, at in times if at > latest]
            for field, at in late:
                path = f"{row.where}.{field}" if row.where else field
                shown = at.isoformat(timespec="minutes")
                complaints.add(row.line, Cause.TIME_FUTURE, path, shown)
            if not late:
                good.append(row)
        return replace(batch, orders=tuple(good))


def _key_of(titles: tuple[str, ...]) -> str:
    """Return the text by which the titles of a file are known again, in any order."""
    plain = "\n".join(sorted(plain_title(title) for title in titles))
    return sha256(plain.encode()).hexdigest()


def _continued(batch: Batch) -> Complaints:
    return Complaints(list(batch.complaints), batch.omitted)


def _report(plan: Plan, complaints: Complaints, *, written: bool) -> Report:
    return Report(
        Tally(len(plan.new_users), len(plan.changed_users), plan.same_users),
        Tally(len(plan.new_products), len(plan.changed_products), plan.same_products),
        Tally(len(plan.new_orders), 0, plan.same_orders),
        len(plan.claims),
        sum(len(row.refunds) for row in plan.claims),
        complaints.sorted(),
        complaints.omitted,
        written,
    )
