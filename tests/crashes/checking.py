"""Invariants of a shop after a crash: at once, and after it has run until it is idle."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from posapp.domain.merchant_numbers import TAG
from posapp.store.engine import quick_check
from posapp.store.files.backup import list_backups
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.schema import SCHEMA_VERSION
from tests.crashes.shops import Shop, query
from tests.fakes.till import STOCK, Till

QUIET_STEPS = 400

SOONEST = """SELECT min(at) FROM (
  SELECT min(next_check_at) AS at FROM attempts
  UNION ALL SELECT min(ready_at) FROM outbox o WHERE state IN ('WAITING', 'CLAIMED')
  UNION ALL SELECT min(next_at) FROM cash_receipts
    WHERE by_hand = 0 AND state NOT IN ('ISSUED', 'REFUSED', 'CANCEL_REFUSED', 'CANCELLED'))"""
LEFT_OPEN = "SELECT tag, state FROM refunds WHERE state NOT IN ('CONFIRMED', 'REFUSED')"
REFUNDS = "SELECT tag, amount, state, imp_uid, item_id, origin FROM refunds ORDER BY id"


# Reported facts are on the disk.


def check_reported(shop: Shop, reported: Iterable[tuple[str, int | str]]) -> None:
    """Check everything reported, right after the next start and before any other work."""
    for kind, value in reported:
        assert REPORTED[kind](shop, value), (
            f"{kind} {value} was told, and the disk does not know it"
        )


def _shown(shop: Shop, number: int | str) -> bool:
    return bool(
        shop.query("SELECT 1 FROM attempts WHERE merchant_uid = ? AND link_url <> ''", number)
    )


def _paid(shop: Shop, order_id: int | str) -> bool:
    states = shop.query("SELECT DISTINCT status FROM order_items WHERE order_id = ?", order_id)
    return states == [("COMPLETE_PAYMENT",)] and bool(
        shop.query("SELECT 1 FROM payments WHERE order_id = ? AND standing = 'ACCEPTED'", order_id)
    )


def _kept(shop: Shop, item_id: int | str) -> bool:
    return bool(
        shop.query("SELECT 1 FROM refunds WHERE item_id = ? AND state <> 'REFUSED'", item_id)
    )


def _refunded(shop: Shop, item_id: int | str) -> bool:
    return bool(
        shop.query(
            "SELECT 1 FROM refunds r JOIN order_items i ON i.id = r.item_id"
            " WHERE i.id = ? AND r.state = 'CONFIRMED' AND i.status = 'CANCEL'",
            item_id,
        )
    )


def _decided(shop: Shop, request_id: int | str) -> bool:
    return bool(
        shop.query(
            "SELECT 1 FROM requests q JOIN refunds r ON r.id = q.refund_id"
            " JOIN outbox o ON o.refund_id = r.id WHERE q.id = ? AND q.state = 'OK'",
            request_id,
        )
    )


def _migrated(shop: Shop, name: int | str) -> bool:
    return query(shop.folder / str(name), VERSION) == [(SCHEMA_VERSION,)]


def _copied(shop: Shop, name: int | str) -> bool:
    copies = {copy.path.name: copy.path for copy in list_backups(shop.copies)}
    return str(name) in copies and verify_ledger(copies[str(name)]) == verify_ledger(shop.path)


def _ordered(shop: Shop, number: int | str) -> bool:
    return bool(
        shop.query(
            "SELECT 1 FROM orders o JOIN carts c ON c.order_id = o.id"
            " WHERE o.id = ? AND o.counter AND c.state = 'ORDERED'",
            number,
        )
    )


def _expired(shop: Shop, _: int | str) -> bool:
    return not shop.query("SELECT 1 FROM orders WHERE counter AND is_open")


def _cash_kept(shop: Shop, number: int | str) -> bool:
    return bool(
        shop.query(
            "SELECT 1 FROM cash_tenders t JOIN ledger l ON l.order_id = t.order_id"
            " WHERE t.order_id = ? AND l.fact = 'CASH_RECEIVED' AND l.amount = t.amount",
            number,
        )
    )


def _cash_back(shop: Shop, item_id: int | str) -> bool:
    return bool(
        shop.query(
            "SELECT 1 FROM cash_refunds r JOIN order_items i ON i.id = r.item_id"
            " WHERE i.id = ? AND i.status = 'CANCEL' AND r.state = 'PAID_OUT'",
            item_id,
        )
    )


def _shift_closed(shop: Shop, z_no: int | str) -> bool:
    return bool(
        shop.query(
            "SELECT 1 FROM shifts s JOIN z_reports z ON z.shift_id = s.id"
            " WHERE s.z_no = ? AND z.z_no = s.z_no AND s.closed_at IS NOT NULL",
            z_no,
        )
    )


def _counted(shop: Shop, pieces: int | str) -> bool:
    ((counts,),) = shop.query("SELECT counts FROM count_drafts")
    return json.loads(counts) == {"10000": pieces}


def _added(shop: Shop, number: int | str) -> bool:
    return shop.query("SELECT number FROM z_addenda") == [(number,)]


def _receipt(state: str) -> Callable[[Shop, int | str], bool]:
    """Return what tells whether the first receipt of an order is in one of some states."""
    question = f"SELECT state IN ({state}) FROM cash_receipts WHERE order_id = ? ORDER BY id"
    return lambda shop, number: shop.query(question, number)[:1] == [(1,)]


def _part_back(shop: Shop, number: int | str) -> bool:
    """Whether a part of the cash went back, and its receipt is to be cancelled or is it."""
    question = (
        "SELECT 1 FROM cash_refunds f JOIN cash_receipts r ON r.order_id = f.order_id"
        " WHERE f.order_id = ? AND f.state = 'PAID_OUT' AND r.cancel_wanted"
    )
    return bool(shop.query(question, number))


REPORTED: Mapping[str, Callable[[Shop, int | str], bool]] = {
    "shown": _shown,
    "paid": _paid,
    "kept": _kept,
    "refunded": _refunded,
    "decided": _decided,
    "ordered": _ordered,
    "expired": _expired,
    "cash": _cash_kept,
    "cash-part": _cash_kept,
    "cash-refund": _cash_back,
    "cash-close": _shift_closed,
    "cash-count": _counted,
    "addendum": _added,
    "cash-instead": _cash_back,
    "receipt-asked": _receipt("'REQUESTED', 'SENDING', 'UNKNOWN', 'ISSUED'"),
    "receipt-issued": _receipt("'ISSUED'"),
    "receipt-part": _part_back,
    "receipt-cancelled": _receipt("'CANCELLED'"),
    "migrated": _migrated,
    "copied": _copied,
}


# Files.

VERSION = "SELECT version_num FROM alembic_version"
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"


def schema(path: Path) -> tuple[object, ...]:
    """Return the schema of a file: its number, and the SQL of every table, index and trigger."""
    return (*query(path, VERSION)[0], *query(path, SCHEMA))


def content(path: Path) -> list[str]:
    """Return all content of a file as SQL."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        return list(connection.iterdump())


def check_copies(folder: Path, known: Callable[[Path], bool]) -> int:
    """Check that every listed copy is whole and one of the known ones; return their number."""
    copies = [copy for one in folder_and_below(folder) for copy in list_backups(one)]
    for copy in copies:
        quick_check(copy.path)
        assert isinstance(verify_ledger(copy.path), int), f"{copy.path.name}: its chain is broken"
        assert known(copy.path), f"{copy.path.name} is no state that the shop was in"
    return len(copies)


def folder_and_below(folder: Path) -> list[Path]:
    return [folder, *(path for path in folder.rglob("*") if path.is_dir())]


# Going on.


def go_on(shop: Shop, till: Till) -> None:
    """Let time pass until nothing is left to do."""
    for _ in range(QUIET_STEPS):
        till.work()
        (soonest,) = shop.query(SOONEST)[0]
        if soonest is None:
            return
        now = int(shop.clock.now().timestamp() * 1_000_000)
        shop.clock.advance(seconds=max(5, min(60, -(-(soonest - now) // 1_000_000))))
    raise AssertionError("the till finds no rest")


# At the end.


def check_over(shop: Shop, till: Till) -> None:
    """Check everything that holds of an idle shop with a working network."""
    assert shop.query(LEFT_OPEN) == [], "a refund is stuck"
    assert shop.query("SELECT state FROM outbox WHERE state <> 'SETTLED'") == []
    assert shop.query("SELECT kind, evidence FROM mismatches WHERE settled_at IS NULL") == []
    till.check_books()
    _check_payments(shop)
    _check_refunds(shop)
    _check_stock(shop)


def check_file(shop: Shop) -> None:
    """Check the file of a program that has ended."""
    quick_check(shop.path)
    assert shop.query("PRAGMA integrity_check") == [("ok",)]
    assert shop.query("PRAGMA foreign_key_check") == []
    rows = verify_ledger(shop.path)
    assert isinstance(rows, int), f"the ledger's chain: {rows}"


def _check_payments(shop: Shop) -> None:
    ours = dict(
        shop.query(
            "SELECT imp_uid, sum(amount) FROM ledger WHERE amount <> 0"
            " AND fact NOT LIKE 'CASH%' AND fact NOT LIKE 'SHIFT%' GROUP BY 1"
        )
    )
    paid = {one.imp_uid: one.balance for one in shop.books.payments() if one.paid_at}
    assert ours == paid, "our ledger and PortOne's books differ"
    known = {row[0] for row in shop.query("SELECT imp_uid FROM payments")}
    assert known == set(paid)


def _check_refunds(shop: Shop) -> None:
    rows = shop.query(REFUNDS)
    lines = [line for one in shop.books.payments() for line in one.cancellations]
    carried = Counter(line.reason[line.reason.index(TAG) :] for line in lines if TAG in line.reason)
    assert sum(carried.values()) == len(lines), "money went back that no refund was for"
    for tag, amount, state, _, _, _ in rows:
        expected = 1 if state == "CONFIRMED" else 0
        assert carried[tag] == expected, f"{tag} {state} went back {carried[tag]} times"
        sums = [line.amount for line in lines if line.reason.endswith(tag)]
        assert sums == [amount] * expected
    assert set(carried) <= {row[0] for row in rows}, "a tag that the file does not know"
    for one in shop.books.payments():
        back = sum(row[1] for row in rows if row[3] == one.imp_uid and row[2] != "REFUSED")
        assert back == one.cancel_amount <= one.amount
    items = Counter(row[4] for row in rows if row[4] is not None and row[2] == "CONFIRMED")
    assert all(count == 1 for count in items.values()), "an item's money went back twice"


def _check_stock(shop: Shop) -> None:
    """Check stock and refunds of each item. An order of a file took nothing off the stock, and the
    counter's own is cancelled only while it is not paid."""
    for product, stock, sold, back in shop.query(
        "SELECT p.id, p.stock, sum(o.counter * i.count),"
        " sum(CASE i.status WHEN 'CANCEL' THEN i.count ELSE 0 END)"
        " FROM order_items i JOIN orders o ON o.id = i.order_id"
        " JOIN products p ON p.id = i.product_id GROUP BY p.id"
    ):
        gone = f"{sold} sold, {back} came back"
        assert stock == STOCK - sold + back, f"product {product}: {stock} in stock, {gone}"
    for item_id, status, counter, confirmed in shop.query(
        "SELECT i.id, i.status, o.counter, (SELECT count(*) FROM refunds r"
        " WHERE r.item_id = i.id AND r.state = 'CONFIRMED')"
        " FROM order_items i JOIN orders o ON o.id = i.order_id"
    ):
        expected = 1 if status == "CANCEL" and not counter else 0
        assert confirmed == expected, f"item {item_id} {status}: {confirmed} refunds"
