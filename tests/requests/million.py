"""A million requests of one shop, fewer, or ten million, made once, in the temporary folder.

Five years of four sellers; the first has seven of ten requests. Rows go in by plain SQL: the marks
are those of ``search_tokens``, as the store itself writes them. Always the same rows. More than a
million are copies of them, each a microsecond after the other, so that SQL alone makes them.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from posapp.store import search_tokens
from posapp.store.columns import to_microseconds
from posapp.store.open_store import open_store

ROWS = 1_000_000
SELLERS = (1, 2, 3, 4)
NEWEST = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SPAN = 5 * 365 * 86_400
WAITING_SECONDS = 3 * 86_400
"""How old a request can be that nobody has decided."""

FAMILY = "김이박최정강조윤장임한오서신권황안송전홍"
GIVEN = "민서지우하준도윤예린수아은채시현유나건우주원가온별하늘다인"
KINDS = tuple(
    "카페라떼,아메리카노,소금빵,원두 200g,머그컵,에코백,말차라떼,식빵,도자기 찻잔,드립 세트,향초,"
    "Latte 100%,쿠키,케이크 2호,유자차".split(",")
)
MAKES = tuple("소담,골목,손끝,하나,두리,아침,새벽,제주,남해,숲".split(","))
_WHY = tuple(
    "배송 중 파손되어 왔어요,주문한 것과 다른 상품이 왔어요,단순 변심입니다,크기가 생각과 달라요,"
    "색이 사진과 다릅니다,유통기한이 가까워요,맛이 변한 것 같아요,포장이 뜯어져 있었어요,"
    "수량이 모자랍니다,선물이라 다시 보내 주세요".split(",")
)
_RARE = ("누수", "곰팡이", "환승")
_MONEY = ("REFUNDED",) * 94 + ("REFUSED",) * 3 + ("NEEDS_PERSON",) * 2 + ("CHECKING",)

_FAST = ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000")
"""Pragmas of a file that is made anew if its making is interrupted."""

_REQUEST = f"INSERT INTO requests VALUES ({', '.join('?' * 18)})"
_TEXT_INDEX = "INSERT INTO request_words (rowid, marks) VALUES (?, ?)"


def million(rows: int = ROWS) -> Path:
    """The file; made if it is not there yet (about two minutes for a million).

    Args:
        rows: how many, of five years in any case; above a million a multiple of it, up to ten.
    """
    made_of = (Path(__file__), Path(search_tokens.__file__),
               Path(search_tokens.__file__).parent / "request_tables.py",
               Path(search_tokens.__file__).parent / "schema.py")  # fmt: skip
    key = hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"posapp-bench-{key}-{rows}.db"
    if not path.exists():
        new = path.with_suffix(f".{os.getpid()}")
        new.unlink(missing_ok=True)
        if rows > ROWS:
            multiply(million(), new, rows // ROWS)
        else:
            _make(new, rows)
        new.replace(path)
    return path


def multiply(one: Path, path: Path, times: int) -> None:
    """Make a file of so many copies of each request of another file (4 GB for ten million)."""
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        run = connection.execute
        for pragma in _FAST:
            run(f"PRAGMA {pragma}")
        run("ATTACH ? AS one", (str(one),))
        connection.create_function("marks_of", 6, search_tokens.tokens_of, deterministic=True)
        run("CREATE TEMP TABLE marked (id INTEGER PRIMARY KEY, marks TEXT)")
        run(
            "INSERT INTO marked SELECT id, marks_of(seller_id, buyer_id, created_at, product_name,"
            " reason, buyer_name) FROM one.requests"
        )
        run("CREATE TEMP TABLE copies (v INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO copies VALUES (?)", [(v,) for v in range(times)])
        run("BEGIN")
        run("INSERT OR IGNORE INTO users SELECT * FROM one.users")
        columns = [str(row[1]) for row in run("PRAGMA table_info(requests)")]
        # The copies stay in the week of the original, whose mark they share.
        values = {
            "id": f"{times} * (id - 1) + v + 1",
            "item_id": f"{times} * item_id + v",
            "order_id": f"{times} * order_id + v",
            "refund_id": f"{times} * refund_id + v",
            "created_at": "created_at - created_at % 10 + v",
        }
        picked = ", ".join(values.get(name, name) for name in columns)
        indices = _without_indices(connection)
        run(f"INSERT INTO requests SELECT {picked} FROM one.requests CROSS JOIN copies")
        # Written in large pieces, and merged once at the end.
        for option in ("('automerge', 0)", "('crisismerge', 1999)", "('hashsize', 100000000)"):
            run(f"INSERT INTO request_words (request_words, rank) VALUES {option}")
        run(
            f"INSERT INTO request_words (rowid, marks) SELECT {times} * (id - 1) + v + 1, marks"
            " FROM marked CROSS JOIN copies"
        )
        run("INSERT INTO request_words (request_words) VALUES ('optimize')")
        _end(connection, indices)


def _make(path: Path, rows: int) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _FAST:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO users VALUES (?, '판매자', '', '', '', 'SELLER', '')",
            [(seller,) for seller in SELLERS],
        )
        indices = _without_indices(connection)
        pairs = _rows(rows)
        while portion := [pair for pair, _ in zip(pairs, range(20_000), strict=False)]:
            connection.executemany(_REQUEST, [row for row, _ in portion])
            connection.executemany(_TEXT_INDEX, [(row[0], marks) for row, marks in portion])
        _end(connection, indices)


def _without_indices(connection: sqlite3.Connection) -> list[str]:
    """Drop the indices of the requests, and return what makes them again."""
    indices = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'requests'"
    ).fetchall()
    for name, _ in indices:
        connection.execute(f"DROP INDEX {name}")
    return [str(sql) for _, sql in indices]


def _end(connection: sqlite3.Connection, indices: list[str]) -> None:
    for sql in indices:
        connection.execute(sql)
    connection.execute(
        "UPDATE id_sequences SET last = (SELECT max(id) FROM requests) WHERE name = 'requests'"
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(rows: int) -> Iterator[tuple[tuple[object, ...], str]]:
    chance = random.Random(20261123)
    pick = chance.choice
    newest = to_microseconds(NEWEST)
    oldest = newest - SPAN * 1_000_000
    step = SPAN * 1_000_000 // rows
    names = [pick(FAMILY) + pick(GIVEN) + pick(GIVEN) for _ in range(20_000)]
    goods = [f"{make} {kind}" for make in MAKES for kind in KINDS]
    for number in range(1, rows + 1):
        at = oldest + number * step - chance.randrange(step)
        seller = pick((1, 1, 1, 1, 1, 1, 1, 2, 3, 4))
        buyer = chance.randrange(len(names))
        kind = pick(("REFUND", "REFUND", "REFUND", "EXCHANGE", "EXCHANGE"))
        reason = pick(_WHY)
        if chance.randrange(20_000) == 0:
            reason = f"{pick(_RARE)} {reason}"
        product = pick(goods)
        recent = newest - at < WAITING_SECONDS * 1_000_000
        state = pick(("WAIT", "WAIT", "OK", "CANCEL")) if recent else pick(("OK", "OK", "CANCEL"))
        ended = "SELLER" if chance.randrange(5) else "BUYER"
        if state == "OK":
            ended = "SELLER"
        waits = state == "WAIT"
        paid = kind == "REFUND" and state == "OK"
        money = ("WAITING" if recent and chance.randrange(2) else pick(_MONEY)) if paid else "NONE"
        row = (
            number, kind, state, seller, 100 + buyer, 10**6 + number, 10**6 + number // 2, reason,
            at, None if waits else at + 3_600_000_000, "" if waits else f"{ended.lower()}:{seller}",
            None if waits else ended, "", number if paid else None,
            product, names[buyer], 1000 * (1 + chance.randrange(60)), money,
        )  # fmt: skip
        marks = search_tokens.tokens_of(seller, 100 + buyer, at, product, reason, names[buyer])
        yield row, marks
