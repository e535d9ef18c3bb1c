"""Shops on the disk, made once for each flow and copied for each point, with PortOne's books.

Order 1 waits for payment. Order 2 is paid, and two of its items were delivered; item 20 is to be
refunded. Order 3 is paid: item 30 of three pieces. A shop that "rung up" has a sale of the counter
which nobody paid.
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

from posapp.domain.actors import Actor
from posapp.domain.merchant_numbers import build_merchant_uid, build_refund_tag
from posapp.domain.requests import Decision, RequestKind
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.sandbox.server import Sandbox
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.runtime.periodic_job import Change
from posapp.services.sale.checkout import CheckoutService
from posapp.store.files.backup import backup, backup_folder
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.system.identity_vault import ENTRY, KEY_BYTES, KeyringVault
from tests.crashes.cash_flows import close_uncompared, refuse, take_all
from tests.crashes.receipt_flows import issue
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, Till, Timeouts, an_order
from tests.fakes.world import START, FakeClock, FakeIds, FakeSecrets
from tests.faults.kill_points import SandboxAddress
from tests.store.records import append_as_before

FILE = "shop.db"
OLD_COPY = "shop-20260301T000000Z.backup.db"
OLDEST = "0001"

UNPAID = 1
REFUNDED_ITEM = 20
DIVIDED_ITEM = 30
"""Item of three pieces to refund two of."""
PAID = (20, 21, 30)
"""Items of paid orders to approve refunds of."""
REQUESTED = (1, 2, 3)
"""Their requests."""

SOLD = (20, 30)
"""Products of which the counter sells two each, and how many won it gives off."""
PIECES, OFF = 2, 1_000

DOWN = timedelta(minutes=2)
"""Time between a crash and the next start; a child runs shorter by its own clock."""

PATIENT = Timeouts(20_000, 20_000, 40_000)
"""Long timeouts: a busy machine must not cause a timeout, which these tests are not about."""


_one_at_a_time = threading.Lock()
"""werkzeug compiles its routes by way of ``ast``, which Python 3.11 cannot do in two threads at
once (https://github.com/python/cpython/issues/106905)."""


class Numbers(FakeIds):
    """Numbers of the right form, different for each name of a process."""

    def __init__(self, name: str, till_code: str) -> None:
        super().__init__()
        self._name, self._till_code = name, till_code
        self._count = itertools.count(1)

    def merchant_uid(self, order_id: int) -> str:
        return build_merchant_uid(self._till_code, order_id, f"{self._name}{next(self._count)}")

    def refund_tag(self, item_id: int | None) -> str:
        return build_refund_tag(item_id, f"{self._name}{next(self._count)}")


class Program(Till):
    """A started till with the journal beside its file.

    Args:
        name: distinguishes its numbers from those of the programs before it.
    """

    def __init__(
        self,
        path: Path,
        sandbox: Sandbox | SandboxAddress,
        clock: FakeClock,
        name: str,
        refund_protocol: type[RefundProtocol] = RefundProtocol,
    ) -> None:
        super().__init__(
            path,
            sandbox,
            clock,
            make_ids=partial(Numbers, name),
            timeouts=PATIENT,
            refund_protocol=refund_protocol,
            # One keyring, as all programs of a person have.
            vault=KeyringVault(FakeSecrets(**{ENTRY: "5c" * KEY_BYTES})),
        )
        journal = FileIntentJournal(journal_path(path))
        reported = recover_journal(self.store, journal, clock)
        ahead = (
            reported.entered
            or reported.reported
            or reported.database_is_older
            or reported.unreadable
        )
        assert not ahead, f"the journal is ahead of the file: {reported}"
        self.journal_trouble = reported.trouble
        self._journalling = JournalJob(self.store, journal, clock, reported.mark)

    def work(self, steps: int = 1) -> tuple[Change, ...]:
        changes: tuple[Change, ...] = ()
        for _ in range(steps):
            changes += super().work()
            if self._journalling.due_in_ms() == 0:
                changes += self._journalling.run().changes
        return changes


class Shop:
    """One folder and one set of books from a template, used by one till after another."""

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
        """Stop PortOne and delete the folder."""
        self.sandbox.stop()
        shutil.rmtree(self._work)

    @property
    def address(self) -> SandboxAddress:
        one = self.sandbox
        return SandboxAddress(
            one.api, one.link_api, one.imp_key, one.imp_secret, one.user_code, one.channel_key
        )

    def open(self) -> Program:
        """Start the program once more."""
        return Program(self.path, self.sandbox, self.clock, "again")

    def as_left(self) -> Path:
        """Copy the file as the crash left it and let SQLite recover the copy: the file that the
        program opens next stays as it is."""
        left = self._work / "left"
        shutil.copytree(self.folder, left)
        with closing(sqlite3.connect(left / FILE)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return left / FILE

    def query(self, question: str, *values: object) -> list[tuple]:
        """Query the file itself."""
        return query(self.path, question, *values)


def query(path: Path, question: str, *values: object) -> list[tuple]:
    """Query a file."""
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
    _requested(till)
    desk = RequestDecisionService(till.store, till.clock, till.ids, lambda: None, EVERYTHING)
    for request_id in REQUESTED:
        desk.decide(Actor.seller(SELLER), request_id, Decision.APPROVE)


def _requested(till: Till) -> None:
    for item in PAID:
        FulfilmentService(till.store, till.clock, EVERYTHING).hand_over(Actor.seller(SELLER), item)
        RequestService(till.store, till.clock, EVERYTHING).create(
            Actor.buyer(BUYER), item, RequestKind.REFUND, "파손"
        )


def _one_refund_waits(till: Till) -> None:
    till.cancellation_service.refund(Actor.buyer(BUYER), REFUNDED_ITEM, "단순 변심", 5000)


def ring_up(till: Till, checkout: CheckoutService) -> int:
    """Sell at the counter, going on from what is there, as a person does; return the order."""
    actor, carts = Actor.person(), till.cart_service
    with till.store.snapshot() as uow:
        sold = uow.carts.get(1)
    if sold is not None and sold.order_id is not None:
        return sold.order_id
    there = carts.read()
    added = {one.line.product_id for one in there.lines} if there is not None else set()
    for product in SOLD:
        if product not in added:
            there = carts.add(actor, product, count=PIECES)
    if there.cart.discount is None:
        there = carts.discount_sale(actor, Discount(DiscountKind.AMOUNT, OFF, "단골"))
    return checkout.order(actor, int(there.amounts.payable)).id


def _rung_up(till: Till) -> None:
    ring_up(till, till.checkout_service)


def _copied(till: Till) -> None:
    copies = backup_folder(till.store.path)
    copies.mkdir()
    backup(till.store.path, copies / OLD_COPY)
    _one_refund_waits(till)


MAKERS: Mapping[str, Callable[[Till], None]] = {
    "paid": lambda till: None,
    "asked": _requested,
    "approved": _approved,
    "old": _one_refund_waits,
    "none": lambda till: None,
    "copied": _copied,
    "rung up": _rung_up,
    "sold in cash": take_all,
    "closed uncompared": close_uncompared,
    "refused for good": refuse,
    "receipt issued": issue,
}


def _to_oldest_schema(path: Path) -> None:
    """Put the rows of a shop into a file of the first schema, as far as it has columns for them.
    Also remove the files beside it that only later programs have."""
    newer = path.with_name("newer.db")
    path.rename(newer)
    for later in path.parent.glob(f"{path.stem}*"):
        later.unlink()
    open_store(path, MigrationPlan(OUR_STEPS.folder, OLDEST)).close()
    store = open_store(newer)
    with store.snapshot() as uow:
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
    append_as_before(path, entries)  # with the hashes of the first schema
    newer.unlink()
