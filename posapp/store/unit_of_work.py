"""The unit of work, and the store that provides it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.seals import SealKey
from posapp.services.ports.carts import Carts
from posapp.services.ports.cash import Cash, Shifts, ZAddenda, ZReports
from posapp.services.ports.cash_receipts import CashReceipts
from posapp.services.ports.checkpoints import Checkpoints
from posapp.services.ports.goods import Goods
from posapp.services.ports.imports import Imports
from posapp.services.ports.outbox import Mismatches, Outbox
from posapp.services.ports.print_jobs import PrintJobs
from posapp.services.ports.record_ids import RecordIds
from posapp.services.ports.records import (
    Attempts,
    Catalogue,
    Claims,
    Ledger,
    Orders,
    Payments,
    Refunds,
    Users,
)
from posapp.services.ports.requests import Requests
from posapp.services.ports.sales_figures import SalesFigures
from posapp.services.ports.staff import Approvals, StaffRecords
from posapp.store.engine import BUSY_SECONDS, make_engine
from posapp.store.fifo_lock import FifoLock
from posapp.store.files.disk_monitor import DiskSpaceMonitor
from posapp.store.repositories.attempts import SqlAttempts
from posapp.store.repositories.carts import SqlCarts
from posapp.store.repositories.cash import SqlCash
from posapp.store.repositories.cash_receipts import SqlCashReceipts
from posapp.store.repositories.catalogue import SqlCatalogue
from posapp.store.repositories.checkpoints import SqlCheckpoints
from posapp.store.repositories.claims import SqlClaims
from posapp.store.repositories.goods import SqlGoods
from posapp.store.repositories.imports import SqlImports
from posapp.store.repositories.ledger import SqlLedger
from posapp.store.repositories.mismatches import SqlMismatches
from posapp.store.repositories.orders import SqlOrders
from posapp.store.repositories.outbox import SqlOutbox
from posapp.store.repositories.payments import SqlPayments
from posapp.store.repositories.print_jobs import SqlPrintJobs
from posapp.store.repositories.record_ids import SqlRecordIds
from posapp.store.repositories.refunds import SqlRefunds
from posapp.store.repositories.requests import SqlRequests
from posapp.store.repositories.sales_figures import SqlSalesFigures
from posapp.store.repositories.shifts import SqlShifts
from posapp.store.repositories.staff import SqlApprovals, SqlStaff
from posapp.store.repositories.users import SqlUsers
from posapp.store.repositories.z_addenda import SqlZAddenda
from posapp.store.repositories.z_reports import SqlZReports
from posapp.store.search_index import Fts5SearchIndex, SearchIndex


class SqlUnitOfWork:
    """One transaction on one connection, committed as a whole or not at all.

    Args:
        connection: begun by the store.
        search_index: the text indices, on the same connection.
        guard_attempt: raises what forbids a new attempt.
        committed: called after each commit.
        seal_key: seals new ledger rows; ``None`` if there is no key.
        till: number of the till that writes.

    Attributes:
        connection: for queries of this package; other packages do not use SQL.
    """

    def __init__(
        self,
        connection: Connection,
        search_index: SearchIndex,
        *,
        guard_attempt: Callable[[], None],
        committed: Callable[[], None] = lambda: None,
        seal_key: SealKey | None = None,
        till: int = 0,
    ) -> None:
        self.connection = connection
        self._committed = committed
        ids = SqlRecordIds(connection, till)
        self.record_ids: RecordIds = ids
        self.people: Users = SqlUsers(connection)
        self.orders: Orders = SqlOrders(connection, search_index)
        self.attempts: Attempts = SqlAttempts(connection, ids, guard_attempt)
        self.payments: Payments = SqlPayments(connection, ids)
        self.claims: Claims = SqlClaims(connection)
        self.refunds: Refunds = SqlRefunds(connection, ids)
        self.requests: Requests = SqlRequests(connection, ids, search_index)
        self.ledger: Ledger = SqlLedger(connection, seal_key, till)
        self.outbox: Outbox = SqlOutbox(connection, ids)
        self.mismatches: Mismatches = SqlMismatches(connection, ids)
        self.checkpoints: Checkpoints = SqlCheckpoints(connection)
        self.catalogue: Catalogue = SqlCatalogue(connection, search_index)
        self.goods: Goods = SqlGoods(connection, ids, search_index)
        self.carts: Carts = SqlCarts(connection, ids)
        self.cash: Cash = SqlCash(connection, ids)
        self.shifts: Shifts = SqlShifts(connection, ids)
        self.cash_receipts: CashReceipts = SqlCashReceipts(connection, ids)
        self.z_reports: ZReports = SqlZReports(connection)
        self.z_addenda: ZAddenda = SqlZAddenda(connection)
        self.staff: StaffRecords = SqlStaff(connection, ids, seal_key)
        self.approvals: Approvals = SqlApprovals(connection, ids)
        self.sales_figures: SalesFigures = SqlSalesFigures(connection)
        self.imports: Imports = SqlImports(connection, ids, search_index)
        self.print_jobs: PrintJobs = SqlPrintJobs(connection, ids)

    def commit(self) -> None:
        """Commit; the data is on the disk when this returns. Without it the block rolls back.

        Further work in the same block is a new transaction with its own commit.

        Raises:
            EnvironmentProblem: the disk refused the write; nothing was stored.
        """
        try:
            self.connection.commit()
        except BaseException:
            # SQLite may have left the transaction open for a retry; closing the connection ends it.
            self.connection.invalidate()
            raise
        self._committed()


class SqlStore:
    """Port ``Store`` over one database file, for any number of threads.

    Attributes:
        disk: disk problems of this file while it is open.
        seal_key: seals new ledger rows; ``None`` if there is no key.
        till: number of the till that writes; 0 for the only till of a shop.

    All threads share one writing connection in turn, so that none polls the file for its lock. Each
    reading unit has its own connection; idle ones are reused.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.disk = DiskSpaceMonitor(path)
        self.seal_key: SealKey | None = None
        self.till = 0
        self._writers = make_engine(path, reading=False, on_problem=self.disk.record)
        self._readers = make_engine(path, reading=True, on_problem=self.disk.record)
        self._write_lock = FifoLock()
        self._writing_thread: int | None = None
        self._writer: Connection | None = None
        self._idle: deque[Connection] = deque()
        self._closed = False
        self._listeners: tuple[Callable[[], None], ...] = ()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit of this store, in the committing thread. It must be
        quick and raise nothing: the data is committed already."""
        self._listeners = (*self._listeners, listener)

    @contextmanager
    def transaction(self) -> Iterator[SqlUnitOfWork]:
        """Provide a unit of work that holds the single write lock from its start.

        Threads get the lock in the order in which they ask for it.

        Raises:
            EnvironmentProblem: ``DATABASE_BUSY`` after five seconds, or a disk error. After
                ``DATABASE_IO``, ``_CORRUPT`` or ``_MOVED`` that error repeats: no more writes.
            RuntimeError: this thread has such a unit already, or the store is closed: a bug.
        """
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("a writing unit of work inside another")
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise EnvironmentProblem(EnvironmentCode.DATABASE_BUSY, self.path.name)
        self._writing_thread = me
        try:
            self._refuse_closed()
            self.disk.require_writable()
            connection = self._writer or self._writers.connect()
            self._writer = None
            try:
                connection.begin()
                yield self._unit(connection, self._report_committed, self.seal_key)
            finally:
                if _reusable(connection):
                    self._writer = connection
        finally:
            self._writing_thread = None
            self._write_lock.release()

    @contextmanager
    def snapshot(self) -> Iterator[SqlUnitOfWork]:
        """Provide a read-only unit of work that sees one state, that of its first read.

        Raises:
            EnvironmentProblem: a disk error.
            RuntimeError: a write in the unit, or the store is closed: a bug.
        """
        self._refuse_closed()
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._readers.connect()
        try:
            connection.begin()
            yield self._unit(connection)
        finally:
            if _reusable(connection):
                self._idle.append(connection)
            if self._closed:
                self._close_idle()

    def close(self) -> None:
        """Close every connection; a unit that is still reading closes its own at its end.

        The writing connection is closed last, so that it alone checkpoints the -wal file.

        Raises:
            EnvironmentProblem: ``DATABASE_BUSY``: a write has been running for five seconds.
        """
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise EnvironmentProblem(EnvironmentCode.DATABASE_BUSY, self.path.name)
        try:
            self._closed = True
            self._close_idle()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        finally:
            self._write_lock.release()

    def _unit(
        self,
        connection: Connection,
        committed: Callable[[], None] = lambda: None,
        seal_key: SealKey | None = None,
    ) -> SqlUnitOfWork:
        return SqlUnitOfWork(
            connection,
            Fts5SearchIndex(connection),
            # The reserve of a full disk is for payments already begun.
            guard_attempt=self.disk.refuse_new_payment,
            committed=committed,
            seal_key=seal_key,
            till=self.till,
        )

    def _report_committed(self) -> None:
        for listener in self._listeners:
            listener()

    def _close_idle(self) -> None:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            connection.close()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")


def _reusable(connection: Connection) -> bool:
    """End any transaction of a connection; ``False`` if the connection had to be closed."""
    try:
        if not connection.invalidated:
            connection.rollback()
            return True
    except (DBAPIError, EnvironmentProblem):
        connection.invalidate()  # closing rolls back what ``rollback`` could not
    connection.close()
    return False
