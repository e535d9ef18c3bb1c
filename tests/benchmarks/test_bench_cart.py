"""One more line of a cart until it is committed, beside the same row in plain SQLite."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.sale_rules import SaleRules
from posapp.domain.users import User, UserStatus
from posapp.services.sale.cart_service import CartService
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from posapp.system.clock import SystemClock
from tests.benchmarks.figures import median, report_line
from tests.fakes.access import EVERYTHING

pytestmark = pytest.mark.bench

WHO = Actor.person()
ROUNDS, LINES = 3, 60
"""A person's cart rarely has more lines; it has at most 200."""

MOST_RATIO = 4.5


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_store(tmp_path / "posapp.db")
    with made.transaction() as uow:
        uow.catalogue.add_users([User(9, "판매자", status=UserStatus.SELLER)])
        uow.catalogue.add_products(
            [Product(number, 9, f"빵 {number}", Won(2_200), 900) for number in range(1, LINES + 1)]
        )
        uow.commit()
    yield made
    made.close()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "plain.db", isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = FULL")
        made.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, product, price, count) ")
        yield made


def test_a_line_beside_plain_sqlite(
    measuring: bool, store: SqlStore, plain: sqlite3.Connection
) -> None:
    """In turns, so that a slow moment of the disk meets both."""
    carts = CartService(store, SystemClock(), EVERYTHING, SaleRules())
    ours, theirs = [], []
    for _ in range(ROUNDS if measuring else 1):
        for product in range(1, LINES + 1 if measuring else 3):
            begun = time.perf_counter()
            cart = carts.add(WHO, product)
            added = time.perf_counter()
            plain.execute("BEGIN IMMEDIATE")
            plain.execute("INSERT INTO lines VALUES (NULL, ?, 2200, 1)", (product,))
            plain.execute("COMMIT")
            ours.append((added - begun) * 1000)
            theirs.append((time.perf_counter() - added) * 1000)
        assert len(cart.lines) == (LINES if measuring else 2)
        carts.clear(WHO)
    report_line("cart, a line committed, median", median(ours), "ms", 50)
    ratio = median(ours) / median(theirs)
    report_line("cart, a line committed, times plain WAL with FULL", ratio, "×", MOST_RATIO)
