"""Import use case: read a file, check it against the store, apply it."""

from __future__ import annotations

import errno
import logging
import os
import stat
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.claims import PaymentClaim
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.importing.encoding import encoding_of
from posapp.services.importing.import_errors import Cause, Complaint, Complaints, FileUnusable
from posapp.services.importing.import_plan import Plan, make_plan
from posapp.services.importing.order_lines import read_order_lines
from posapp.services.importing.rows import Batch, ImportOrderRow
from posapp.services.importing.shop_file import read_shop_file
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)

SIZE_LIMIT = 32 * 1024 * 1024
"""Maximum file size in bytes; about 300,000 order lines. Split larger data into several files."""

AHEAD_LIMIT = timedelta(days=1)
"""Maximum lead of a time over our clock. Clocks and zones differ by less than a day."""

WRITE_CHUNK = 1000
_PIECE = 1024 * 1024


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


class ImportService:
    """Imports users, products and orders from a file. The package docstring describes the formats.

    Args:
        sellers: whether a file may grant and remove the seller status. Sellers decide on refunds.
    """

    def __init__(
        self, store: Store, clock: Clock, access: AccessControl, *, sellers: bool = False
    ) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._sellers = sellers

    def read(self, path: Path, *, shift_to: datetime | None = None) -> Batch:
        """Read a file: ``.json`` as a shop, ``.csv``, ``.tsv`` and ``.txt`` as order lines.

        Content errors are in the batch's complaints; the store is not read.

        Args:
            shift_to: move all times of the file so that the newest is this one (aware); keeps the
                demo shop recent.

        Raises:
            EnvironmentProblem: ``FILE_UNREADABLE``: the file does not exist or cannot be read.
        """
        complaints = Complaints()
        try:
            found = _read(path, complaints)
        except FileUnusable as error:
            kept = (*complaints.sorted(), error.complaint)
            return Batch(complaints=kept, omitted=complaints.omitted, unusable=True)
        newest = found.newest
        if shift_to is not None and newest is not None:
            delta = shift_to - newest
            orders = tuple(_moved(row, delta) for row in found.orders)
            found = replace(found, orders=orders, shifted=True)
        timely = self._timely(found, complaints)
        return replace(
            timely,
            complaints=complaints.sorted(),
            omitted=complaints.omitted,
            source=path.name,
        )

    def check(self, batch: Batch) -> Report:
        """Return what ``apply`` would do to the store now; writes nothing."""
        with self._store.snapshot() as work:
            complaints = _continued(batch)
            plan = self._plan(work, batch, complaints)
            return _report(plan, complaints, written=False)

    def apply(self, actor: Actor, batch: Batch, on_error: OnError = OnError.REFUSE) -> Report:
        """Write a batch in one unit of work: all good records, or none with ``REFUSE`` and a
        complaint.

        The operation is idempotent. A known user or listed product is updated except for its
        stock; a known order is never changed.

        Raises:
            UserError: ``NOT_PERMITTED``.
            EnvironmentProblem: the disk failed; nothing was written.
        """
        with self._store.transaction() as work:
            self._access.require(work, actor, Permission.IMPORT)
            complaints = _continued(batch)
            plan = self._plan(work, batch, complaints)
            refused = bool(complaints.kept) and on_error is OnError.REFUSE
            if refused or batch.unusable:
                return _report(plan, complaints, written=False)
            _write(work, plan, batch.source, self._clock.now())
            work.commit()
        log.info("%s imported by %s", batch.source, actor)
        return _report(plan, complaints, written=True)

    def _plan(self, work: UnitOfWork, batch: Batch, complaints: Complaints) -> Plan:
        if batch.unusable:
            return Plan()
        return make_plan(work, batch, complaints, sellers=self._sellers)

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


def _read(path: Path, complaints: Complaints) -> Batch:
    kind = path.suffix.lower()
    if kind not in (".json", ".csv", ".tsv", ".txt"):
        raise FileUnusable(Cause.FILE_KIND, value=path.name)
    data = _bytes_of(path)
    if not data.strip():
        raise FileUnusable(Cause.FILE_EMPTY)
    encoding = encoding_of(data)
    if kind == ".json":
        shop = read_shop_file(data.decode(encoding), complaints)
        return Batch(shop.users, shop.products, shop.orders)
    lines = read_order_lines(data, encoding, complaints)
    return Batch(tuple(lines.users), tuple(lines.products), tuple(lines.orders))


def _bytes_of(path: Path) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        with os.fdopen(_open_file(path), "rb") as file:
            while size <= SIZE_LIMIT and (piece := file.read(_PIECE)):
                pieces.append(piece)
                size += len(piece)
    except (OSError, ValueError) as error:
        # ValueError: the name contains NUL.
        raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, path.name) from error
    if size > SIZE_LIMIT:
        raise FileUnusable(Cause.FILE_TOO_LARGE, limit=SIZE_LIMIT // (1024 * 1024))
    return b"".join(pieces)


def _open_file(path: Path) -> int:
    """Open a regular file only: reading a FIFO or a device may block or never end.

    Raises:
        OSError: the file does not exist, cannot be read, or is not a regular file.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(number).st_mode):
        return number
    os.close(number)
    raise OSError(errno.EINVAL, "not a file", str(path))


def _moved(row: ImportOrderRow, delta: timedelta) -> ImportOrderRow:
    order = replace(row.order, created_at=row.order.created_at + delta)
    payment = row.payment and replace(row.payment, paid_at=row.payment.paid_at + delta)
    refunds = tuple(
        replace(
            refund,
            created_at=refund.created_at + delta,
            sent_at=refund.created_at + delta,
            confirmed_at=refund.created_at + delta,
        )
        for refund in row.refunds
    )
    requests = tuple(
        replace(
            request,
            created_at=request.created_at + delta,
            processed_at=request.processed_at and request.processed_at + delta,
        )
        for request in row.requests
    )
    return replace(row, order=order, payment=payment, refunds=refunds, requests=requests)


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


def _write(work: UnitOfWork, plan: Plan, source: str, now: datetime) -> None:
    catalogue = work.catalogue
    catalogue.add_users(plan.new_users)
    catalogue.update_users(plan.changed_users)
    catalogue.add_products(plan.new_products)
    catalogue.update_products(plan.changed_products)
    for start in range(0, len(plan.new_orders), WRITE_CHUNK):
        rows = plan.new_orders[start : start + WRITE_CHUNK]
        catalogue.add_orders([row.before_payment() for row in rows])
    for row in plan.claims:
        work.claims.save(_claim(row, source, now))
    for row in plan.new_orders:
        if row.payment is None:
            for request in row.requests:
                work.requests.add(request)


def _claim(row: ImportOrderRow, source: str, now: datetime) -> PaymentClaim:
    payment = row.payment
    assert payment is not None  # noqa: S101 - only rows with a payment are claims
    return PaymentClaim(
        order_id=row.order.id,
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        amount=payment.amount,
        paid_at=payment.paid_at,
        source=f"{source}:{row.line}",
        items=row.order.items,
        refunds=row.refunds,
        requests=row.requests,
        due_at=now,
    )
