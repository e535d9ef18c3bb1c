"""A payment is claimed for one order: by each of its two numbers, the database says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp.store.engine import connect

COLUMNS = "order_id, imp_uid, merchant_uid, amount, paid_at, source, content, state, due_at, checks"


def claim(order_id: int, imp_uid: str, merchant_uid: str, state: str = "WAITING") -> str:
    due = "0" if state == "WAITING" else "NULL"
    return (
        f"INSERT INTO payment_claims ({COLUMNS}, problem) VALUES "
        f"({order_id}, '{imp_uid}', '{merchant_uid}', 1, 0, '', '', '{state}', {due}, 0, '')"
    )


@pytest.mark.parametrize("again", [("imp_1", "M-2"), ("imp_2", "M-1")])
def test_neither_number_is_claimed_twice(database: Path, again: tuple[str, str]) -> None:
    with closing(connect(database)) as raw:
        raw.execute(claim(1, "imp_1", "M-1"))
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(claim(2, *again))
        raw.execute(claim(2, "imp_2", "M-2"))


def test_denied_number_can_be_claimed_by_another_order(database: Path) -> None:
    with closing(connect(database)) as raw:
        raw.execute(claim(1, "imp_1", "M-1", "DENIED"))
        assert raw.execute(claim(2, "imp_1", "M-1")).rowcount == 1
