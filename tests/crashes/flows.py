"""The flows that are walked: what a child does, and what becomes of its shop afterwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from posapp.domain.cancelling import Side
from posapp.domain.requests import Decision
from posapp.sandbox.entering import CannotPay
from posapp.services.request_desk import RequestDesk
from posapp.store.backup import FolderCopies, backup_folder
from posapp.store.ledger_check import verify_ledger
from posapp.store.opening import HEAD, open_store
from tests.crashes.checking import (
    VERSION,
    check_copies,
    check_file,
    check_over,
    check_told,
    content,
    go_on,
    schema,
)
from tests.crashes.children import Ran
from tests.crashes.shops import (
    ASKED,
    DOWN,
    FILE,
    OLD_COPY,
    OLDEST,
    PAID,
    REFUNDED_ITEM,
    UNPAID,
    Shop,
    look,
    make_template,
)
from tests.fakes.till import BUYER, SELLER, Till


@dataclass
class Flow:
    """One thing that a shop does.

    Attributes:
        deed: what the child does (``deeds.DEEDS``).
        kind: the shop it begins with (``shops.MAKERS``).
        away: PortOne cannot be reached while the child lives.
        refunds: items whose money is back in the end.
    """

    name: str
    deed: str
    kind: str
    refunds: tuple[int, ...] = ()
    away: bool = False

    def make(self, folder: Path) -> None:
        """Make the template that every point begins with."""
        self.template = make_template(self.kind, folder)

    def begin(self, shop: Shop) -> None:
        if self.away:
            shop.sandbox.faults.add("drop_before")

    def recover(self, shop: Shop, ran: Ran) -> None:
        """Look at the files, start the program again, let it go on, and check all of it."""
        self.check_files(shop)
        shop.sandbox.faults.clear()
        shop.clock.advance(seconds=DOWN.total_seconds())
        self.while_down(shop)
        till = shop.open()
        try:
            check_told(shop, ran.told)
            assert till.journal_trouble is None
            go_on(shop, till)
            self.resume(shop, till)
            go_on(shop, till)
            check_over(shop, till)
            self.check_end(shop)
        finally:
            till.close()
        check_file(shop)

    def check_files(self, shop: Shop) -> None:
        """What the crash left, before anybody opens it."""

    def while_down(self, shop: Shop) -> None:
        """What people do before the program runs again."""

    def resume(self, shop: Shop, till: Till) -> None:
        """What people do again where the program does not know of it."""

    def check_end(self, shop: Shop) -> None:
        """What this flow is about has happened in the end."""
        gone = shop.look("SELECT item_id FROM refunds WHERE state = 'CONFIRMED' ORDER BY item_id")
        assert gone == [(item,) for item in self.refunds]


class Pay(Flow):
    def while_down(self, shop: Shop) -> None:
        """The buyer has the QR and pays, whatever became of the till."""
        for link in shop.books.links():
            if link.merchant_uid not in {one.merchant_uid for one in paid(shop)}:
                with suppress(CannotPay):
                    shop.books.pay(link.merchant_uid)

    def resume(self, shop: Shop, till: Till) -> None:
        if not till.order(UNPAID).is_paid:
            progress = till.paying.start(BUYER, UNPAID)
            shop.books.pay(progress.attempt.merchant_uid)

    def check_end(self, shop: Shop) -> None:
        states = shop.look("SELECT DISTINCT status FROM order_items WHERE order_id = ?", UNPAID)
        assert states == [("COMPLETE_PAYMENT",)]
        mine = [one for one in paid(shop) if one.merchant_uid not in ("", *self.before(shop))]
        assert sum(one.balance for one in mine) == 10_000, "the buyer paid twice"

    @staticmethod
    def before(shop: Shop) -> set[str]:
        rows = shop.look("SELECT merchant_uid FROM attempts WHERE order_id <> ?", UNPAID)
        return {row[0] for row in rows}


def paid(shop: Shop) -> list:
    return [one for one in shop.books.payments() if one.paid_at]


class Refund(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        if not shop.look("SELECT 1 FROM refunds WHERE item_id = ?", REFUNDED_ITEM):
            till.cancelling.refund(Side.BUYER, BUYER, REFUNDED_ITEM, "단순 변심", 5000)


class Approve(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        desk = RequestDesk(till.store, till.clock, till.ids, lambda: None)
        for (request_id,) in shop.look("SELECT id FROM requests WHERE state = 'WAIT' ORDER BY id"):
            desk.decide(SELLER, request_id, Decision.APPROVE)

    def check_end(self, shop: Shop) -> None:
        super().check_end(shop)
        rows = shop.look("SELECT id, state, money FROM requests ORDER BY id")
        assert rows == [(number, "OK", "REFUNDED") for number in ASKED]


class Migrate(Flow):
    @cached_property
    def _old(self) -> tuple[tuple[object, ...], list[str]]:
        path = self.template / "shop" / FILE
        return schema(path), content(path)

    @cached_property
    def _new(self) -> tuple[object, ...]:
        path = self.template / "new" / FILE
        open_store(path).close()
        return schema(path)

    def check_files(self, shop: Shop) -> None:
        """The old schema or the new one, and of the new one a copy from before."""
        old, rows = self._old
        found = schema(shop.as_left())
        assert found in (old, self._new), f"schema {found[0]}, and neither the old nor the new"
        copies = check_copies(shop.folder, lambda copy: content(copy) == rows)
        assert found[0] == OLDEST or copies, "migrated, and no copy from before"

    def check_end(self, shop: Shop) -> None:
        super().check_end(shop)
        assert schema(shop.path) == self._new
        assert self._new[0] == HEAD
        old = self._old[1]
        assert check_copies(shop.folder, lambda copy: content(copy) == old) >= 1


class FirstStart(Flow):
    """A shop is made where there was none: it is there and whole, or it is not there."""

    def check_files(self, shop: Shop) -> None:
        if shop.path.exists():
            assert look(shop.as_left(), VERSION) == [(HEAD,)]


class BackUp(Flow):
    @cached_property
    def _lengths(self) -> tuple[int, int]:
        """Rows of the ledger: when the old copy was made, and now."""
        shop = self.template / "shop"
        now = verify_ledger(shop / FILE)
        old = verify_ledger(backup_folder(shop / FILE) / OLD_COPY)
        assert isinstance(old, int) and isinstance(now, int) and old < now
        return old, now

    def check_files(self, shop: Shop) -> None:
        """What is listed is whole, and the last good one is never lost."""
        there = check_copies(shop.folder, lambda copy: verify_ledger(copy) in self._lengths)
        assert there >= 1, "the last good copy is lost"
        assert (shop.copies / OLD_COPY).exists(), "the last good copy is lost"

    def resume(self, shop: Shop, till: Till) -> None:
        """The next backup goes well; what is half an hour later is swept away."""
        for half in shop.copies.glob(".*"):
            os.utime(half, (0, 0))
        FolderCopies(shop.path).make(shop.clock.now())

    def check_end(self, shop: Shop) -> None:
        super().check_end(shop)
        last = FolderCopies(shop.path).regular()[0]
        rows = look(shop.copies / last.name, "SELECT seq FROM ledger_head")
        assert rows == shop.look("SELECT seq FROM ledger_head")
        left = [path.name for path in shop.copies.iterdir() if path.name[0] == "."]
        assert left == [], "half copies are left"


def all_flows() -> Mapping[str, Flow]:
    """Fresh ones, by name; ``make`` each before use."""
    flows = (
        Pay("pay", "pay", "paid"),
        Refund("refund", "refund", "paid", (REFUNDED_ITEM,)),
        Approve("approval", "approve", "asked", PAID, away=True),
        Approve("drain", "drain", "approved", PAID),
        Migrate("migration", "migrate", "old", (REFUNDED_ITEM,)),
        FirstStart("first-start", "migrate", "none"),
        BackUp("backup", "backup", "copied", (REFUNDED_ITEM,)),
    )
    return {flow.name: flow for flow in flows}
