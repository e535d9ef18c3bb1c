"""Import use case: read a file, check it against the store, apply it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentProblem
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.importing.columns import NO_CHOICE, ColumnChoice
from posapp.services.importing.file_reader import read_bytes, read_content
from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable
from posapp.services.importing.import_plan import Plan, make_plan
from posapp.services.importing.import_report import Report, make_report
from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.importing.move_times import moved
from posapp.services.importing.order_lines import TableHead
from posapp.services.importing.rows import Batch
from posapp.services.importing.take_back import TakeBack
from posapp.services.importing.titles import plain_title
from posapp.services.importing.write_plan import (
    Overtaken,
    Progress,
    Stopped,
    begin_import,
    write_plan,
)
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


class ImportService:
    """Imports users, products and orders from a file. The package docstring describes the formats.

    Args:
        sellers: whether a file may grant and remove the seller status. Sellers decide on refunds.
        layouts: files of other systems that are recognised.
        taking_back: shared by all who import or undo in this process.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        taking_back: TakeBack | None = None,
        *,
        sellers: bool = False,
        layouts: Layouts = NO_LAYOUTS,
    ) -> None:
        self._layouts = layouts
        self._store = store
        self._clock = clock
        self._access = access
        self._taking_back = taking_back or TakeBack(store, clock)
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
            return make_report(plan, complaints, written=False)

    def apply(
        self,
        actor: Actor,
        batch: Batch,
        on_error: OnError = OnError.REFUSE,
        *,
        sellers: bool | None = None,
        progress: Progress = lambda done, size: True,
    ) -> Report:
        """Write a batch: all good records, or none with ``REFUSE`` and a complaint.

        It is written in short transactions, so that the till goes on meanwhile; its records show
        up one after the other. Whatever ends it before its last transaction, everything is taken
        back: now, or at the next start. Only orders that something happened to meanwhile stay.

        The operation is idempotent. A known user or listed product is updated except for its
        stock; a known order is never changed. How the columns were mapped is remembered for files
        with the same titles.

        Args:
            sellers: as in ``check``.
            progress: called after each transaction; ``False`` stops, and all is taken back.

        Raises:
            UserError: ``NOT_PERMITTED``.
            EnvironmentProblem: the disk failed; what was written is taken back.
        """
        with self._taking_back.turn:
            with self._store.snapshot() as work:
                self._access.require(work, actor, Permission.IMPORT)
            self._taking_back.take_back_unfinished()
            with self._store.snapshot() as work:
                complaints = _continued(batch)
                plan = self._plan(work, batch, complaints, sellers)
            refused = bool(complaints.kept) and on_error is OnError.REFUSE
            if refused or batch.unusable:
                return make_report(plan, complaints, written=False)
            with self._store.transaction() as work:
                self._access.require(work, actor, Permission.IMPORT)
                number = 0
                if plan.is_empty:
                    self._remember(work, batch)
                else:
                    number = begin_import(work, plan, batch, actor, self._clock.now())
                work.commit()
            report = make_report(plan, complaints, written=True)
            return self._write(actor, batch, plan, number, progress, report) if number else report

    def _write(
        self,
        actor: Actor,
        batch: Batch,
        plan: Plan,
        number: int,
        progress: Progress,
        report: Report,
    ) -> Report:
        """Write an import that has begun, or take it back."""
        store = self._store
        try:
            write_plan(store, self._clock, plan, number, batch.source, progress)
            with store.transaction() as work:
                work.imports.finish(number)
                self._remember(work, batch)
                work.commit()
        except (Stopped, Overtaken) as end:
            with store.transaction() as work:
                work.imports.begin_undo(number, actor)
                record = work.imports.get(number)
                work.commit()
            assert record is not None  # noqa: S101 - imports are never deleted
            kept = self._taking_back.take_back(record).kept
            stopped = isinstance(end, Stopped)
            return replace(report, written=False, stopped=stopped, kept=kept)
        except Exception:
            self._try_to_take_back()
            raise
        log.info("%s imported by %s", batch.source, actor)
        return replace(report, import_id=number)

    def _try_to_take_back(self) -> None:
        """Take back what a failure has left; the next start does what is impossible now."""
        try:
            self._taking_back.take_back_unfinished()
        except EnvironmentProblem:
            log.exception("an import is left to be taken back")

    def _remember(self, work: UnitOfWork, batch: Batch) -> None:
        if batch.choice != NO_CHOICE:
            mapped = MappedColumns(batch.choice.columns, batch.choice.values)
            work.imports.remember_mapping(_key_of(batch.titles), mapped, self._clock.now())

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
