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

from posapp.store import schema, tables
from posapp.store.columns import to_microseconds
from posapp.store.open_store import open_store
from tests.requests.million import NEWEST, SELLERS, SPAN

BUYERS = 20_000
IN_WORK_SECONDS = 3 * 86_400
"""How old an order can be that is not paid, or whose items are not delivered."""

_IN_WORK = ("COMPLETE_PAYMENT", "COMPLETE_PAYMENT", "WAITING_FOR_DELIVERY", "SHIPPING")
_GOODS = ("카페라떼", "소금빵", "원두 200g", "머그컵", "에코백", "유자차", "향초", "쿠키")
_WHEN = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type = ?"

Rows = tuple[tuple[object, ...], list[tuple[object, ...]]]


def million_orders(rows: int) -> Path:
    """The file; made if it is not there yet (about a minute for a million)."""
    made_of = (Path(__file__), Path(tables.__file__), Path(schema.__file__))
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
        people = [(n, f"손님{n}", "", "", "010-0000-0000", "COMMON", "01000000000")
                  for n in range(100, 100 + BUYERS)]  # fmt: skip
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
                "INSERT INTO orders VALUES (?, ?, ?, ?)", [order for order, _ in portion]
            )
            connection.executemany(
                f"INSERT INTO order_items VALUES ({', '.join('?' * 12)})",
                [item for _, items in portion for item in items],
            )
        for _, sql in (*indices, *triggers):
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _orders(rows: int) -> Iterator[Rows]:
    chance = random.Random(20261128)
    pick = chance.choice
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
                (2 * number + position, number, buyer, pick(SELLERS), 1, pick(_GOODS),
                 1000 * (1 + chance.randrange(60)), 1 + chance.randrange(3), status, "", position,
                 at)
            )  # fmt: skip
        yield (number, buyer, at, int(is_open)), items
