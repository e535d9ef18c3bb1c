"""The unit of work, and the store that hands it out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.payments import Attempt
from posapp.domain.seals import SealKey
from posapp.services.ports.milestones import Milestones
from posapp.services.ports.outbox import Mismatches, Outbox
from posapp.services.ports.records import (
    Attempts,
    Catalogue,
    Claims,
    Ledger,
    Orders,
    Payments,
    People,
    Refunds,
)
from posapp.services.ports.requests import Requests
from posapp.store.attempts import SqlAttempts
from posapp.store.claims import SqlClaims
from posapp.store.disk_watch import DiskWatch
from posapp.store.engine import BUSY_SECONDS, make_engine
from posapp.store.importing import SqlShopImport
from posapp.store.ledger import SqlLedger
from posapp.store.milestones import SqlMilestones
from posapp.store.mismatches import SqlMismatches
from posapp.store.orders import SqlOrders
from posapp.store.outbox import SqlOutbox
from posapp.store.payments import SqlPayments
from posapp.store.people import SqlPeople
from posapp.store.refunds import SqlRefunds
from posapp.store.requests import SqlRequests


class _AttemptsWhereThereIsRoom(SqlAttempts):
    """A full disk begins no new payment: the reserve is for what was begun already."""

    def __init__(self, connection: Connection, disk: DiskWatch) -> None:
        super().__init__(connection)
        self._disk = disk

    def add(self, attempt: Attempt) -> Attempt:
        self._disk.refuse_new_payment()
        return super().add(attempt)


class SqlUnitOfWork:
    """One transaction on one connection: everything in it is kept, or nothing.

    Attributes:
        connection: for the queries of this room; nobody outside it touches SQL.
    """

    def __init__(
        self,
        connection: Connection,
        disk: DiskWatch,
        committed: Callable[[], None] = lambda: None,
        seal_key: SealKey | None = None,
    ) -> None:
        self.connection = connection
        self._committed = committed
        self.people: People = SqlPeople(connection)
        self.orders: Orders = SqlOrders(connection)
        self.attempts: Attempts = _AttemptsWhereThereIsRoom(connection, disk)
        self.payments: Payments = SqlPayments(connection)
        self.claims: Claims = SqlClaims(connection)
        self.refunds: Refunds = SqlRefunds(connection)
        self.requests: Requests = SqlRequests(connection)
        self.ledger: Ledger = SqlLedger(connection, seal_key)
        self.outbox: Outbox = SqlOutbox(connection)
        self.mismatches: Mismatches = SqlMismatches(connection)
        self.milestones: Milestones = SqlMilestones(connection)
        self.catalogue: Catalogue = SqlShopImport(connection)

    def commit(self) -> None:
        """Keep it, on the disk when this returns. Without this, leaving the block rolls back.

        What follows in the same block is a transaction of its own, with its own commit.

        Raises:
            EnvironmentProblem: the disk did not take it; nothing was kept.
        """
        try:
            self.connection.commit()
        except BaseException:
            # SQLite may have left the transaction open, to be tried again; closing ends it.
            self.connection.invalidate()
            raise
        self._committed()


class SqlStore:
    """Port ``Store`` over one database file, for any number of threads.

    Attributes:
        disk: what the disk did to this file while it was open.
        seal_key: seals what is added to the ledger; ``None`` where there is no key.

    There is one writing connection, handed from thread to thread: nobody polls the file for its
    lock. Each reading unit has a connection to itself while it lasts; they are kept for the next.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.disk = DiskWatch(path)
        self.seal_key: SealKey | None = None
        self._writers = make_engine(path, reading=False, told=self.disk.heard)
        self._readers = make_engine(path, reading=True, told=self.disk.heard)
        self._write_lock = threading.Lock()
        self._writing_thread: int | None = None
        self._writer: Connection | None = None
        self._idle: deque[Connection] = deque()
        self._closed = False
        self._listeners: tuple[Callable[[], None], ...] = ()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called after each commit of this store, in the thread that made it. It
        must be quick and raise nothing: what it is told of is kept already."""
        self._listeners = (*self._listeners, listener)

    @contextmanager
    def writing(self) -> Iterator[SqlUnitOfWork]:
        """Hand out a unit of work that holds the one write lock from its start.

        Raises:
            EnvironmentProblem: ``DATABASE_BUSY`` after five seconds, or what the disk says. Once it
                said ``DATABASE_IO`` or ``DATABASE_CORRUPT``, always that: the file is only read.
            RuntimeError: this thread is in such a unit already, or the store is closed: a bug.
        """
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("a writing unit of work inside another")
        if not self._write_lock.acquire(timeout=BUSY_SECONDS):
            raise EnvironmentProblem(EnvironmentCode.DATABASE_BUSY, self.path.name)
        self._writing_thread = me
        try:
            self._refuse_closed()
            self.disk.refuse_writing()
            connection = self._writer or self._writers.connect()
            self._writer = None
            try:
                connection.begin()
                yield SqlUnitOfWork(connection, self.disk, self._tell_committed, self.seal_key)
            finally:
                if _reusable(connection):
                    self._writer = connection
        finally:
            self._writing_thread = None
            self._write_lock.release()

    @contextmanager
    def reading(self) -> Iterator[SqlUnitOfWork]:
        """Hand out a unit of work that sees one state, that of its first look, and writes nothing.

        Raises:
            EnvironmentProblem: what the disk says.
            RuntimeError: something was written in it, or the store is closed: a bug.
        """
        self._refuse_closed()
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._readers.connect()
        try:
            connection.begin()
            yield SqlUnitOfWork(connection, self.disk)
        finally:
            if _reusable(connection):
                self._idle.append(connection)
            if self._closed:
                self._close_idle()

    def close(self) -> None:
        """Close every connection; a unit that is still reading closes its own when it ends.

        The writing one goes last, so that it alone brings the -wal file home.

        Raises:
            EnvironmentProblem: ``DATABASE_BUSY``: somebody has been writing for five seconds.
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

    def _tell_committed(self) -> None:
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
    """End whatever is open on a connection; ``False`` if it had to be closed for that."""
    try:
        if not connection.invalidated:
            connection.rollback()
            return True
    except (DBAPIError, EnvironmentProblem):
        connection.invalidate()  # closing undoes what could not be rolled back
    connection.close()
    return False
