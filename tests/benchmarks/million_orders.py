"""A million orders of one shop, or fewer, made once and kept in the temporary folder.

Five years of four sellers, two items an order. What is older than three days is delivered or
cancelled, but for some hundred items that nobody moved on. Rows go in by plain SQL, without the
triggers. Always the same rows.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from posapp.store import order_marks, schema, tables
from posapp.store.columns import to_microseconds
from posapp.store.open_store import open_store
from posapp.store.order_marks import IndexedOrder, goods_text
from tests.requests.million import FAMILY, GIVEN, KINDS, MAKES, NEWEST, SELLERS, SPAN

BUYERS = 20_000
IN_WORK_SECONDS = 3 * 86_400
"""How old an order can be that is not paid, or whose items are not delivered."""

_IN_WORK = ("COMPLETE_PAYMENT", "COMPLETE_PAYMENT", "WAITING_FOR_DELIVERY", "SHIPPING")
GOODS = tuple(f"{make} {kind}" for make in MAKES for kind in KINDS)
_WHEN = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type = ?"

_ORDER_COLUMNS = (
    *("id", "buyer_id", "created_at", "is_open", "segment", "has_cancelled", "amount", "ordered"),
    *("goods_text", "buyer_text", "phone_digits"),
)
_ITEM_COLUMNS = (
    *("id", "order_id", "buyer_id", "seller_id", "product_id", "name", "price", "count", "status"),
    *("cancel_reason", "position", "ordered_at", "part_of", "first_count"),
)

Rows = tuple[tuple[object, ...], list[tuple[object, ...]]]


def million_orders(rows: int) -> Path:
    """The file; made if it is not there yet (about a minute for a million)."""
    modules = (tables, schema, order_marks)
    made_of = (Path(__file__), *(Path(str(one.__file__)) for one in modules))
    key = hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"posapp-bench-orders-{key}-{rows}.db"
    if not path.exists():
        new = path.with_suffix(f".{os.getpid()}")
        new.unlink(missing_ok=True)
        _make(new, rows)
        new.replace(path)
    return path


def _make(path: Path, rows: int) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("BEGIN")
        people = [(n, name, "", "", phone, "COMMON", phone)
                  for n, (name, phone) in _buyers().items()]  # fmt: skip
        people += [(n, f"판매자{n}", "", "", "", "SELLER", "") for n in SELLERS]
        connection.executemany(f"INSERT INTO users VALUES ({', '.join('?' * 7)})", people)
        triggers = connection.execute(_WHEN, ("trigger",)).fetchall()
        indices = [
            (name, sql) for name, sql in connection.execute(_WHEN, ("index",)) if " ON order" in sql
        ]
        for kind, made in (("TRIGGER", triggers), ("INDEX", indices)):
            for name, _ in made:
                connection.execute(f"DROP {kind} {name}")
        every = _orders(rows)
        while portion := [one for one, _ in zip(every, range(20_000), strict=False)]:
            connection.executemany(
                _insert("orders", _ORDER_COLUMNS),
                [order for order, _ in portion],
            )
            connection.executemany(
                "INSERT INTO order_words (rowid, marks) VALUES (?, ?)",
                [_marks(order, items) for order, items in portion],
            )
            connection.executemany(
                _insert("order_items", _ITEM_COLUMNS),
                [item for _, items in portion for item in items],
            )
        for _, sql in (*indices, *triggers):
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(table: str, columns: tuple[str, ...]) -> str:
    """Return the statement for these columns; others have their defaults."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _orders(rows: int) -> Iterator[Rows]:
    chance = random.Random(20261128)
    pick = chance.choice
    buyers = _buyers()
    newest = to_microseconds(NEWEST)
    step = SPAN * 1_000_000 // rows
    for number in range(1, rows + 1):
        at = newest - (rows - number) * step - chance.randrange(step)
        buyer = 100 + chance.randrange(BUYERS)
        recent = newest - at < IN_WORK_SECONDS * 1_000_000
        is_open = recent and chance.randrange(4) == 0
        items: list[tuple[object, ...]] = []
        for position in range(2):
            status = pick(("DELIVERY_COMPLETE",) * 9 + ("CANCEL",))
            if is_open:
                status = "WAITING_FOR_PAYMENT"
            elif recent or chance.randrange(5_000) == 0:
                status = pick(_IN_WORK)
            items.append(
                (2 * number + position, number, buyer, pick(SELLERS), 1 + chance.randrange(300),
                 pick(GOODS),
                 1000 * (1 + chance.randrange(60)), (count := 1 + chance.randrange(3)), status, "",
                 position, at, None, count)
            )  # fmt: skip
        name, phone = buyers[buyer]
        paid = {str(item[8]) for item in items} - {"CANCEL", "WAITING_FOR_PAYMENT"}
        segment = "OPEN" if is_open else "DELIVERY" if paid else "CANCELLED"
        if paid == {"COMPLETE_PAYMENT"}:
            segment = "PAID"
        ordered = sum(_won(item) for item in items)
        living = sum(_won(item) for item in items if item[8] != "CANCEL")
        goods = goods_text(str(item[5]) for item in items)
        has_cancelled = any(item[8] == "CANCEL" for item in items)
        yield (
            (number, buyer, at, int(is_open), segment, int(has_cancelled), living or ordered,
             ordered, goods, name, phone),
            items,
        )  # fmt: skip


def _won(item: tuple[object, ...]) -> int:
    price, count = item[6:8]
    assert isinstance(price, int)
    assert isinstance(count, int)
    return price * count


def _marks(order: tuple[object, ...], items: list[tuple[object, ...]]) -> tuple[object, str]:
    number, _, at, _, _, _, *found_by = order
    products = tuple(sorted({item[4] for item in items}))  # type: ignore[type-var]
    return number, IndexedOrder(number, at, *found_by, products).marks  # type: ignore[arg-type]


def _buyers() -> dict[int, tuple[str, str]]:
    chance = random.Random(11)
    given = [one + other for one in GIVEN for other in GIVEN]
    return {
        n: (chance.choice(FAMILY) + chance.choice(given), f"010{chance.randrange(10**8):08}")
        for n in range(100, 100 + BUYERS)
    }
