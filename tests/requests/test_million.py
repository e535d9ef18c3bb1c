"""The file of the benchmarks with more than a million requests, made small."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from posapp.domain.requests import RequestState
from posapp.services.ports.requests import RequestFilter
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from tests.requests.million import million, multiply

ROWS, TIMES = 400, 3


def test_copies_are_found_as_plain_sql_finds_them(tmp_path: Path) -> None:
    path = tmp_path / "copies.db"
    multiply(million(ROWS), path, TIMES)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT id FROM requests WHERE seller_id = 1 AND state = 'OK'"
            " AND (product_name LIKE '%라떼%' OR reason LIKE '%라떼%')"
            " ORDER BY created_at DESC, id DESC"
        ).fetchall()
        (total,) = connection.execute("SELECT count(*) FROM requests").fetchone()
    assert total == ROWS * TIMES
    store = SqlStore(path)
    try:
        wanted = RequestFilter(text="라떼", state=RequestState.OK)
        page = SqlRequestSearch(store).page(1, wanted, 200)
    finally:
        store.close()
    assert [row.id for row in page.rows] == [number for (number,) in rows]
    assert len(rows) > TIMES
