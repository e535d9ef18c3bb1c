"""The shop's folder on disk: its orders, and its books, read directly and read-only."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posapp.store.files.ledger_check import verify_ledger

BUYER, SELLER = 12, 3
TOTAL = 10_900
"""Won of each order: 소금빵 twice 3,200, 라떼 4,500."""

OF_THREE = 100
"""Id of the order of three items: as the others, and 원두 at 14,000 won."""

BREAD, LATTE = "8801234567893", "8801234567909"
"""Barcodes of two products."""

WAITING = ["WAITING_FOR_PAYMENT"] * 2
PAID = ["COMPLETE_PAYMENT"] * 2


def orders_file(path: Path, orders: int) -> Path:
    """Write a shop with some open orders of one buyer, numbered from 1, and one of three items."""

    def item(number: int, product: int, name: str, price: int, count: int) -> dict[str, Any]:
        return {
            "id": number,
            "product_id": product,
            "seller_id": SELLER,
            "name": name,
            "price": price,
            "count": count,
            "status": "WAITING_FOR_PAYMENT",
        }

    def product(number: int, name: str, price: int, barcode: str) -> dict[str, Any]:
        return {
            "id": number,
            "seller_id": SELLER,
            "name": name,
            "price": price,
            "stock": 90,
            "barcode": barcode,
        }

    def order(number: int, *more: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": number,
            "buyer_id": BUYER,
            "created_at": "2026-01-05T14:30:00+09:00",
            "items": [
                item(number * 10, 21, "소금빵", 3200, 2),
                item(number * 10 + 1, 22, "라떼", 4500, 1),
                *more,
            ],
        }

    shop = {
        "users": [
            {"id": SELLER, "name": "이하은", "status": "SELLER"},
            {"id": BUYER, "name": "김민서", "phone": "010-0000-0012"},
        ],
        "products": [
            product(21, "소금빵", 3200, BREAD),
            product(22, "라떼", 4500, LATTE),
            product(23, "원두", 14_000, ""),
        ],
        "orders": [
            *(order(number) for number in range(1, orders + 1)),
            order(OF_THREE, item(OF_THREE * 10 + 2, 23, "원두", 14_000, 1)),
        ],
    }
    path.write_text(json.dumps(shop, ensure_ascii=False), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Books:
    """Contents of the database file about one order, and the sum of the whole ledger."""

    items: list[str]
    attempts: list[tuple[str, str]]
    """State and reason."""
    payments: list[tuple[str, int, str]]
    """Disposition, won, problem."""
    refunds: list[tuple[str, int]]
    facts: list[tuple[str, int]]
    """The ledger's entries of the order: event and won."""
    money: int
    """The sum of the whole ledger."""


def read_books(home: Path, order_id: int) -> Books:
    """Read the database file of a shop, also while it is open."""
    with closing(sqlite3.connect(f"{(home / 'posapp.db').as_uri()}?mode=ro", uri=True)) as file:

        def rows(text: str, table: str) -> list[Any]:
            return file.execute(
                f"SELECT {text} FROM {table} WHERE order_id = ? ORDER BY 1", (order_id,)
            ).fetchall()

        file.execute("BEGIN")
        return Books(
            items=[status for _, status in rows("id, status", "order_items")],
            attempts=[
                (state, reason) for _, state, reason in rows("id, state, reason", "attempts")
            ],
            payments=rows("standing, amount, problem", "payments"),
            refunds=rows("state, amount", "refunds"),
            facts=[(fact, amount) for _, fact, amount in rows("seq, fact, amount", "ledger")],
            money=file.execute("SELECT coalesce(sum(amount), 0) FROM ledger").fetchone()[0],
        )


def merchant_uids(home: Path, order_id: int) -> list[str]:
    """Return the numbers of an order's attempts, oldest first."""
    with closing(sqlite3.connect(f"{(home / 'posapp.db').as_uri()}?mode=ro", uri=True)) as file:
        found = file.execute(
            "SELECT merchant_uid FROM attempts WHERE order_id = ? ORDER BY id", (order_id,)
        )
        return [number for (number,) in found]


def counter_orders(home: Path) -> list[int]:
    """Return the orders of the counter's own sale, oldest first."""
    with closing(sqlite3.connect(f"{(home / 'posapp.db').as_uri()}?mode=ro", uri=True)) as file:
        found = file.execute("SELECT id FROM orders WHERE counter = 1 ORDER BY id")
        return [number for (number,) in found]


def open_order(home: Path) -> tuple[int, int] | None:
    """Return buyer and number of an order that waits for payment, once the shop has one."""
    try:
        with closing(sqlite3.connect(f"{(home / 'posapp.db').as_uri()}?mode=ro", uri=True)) as file:
            found: tuple[int, int] | None = file.execute(
                "SELECT buyer_id, id FROM orders WHERE is_open = 1 ORDER BY id LIMIT 1"
            ).fetchone()
            return found
    except sqlite3.OperationalError:
        return None  # the program is still making it


def chain_is_whole(home: Path) -> bool:
    """Whether the ledger's chain of hashes is valid, by the product's own check."""
    return isinstance(verify_ledger(home / "posapp.db"), int)
