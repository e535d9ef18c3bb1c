"""The flows to walk: the action of a child, and the checks of its shop afterwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.orders import Pieces
from posapp.domain.requests import Decision
from posapp.sandbox.link_access import PaymentNotAllowed
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.sale.expire_reservations import REASON
from posapp.store.files.backup import FolderCopies, backup_folder
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.files.z_report_check import verify_z_addenda, verify_z_reports
from posapp.store.open_store import open_store
from posapp.store.schema import SCHEMA_VERSION
from tests.crashes import cash_flows, receipt_flows
from tests.crashes.checking import (
    VERSION,
    check_copies,
    check_file,
    check_over,
    check_reported,
    content,
    go_on,
    schema,
)
from tests.crashes.children import Ran
from tests.crashes.shops import (
    DIVIDED_ITEM,
    DOWN,
    FILE,
    OFF,
    OLD_COPY,
    OLDEST,
    PAID,
    PIECES,
    REFUNDED_ITEM,
    REQUESTED,
    SOLD,
    UNPAID,
    Shop,
    make_template,
    query,
    ring_up,
)
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, Till

COUNTER_ITEMS = """SELECT i.product_id, i.count, i.status FROM order_items i
JOIN orders o ON o.id = i.order_id WHERE o.counter ORDER BY i.product_id"""


@dataclass
class Flow:
    """One flow of a shop.

    Attributes:
        action: the child's action (``actions.ACTIONS``).
        kind: the shop it begins with (``shops.MAKERS``).
        away: whether PortOne is unreachable while the child runs.
        refunds: items that are refunded in the end.
    """

    name: str
    action: str
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
        """Check the files, start the program again, let it run, and check everything."""
        self.check_files(shop)
        shop.sandbox.faults.clear()
        shop.clock.advance(seconds=DOWN.total_seconds())
        self.while_down(shop)
        till = shop.open()
        try:
            check_reported(shop, ran.reported)
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
        """Check what the crash left, before the program opens it."""

    def while_down(self, shop: Shop) -> None:
        """Act as buyers and staff before the program runs again."""

    def resume(self, shop: Shop, till: Till) -> None:
        """Repeat the actions of buyers and staff that the program has lost."""

    def check_end(self, shop: Shop) -> None:
        """Check that the flow's purpose is reached in the end."""
        gone = shop.query("SELECT item_id FROM refunds WHERE state = 'CONFIRMED' ORDER BY item_id")
        assert gone == [(item,) for item in self.refunds]


class Pay(Flow):
    def while_down(self, shop: Shop) -> None:
        """Let the buyer, who has the QR, pay in any state of the till."""
        for link in shop.books.links():
            if link.merchant_uid not in {one.merchant_uid for one in paid(shop)}:
                with suppress(PaymentNotAllowed):
                    shop.books.pay(link.merchant_uid)

    def resume(self, shop: Shop, till: Till) -> None:
        if not till.order(UNPAID).is_paid:
            progress = till.payment_service.start(Actor.buyer(BUYER), UNPAID)
            shop.books.pay(progress.attempt.merchant_uid)

    def check_end(self, shop: Shop) -> None:
        states = shop.query("SELECT DISTINCT status FROM order_items WHERE order_id = ?", UNPAID)
        assert states == [("COMPLETE_PAYMENT",)]
        mine = [one for one in paid(shop) if one.merchant_uid not in ("", *self.before(shop))]
        assert sum(one.balance for one in mine) == 10_000, "the buyer paid twice"

    @staticmethod
    def before(shop: Shop) -> set[str]:
        rows = shop.query("SELECT merchant_uid FROM attempts WHERE order_id <> ?", UNPAID)
        return {row[0] for row in rows}


def paid(shop: Shop) -> list:
    return [one for one in shop.books.payments() if one.paid_at]


class Refund(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        if not shop.query("SELECT 1 FROM refunds WHERE item_id = ?", REFUNDED_ITEM):
            till.cancellation_service.refund(Actor.buyer(BUYER), REFUNDED_ITEM, "단순 변심", 5000)


class RefundPart(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        if not shop.query("SELECT 1 FROM order_items WHERE part_of = ?", DIVIDED_ITEM):
            actor = Actor.buyer(BUYER)
            one = Pieces(1, 3)
            till.cancellation_service.refund(actor, DIVIDED_ITEM, "단순 변심", 4000, one)

    def check_end(self, shop: Shop) -> None:
        """Check that one piece is refunded, once, and that two are paid as before: another one
        would go back if the choice were carried out again after a kill."""
        parts = shop.query(
            "SELECT i.count, i.status, r.amount, r.state FROM order_items i"
            " LEFT JOIN refunds r ON r.item_id = i.id WHERE i.part_of = ?",
            DIVIDED_ITEM,
        )
        assert parts == [(1, "CANCEL", 4000, "CONFIRMED")]
        rest = shop.query("SELECT count, status FROM order_items WHERE id = ?", DIVIDED_ITEM)
        assert rest == [(2, "COMPLETE_PAYMENT")]


class Approve(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        desk = RequestDecisionService(till.store, till.clock, till.ids, lambda: None, EVERYTHING)
        for (request_id,) in shop.query("SELECT id FROM requests WHERE state = 'WAIT' ORDER BY id"):
            desk.decide(Actor.seller(SELLER), request_id, Decision.APPROVE)

    def check_end(self, shop: Shop) -> None:
        super().check_end(shop)
        rows = shop.query("SELECT id, state, money FROM requests ORDER BY id")
        assert rows == [(number, "OK", "REFUNDED") for number in REQUESTED]


class Sell(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        ring_up(till, till.checkout_service)

    def check_end(self, shop: Shop) -> None:
        """Check that there is one order of the counter, whole, and that its cart is over."""
        super().check_end(shop)
        items = shop.query(
            "SELECT i.product_id, i.count, i.status FROM order_items i"
            " JOIN orders o ON o.id = i.order_id WHERE o.counter ORDER BY i.product_id"
        )
        assert items == [(product, PIECES, "WAITING_FOR_PAYMENT") for product in SOLD]
        (sold,) = shop.query("SELECT id, amount FROM orders WHERE counter")
        assert sold[1] == 2 * 5_000 + 2 * 4_000 - OFF
        assert shop.query("SELECT state, order_id FROM carts") == [("ORDERED", sold[0])]
        facts = shop.query("SELECT order_id, reference FROM ledger WHERE fact = 'DISCOUNT_GIVEN'")
        assert facts == [(sold[0], str(OFF))]


class Cash(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        cash_flows.take_all(till)

    def check_end(self, shop: Shop) -> None:
        """Check that there is one sale, paid in cash and handed over, and its cash in the
        drawer."""
        super().check_end(shop)
        items = shop.query(COUNTER_ITEMS)
        assert items == [(cash_flows.BREAD, 2, "DELIVERY_COMPLETE")]
        rows = shop.query("SELECT amount, change, state FROM cash_tenders")
        assert rows == [(cash_flows.DUE, 40_000, "KEPT")]
        cash_flows.check_drawer(shop, cash_flows.FLOAT + cash_flows.DUE)


class CashPart(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        cash_flows.take_part(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the sale waits with its cash in the drawer, and does not end meanwhile."""
        super().check_end(shop)
        items = shop.query(COUNTER_ITEMS)
        assert items == [(cash_flows.BREAD, 2, "WAITING_FOR_PAYMENT")]
        rows = shop.query("SELECT amount, change, state FROM cash_tenders")
        assert rows == [(cash_flows.PART, 0, "RECEIVED")]
        cash_flows.check_drawer(shop, cash_flows.FLOAT + cash_flows.PART)


class CashRefund(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        cash_flows.give_back(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the cash went back once, with the goods."""
        super().check_end(shop)
        assert shop.query(COUNTER_ITEMS) == [(cash_flows.BREAD, 2, "CANCEL")]
        assert shop.query("SELECT amount, state FROM cash_refunds") == [
            (cash_flows.DUE, "PAID_OUT")
        ]
        cash_flows.check_drawer(shop, cash_flows.FLOAT)


class CashInstead(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        cash_flows.replace_by_cash(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the refused refund went back in cash once, with the goods, and by nothing
        else."""
        super().check_end(shop)
        assert shop.query(COUNTER_ITEMS) == [(cash_flows.BREAD, 2, "CANCEL")]
        assert shop.query("SELECT amount, replaced, state FROM cash_refunds") == [
            (cash_flows.DUE, cash_flows.DUE, "PAID_OUT")
        ]
        moved = "SELECT count(*) FROM ledger WHERE fact = 'REFUND_MOVED_TO_CASH'"
        assert shop.query(moved) == [(1,)]
        cash_flows.check_drawer(shop, cash_flows.FLOAT - cash_flows.DUE, tenders=0)


class CashClose(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        cash_flows.close_shift(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the shift is closed once, with one report, and its drawer is empty."""
        super().check_end(shop)
        assert shop.query("SELECT z_no, counted, expected FROM shifts") == [
            (1, cash_flows.FLOAT + cash_flows.DUE, cash_flows.FLOAT + cash_flows.DUE)
        ]
        assert shop.query("SELECT z_no, shift_id FROM z_reports") == [(1, 1)]
        left = shop.query(
            "SELECT sum(amount) FROM ledger WHERE reference = 'shift:1'"
            " AND (fact LIKE 'CASH%' OR fact LIKE 'SHIFT%')"
        )
        assert left == [(0,)]


class CashCount(Flow):
    def check_files(self, shop: Shop) -> None:
        """Check that a count was kept as a whole, or none was."""
        kept = {row[0] for row in query(shop.as_left(), "SELECT counts FROM count_drafts")}
        assert kept <= {f'{{"10000": {pieces}}}' for pieces in (1, 4, cash_flows.COUNTED)}

    def resume(self, shop: Shop, till: Till) -> None:
        cash_flows.count_drawer(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the last count is kept, and that it moved nothing."""
        super().check_end(shop)
        assert shop.query("SELECT shift_id, counts FROM count_drafts") == [(1, '{"10000": 6}')]
        cash_flows.check_drawer(shop, cash_flows.FLOAT + cash_flows.DUE)


class Addendum(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        till.reconcile_job.request()

    def check_end(self, shop: Shop) -> None:
        """Check that the report has one addendum, and is as it was."""
        super().check_end(shop)
        assert shop.query("SELECT number, z_no FROM z_addenda") == [(1, 1)]
        assert verify_z_reports(shop.path) == verify_z_addenda(shop.path) == 1
        reports = "SELECT body, hash FROM z_reports"
        assert shop.query(reports) == query(self.template / "shop" / FILE, reports)


class Receipt(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        receipt_flows.ask_for_receipt(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the sale has one receipt, here and at PortOne."""
        super().check_end(shop)
        receipt_flows.check_receipts(shop, ("ISSUED", cash_flows.DUE))


class ReceiptRest(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        receipt_flows.give_part_back(till)

    def check_end(self, shop: Shop) -> None:
        """Check that the whole receipt is cancelled, and the rest of the sale has one."""
        super().check_end(shop)
        receipt_flows.check_receipts(
            shop, ("CANCELLED", cash_flows.DUE), ("ISSUED", receipt_flows.REST)
        )


class Expire(Flow):
    def resume(self, shop: Shop, till: Till) -> None:
        till.pass_time(120)

    def check_end(self, shop: Shop) -> None:
        """Check that each item ended once; ``check_over`` counts the stock."""
        super().check_end(shop)
        items = shop.query(
            "SELECT status, cancel_reason, (SELECT count(*) FROM ledger l WHERE l.item_id = i.id)"
            " FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.counter"
        )
        assert items == [("CANCEL", REASON, 1)] * len(SOLD)


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
        """Check that the schema is the old or the new one, and that the new one has a copy from
        before."""
        old, rows = self._old
        found = schema(shop.as_left())
        assert found in (old, self._new), f"schema {found[0]}, and neither the old nor the new"
        copies = check_copies(shop.folder, lambda copy: content(copy) == rows)
        assert found[0] == OLDEST or copies, "migrated, and no copy from before"

    def check_end(self, shop: Shop) -> None:
        super().check_end(shop)
        assert schema(shop.path) == self._new
        assert self._new[0] == SCHEMA_VERSION
        old = self._old[1]
        assert check_copies(shop.folder, lambda copy: content(copy) == old) >= 1


class FirstStart(Flow):
    """Making a shop in an empty folder: it is there and whole, or it is not there."""

    def check_files(self, shop: Shop) -> None:
        if shop.path.exists():
            assert query(shop.as_left(), VERSION) == [(SCHEMA_VERSION,)]


class BackUp(Flow):
    @cached_property
    def _lengths(self) -> tuple[int, int]:
        """Return the rows of the ledger: when the old copy was made, and now."""
        shop = self.template / "shop"
        now = verify_ledger(shop / FILE)
        old = verify_ledger(backup_folder(shop / FILE) / OLD_COPY)
        assert isinstance(old, int) and isinstance(now, int) and old < now
        return old, now

    def check_files(self, shop: Shop) -> None:
        """Check that listed copies are whole, and that the last good one is not lost."""
        there = check_copies(shop.folder, lambda copy: verify_ledger(copy) in self._lengths)
        assert there >= 1, "the last good copy is lost"
        assert (shop.copies / OLD_COPY).exists(), "the last good copy is lost"

    def resume(self, shop: Shop, till: Till) -> None:
        """Check that the next backup succeeds; half an hour later remains are removed."""
        for half in shop.copies.glob(".*"):
            os.utime(half, (0, 0))
        FolderCopies(shop.path).make(shop.clock.now())

    def check_end(self, shop: Shop) -> None:
        super().check_end(shop)
        last = FolderCopies(shop.path).regular()[0]
        rows = query(shop.copies / last.name, "SELECT seq FROM ledger_head")
        assert rows == shop.query("SELECT seq FROM ledger_head")
        left = [path.name for path in shop.copies.iterdir() if path.name[0] == "."]
        assert left == [], "half copies are left"


def all_flows() -> Mapping[str, Flow]:
    """Return new flows by name; ``make`` each before use."""
    flows = (
        Pay("pay", "pay", "paid"),
        Refund("refund", "refund", "paid", (REFUNDED_ITEM,)),
        RefundPart("refund-part", "refund-part", "paid"),
        Approve("approval", "approve", "asked", PAID, away=True),
        Approve("drain", "drain", "approved", PAID),
        Sell("sale", "sell", "paid"),
        Expire("expiry", "expire", "rung up"),
        Cash("cash", "cash", "paid"),
        CashPart("cash-part", "cash-part", "paid"),
        CashRefund("cash-refund", "cash-refund", "sold in cash"),
        CashInstead("cash-instead", "cash-instead", "refused for good"),
        CashClose("cash-close", "cash-close", "sold in cash"),
        CashCount("cash-count", "cash-count", "sold in cash"),
        Addendum("addendum", "addendum", "closed uncompared"),
        Receipt("receipt", "receipt", "sold in cash"),
        ReceiptRest("receipt-rest", "receipt-rest", "receipt issued"),
        Migrate("migration", "migrate", "old", (REFUNDED_ITEM,)),
        FirstStart("first-start", "migrate", "none"),
        BackUp("backup", "backup", "copied", (REFUNDED_ITEM,)),
    )
    return {flow.name: flow for flow in flows}
