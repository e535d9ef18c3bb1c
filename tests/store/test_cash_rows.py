"""The database holds the invariants of cash by itself: plain SQL tries to break each of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.store.engine import connect
from tests.store.cash_rows import CASH_GOOD, cash_row, counter_item
from tests.store.test_store_constraints import GOOD, HASH, insert

CLOSED = "UPDATE shifts SET closed_at = 1, closed_by = 'x', counted = 5, expected = 5, z_no = 1"
PAID_OUT = "UPDATE cash_refunds SET state = 'PAID_OUT', shift_id = 1, paid_at = 1"


@pytest.fixture
def raw(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(database)) as connection:
        for statement in (*GOOD, *CASH_GOOD):
            connection.execute(statement)
        yield connection


BROKEN = [
    # one shift at a time, that begins once and ends once
    cash_row("shifts", id=2),
    cash_row("shifts", id=2, opening_float=-1, till=1),
    cash_row("shifts", id=2, closed_at=1, counted=1, expected=1),
    cash_row("shifts", id=2, closed_at=1, counted=1, expected=2, z_no=2),
    "UPDATE shifts SET opening_float = 5",
    "UPDATE shifts SET business_date = '2026-12-01'",
    "DELETE FROM shifts",
    # cash that was received stays as it is
    cash_row("cash_tenders", id=2, part=3, amount=1, received=1, change=0),
    cash_row("cash_tenders", id=2, part=0, amount=1, received=1, change=0),
    cash_row("cash_tenders", id=2, amount=1, received=1, change=0),
    cash_row("cash_tenders", id=2, part=2, amount=1, received=2, change=0),
    cash_row("cash_tenders", id=2, part=2, amount=1, received=1, change=1),
    cash_row("cash_tenders", id=2, part=2, amount=2, received=1, change=-1),
    cash_row("cash_tenders", id=2, part=2, amount=0, received=0, change=0),
    cash_row("cash_tenders", id=2, part=2, amount=1, received=1, change=0, tax_free=2),
    cash_row("cash_tenders", id=2, part=2, amount=41, received=41, change=0),
    cash_row("cash_tenders", id=2, part=2, amount=1, received=1, change=0, shift_id=9),
    cash_row("cash_tenders", id=2, part=2, amount=1, received=1, change=0, state="LOST"),
    "UPDATE cash_tenders SET amount = 1",
    "UPDATE cash_tenders SET received = 1",
    "UPDATE cash_tenders SET shift_id = 2",
    "UPDATE cash_tenders SET state = 'RETURNED'",
    "DELETE FROM cash_tenders",
    cash_row("cash_moves", id=2, amount=0),
    cash_row("cash_moves", id=2, reason=""),
    cash_row("cash_moves", id=2, kind="BACK"),
    cash_row("cash_moves", id=2, shift_id=9),
    "UPDATE cash_moves SET amount = 1",
    "DELETE FROM cash_moves",
    # refunds in cash are within the kept cash, one an item, and end once
    cash_row("cash_refunds", id=2),
    cash_row("cash_refunds", id=2, item_id=52, amount=51),
    cash_row("cash_refunds", id=2, item_id=52, order_id=7),
    cash_row("cash_refunds", id=2, item_id=52, amount=1, tax_free=2),
    cash_row("cash_refunds", id=2, item_id=52, state="PAID_OUT"),
    cash_row("cash_refunds", id=2, item_id=52, state="PAID_OUT", shift_id=9, paid_at=1),
    cash_row("cash_refunds", id=2, item_id=52, approval_needed=1),
    cash_row(
        "cash_refunds", id=2, item_id=52, approval_needed=1, approved_by="staff:1:seller:9"
    ),
    cash_row("cash_refunds", id=2, item_id=52, amount=1, replaced=1),
    cash_row("cash_refunds", id=2, item_id=52, amount=1, replaces=1, replaced=2),
    cash_row("cash_refunds", id=2, item_id=52, amount=1, replaces=1),
    cash_row("cash_refunds", id=2, item_id=52, amount=1, replaces=1, replaced=1),
    "UPDATE cash_refunds SET replaced = 1, replaces = 1",
    "UPDATE cash_refunds SET amount = 1",
    "UPDATE cash_refunds SET item_id = 52",
    "UPDATE cash_refunds SET approved_by = 'x'",
    "UPDATE cash_refunds SET state = 'PAID_OUT'",
    "UPDATE cash_refunds SET state = 'PAID_OUT', shift_id = 9, paid_at = 1",
    "DELETE FROM cash_refunds",
    # Z reports have no gap and never change
    cash_row("z_reports", z_no=3, shift_id=2, previous=HASH),
    cash_row("z_reports", z_no=2, shift_id=2),
    cash_row("z_reports", z_no=2, previous=HASH),
    "UPDATE z_reports SET body = '[]'",
    "DELETE FROM z_reports",
    # addenda neither, and a report has one at most
    cash_row("z_addenda", number=3, z_no=2, previous=HASH),
    cash_row("z_addenda", number=2, z_no=2, previous=HASH),
    cash_row("z_addenda", number=2, previous=HASH),
    cash_row("z_addenda", number=2, z_no=9, previous=HASH),
    "UPDATE z_addenda SET body = '[]'",
    "DELETE FROM z_addenda",
    cash_row("count_drafts", shift_id=9),
    # what leaves 결제대기 was paid
    "UPDATE order_items SET status = 'COMPLETE_PAYMENT' WHERE id = 51",
    "UPDATE order_items SET status = 'DELIVERY_COMPLETE' WHERE id = 51",
]  # fmt: skip

ALLOWED = [
    cash_row("shifts", id=2, till=1),
    CLOSED,
    cash_row("cash_tenders", id=2, part=2, amount=40, received=100, change=60),
    cash_row("cash_tenders", id=2, state="RETURNED", amount=1, received=1, change=0),
    cash_row("cash_moves", id=2, kind="OUT"),
    cash_row("cash_refunds", id=2, item_id=52, amount=50),
    cash_row("cash_refunds", id=2, state="DROPPED"),
    PAID_OUT,
    "UPDATE cash_refunds SET state = 'DROPPED'",
    "UPDATE order_items SET status = 'CANCEL' WHERE id = 51",
]


@pytest.mark.parametrize("statement", BROKEN)
def test_the_database_refuses(raw: sqlite3.Connection, statement: str) -> None:
    before = list(raw.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    assert list(raw.iterdump()) == before


@pytest.mark.parametrize("statement", ALLOWED)
def test_the_database_allows_the_valid_neighbour(raw: sqlite3.Connection, statement: str) -> None:
    assert raw.execute(statement).rowcount == 1


PAID = "UPDATE order_items SET status = 'COMPLETE_PAYMENT' WHERE order_id = 50"


@pytest.mark.parametrize(
    ("rest", "amount"),
    [
        (cash_row("cash_tenders", id=2, part=2, amount=40, received=40, change=0), None),
        (insert("payments", id=2, imp_uid="imp_2", order_id=50, amount=40), None),
        ("UPDATE order_items SET status = 'CANCEL' WHERE id = 52", 10),
    ],
)
def test_items_are_paid_by_what_comes_to_them(
    raw: sqlite3.Connection, rest: str, amount: int | None
) -> None:
    raw.execute(rest)
    if amount is not None:
        with pytest.raises(sqlite3.IntegrityError, match="not what was ordered"):
            raw.execute(PAID.replace("order_id = 50", "id = 51"))
    else:
        assert raw.execute(PAID).rowcount == 2


def test_cash_that_waits_pays_nothing(raw: sqlite3.Connection) -> None:
    raw.execute(
        cash_row("cash_tenders", id=2, part=2, amount=40, received=40, change=0, state="RECEIVED")
    )
    with pytest.raises(sqlite3.IntegrityError, match="not what was ordered"):
        raw.execute(PAID)


@pytest.mark.parametrize(
    "statement",
    [
        CLOSED,
        cash_row("cash_tenders", id=2, part=2, amount=40, received=40, change=0),
        cash_row("cash_moves", id=2),
        PAID_OUT,
        cash_row("cash_refunds", id=2, item_id=52, state="PAID_OUT", shift_id=1, paid_at=1),
    ],
)
def test_a_closed_shift_moves_no_cash_and_stays_closed(
    raw: sqlite3.Connection, statement: str
) -> None:
    raw.execute(CLOSED)
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)


def test_a_refund_in_cash_ends_once(raw: sqlite3.Connection) -> None:
    raw.execute(PAID_OUT)
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("UPDATE cash_refunds SET state = 'DROPPED', paid_at = NULL, shift_id = NULL")


def test_orders_of_files_are_paid_as_they_were(raw: sqlite3.Connection) -> None:
    """Without cash the rule is about the counter's own orders only."""
    raw.execute("UPDATE order_items SET status = 'COMPLETE_PAYMENT' WHERE id = 1")
    raw.execute(counter_item(53, 2))
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("UPDATE order_items SET status = 'COMPLETE_PAYMENT' WHERE id = 53")
