"""Shops on the disk, made once for each flow and copied for each point, with PortOne's books.

Order 1 waits for payment. Order 2 is paid, and two of its items were delivered; 20 is the item
that a buyer wants the money of. Order 3 is paid and its only item delivered.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from posapp.domain.cancelling import Side
from posapp.domain.numbers import merchant_uid_of, tag_of
from posapp.domain.requests import Decision, RequestKind
from posapp.sandbox.server import Sandbox
from posapp.services.chores import Change
from posapp.services.delivering import Delivering
from posapp.services.journalling import Journalling
from posapp.services.recovering import recover
from posapp.services.refunding import Refunding
from posapp.services.request_desk import RequestDesk
from posapp.services.requesting import Requesting
from posapp.store.backup import backup, backup_folder
from posapp.store.intent_journal import FileIntentJournal, journal_path
from posapp.store.opening import OUR_STEPS, Steps, open_store
from tests.fakes.till import BUYER, SELLER, Till, Timeouts, an_order
from tests.fakes.world import START, FakeClock, FakeIds
from tests.faults.killing import SandboxAddress
from tests.store.records import append_as_before

FILE = "shop.db"
OLD_COPY = "shop-20260301T000000Z.backup.db"
OLDEST = "0001"

UNPAID = 1
REFUNDED_ITEM = 20
PAID = (20, 21, 30)
"""Items of paid orders that the approvals are about."""
ASKED = (1, 2, 3)
"""The requests about them."""

DOWN = timedelta(minutes=2)
"""Between a crash and the next start; a child lives less than that by its own clock."""

PATIENT = Timeouts(20_000, 20_000, 40_000)
"""Nothing here is about slow answers: a machine that is busy must not bring one in."""


_one_at_a_time = threading.Lock()
"""werkzeug compiles its routes by way of ``ast``, which Python 3.11 cannot do in two threads at
once (https://github.com/python/cpython/issues/106905)."""


class Numbers(FakeIds):
    """Numbers of the right form, different for each process that is given another name."""

    def __init__(self, name: str, till_code: str) -> None:
        super().__init__()
        self._name, self._till_code = name, till_code
        self._count = itertools.count(1)

    def merchant_uid(self, order_id: int) -> str:
        return merchant_uid_of(self._till_code, order_id, f"{self._name}{next(self._count)}")

    def refund_tag(self, item_id: int | None) -> str:
        return tag_of(item_id, f"{self._name}{next(self._count)}")


class Program(Till):
    """A till with the journal that lies beside its file, started.

    Args:
        name: tells its numbers from those of the programs before it.
    """

    def __init__(
        self,
        path: Path,
        sandbox: Sandbox | SandboxAddress,
        clock: FakeClock,
        name: str,
        refunding: type[Refunding] = Refunding,
    ) -> None:
        super().__init__(
            path,
            sandbox,
            clock,
            make_ids=partial(Numbers, name),
            timeouts=PATIENT,
            refunding=refunding,
        )
        journal = FileIntentJournal(journal_path(path))
        told = recover(self.store, journal, clock)
        ahead = told.entered or told.reported or told.went_back or told.unreadable
        assert not ahead, f"the journal is ahead of the file: {told}"
        self.journal_trouble = told.trouble
        self._journalling = Journalling(self.store, journal, clock, told.mark)

    def work(self, steps: int = 1) -> tuple[Change, ...]:
        changes: tuple[Change, ...] = ()
        for _ in range(steps):
            changes += super().work()
            if self._journalling.due_in_ms() == 0:
                changes += self._journalling.run().changes
        return changes


class Shop:
    """One folder and one set of books, begun from a template; tills come and go."""

    def __init__(self, template: Path, work: Path) -> None:
        shutil.copytree(template, work)
        self.folder = work / "shop"
        self.path = self.folder / FILE
        self.copies = backup_folder(self.path)
        self.trace = work / "trace"
        self.clock = FakeClock(START + timedelta(hours=1))
        self.sandbox = Sandbox(clock=self.clock.unix, keep=work / "books.json")
        self.books = self.sandbox.books
        self._work = work
        with _one_at_a_time:
            self.sandbox.start()

    def close(self) -> None:
        """Switch PortOne off and clear the folder away."""
        self.sandbox.stop()
        shutil.rmtree(self._work)

    @property
    def address(self) -> SandboxAddress:
        one = self.sandbox
        return SandboxAddress(
            one.api, one.link_api, one.imp_key, one.imp_secret, one.user_code, one.channel_key
        )

    def open(self) -> Program:
        """The program, started once more."""
        return Program(self.path, self.sandbox, self.clock, "again")

    def as_left(self) -> Path:
        """A copy of the file as the crash left it, with what SQLite mends at the next opening
        mended: the one that the program is going to open stays as it is."""
        left = self._work / "left"
        shutil.copytree(self.folder, left)
        with closing(sqlite3.connect(left / FILE)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return left / FILE

    def look(self, question: str, *values: object) -> list[tuple]:
        """Ask the file itself."""
        return look(self.path, question, *values)


def look(path: Path, question: str, *values: object) -> list[tuple]:
    """Ask a file."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        return connection.execute(question, values).fetchall()


def make_template(kind: str, folder: Path) -> Path:
    """Make the shop that a flow begins with."""
    (folder / "shop").mkdir(parents=True)
    path = folder / "shop" / FILE
    clock = FakeClock()
    with Sandbox(clock=clock.unix, keep=folder / "books.json") as sandbox:
        till = Program(path, sandbox, clock, "before")
        till.stock_shop(
            an_order(1, (5000, 1), (3000, 1), (1000, 2)),
            an_order(2, (5000, 1), (3000, 1), (1000, 2)),
            an_order(3, (4000, 3)),
        )
        for order_id in (2, 3):
            till.paid_order(order_id)
        till.pass_time(1200, every=300)
        MAKERS[kind](till)
        till.close()
    if kind == "old":
        _to_oldest_schema(path)
    if kind == "none":
        shutil.rmtree(folder)
        path.parent.mkdir(parents=True)
    return folder


def _approved(till: Till) -> None:
    _asked(till)
    desk = RequestDesk(till.store, till.clock, till.ids, lambda: None)
    for request_id in ASKED:
        desk.decide(SELLER, request_id, Decision.APPROVE)


def _asked(till: Till) -> None:
    for item in PAID:
        Delivering(till.store).hand_over(SELLER, item)
        Requesting(till.store, till.clock).make(BUYER, item, RequestKind.REFUND, "파손")


def _one_refund_waits(till: Till) -> None:
    till.cancelling.refund(Side.BUYER, BUYER, REFUNDED_ITEM, "단순 변심", 5000)


def _copied(till: Till) -> None:
    copies = backup_folder(till.store.path)
    copies.mkdir()
    backup(till.store.path, copies / OLD_COPY)
    _one_refund_waits(till)


MAKERS: Mapping[str, Callable[[Till], None]] = {
    "paid": lambda till: None,
    "asked": _asked,
    "approved": _approved,
    "old": _one_refund_waits,
    "none": lambda till: None,
    "copied": _copied,
}


def _to_oldest_schema(path: Path) -> None:
    """Put the rows of a shop into a file of the first schema, as far as it has places for them.
    What lies beside the file is of later programs, too."""
    newer = path.with_name("newer.db")
    path.rename(newer)
    for later in path.parent.glob(f"{path.stem}*"):
        later.unlink()
    open_store(path, Steps(OUR_STEPS.folder, OLDEST)).close()
    store = open_store(newer)
    with store.reading() as uow:
        entries = [row.entry for row in uow.ledger.rows(0, 1000)]
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS newer", (str(newer),))
        connection.execute("BEGIN")
        for (table,) in connection.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
            " AND name NOT IN ('alembic_version', 'ledger', 'ledger_head')"
        ).fetchall():
            named = connection.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,))
            columns = ", ".join(row[0] for row in named)
            connection.execute(
                f"INSERT INTO main.{table} ({columns})"
                f" SELECT {columns} FROM newer.{table} ORDER BY rowid"
            )
        connection.execute("COMMIT")
    append_as_before(path, entries)  # with the hashes of that time
    newer.unlink()
