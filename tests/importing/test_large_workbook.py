"""A workbook as long as may be imported: in bounded memory, and cancelled while it is written.

``make test`` reads a share of it; ``--workbook-rows 200000`` all.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
import xlsxwriter

from posapp.domain.actors import Actor
from posapp.services.importing import ImportService
from posapp.services.importing.short_transactions import HELD_MS
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.importing.conftest import HEAD, StillClock

USUAL_ROWS = 2_000
ITEMS = 4
"""Rows of an order."""

BYTES_OF_A_ROW = 1_000
"""What a row may take while a file is read; 200,000 rows: a fifth of a gigabyte."""

BESIDE_ROWS = 12_000_000
"""What the reader may take whatever the number of rows."""


class Ticking(StillClock):
    """Moves with each look at it, so that a transaction ends after a few steps."""

    ms = 0

    def monotonic(self) -> int:
        self.ms += HELD_MS // 4
        return self.ms


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--workbook-rows")) or USUAL_ROWS


def write_workbook(path: Path, rows: int) -> None:
    """Write orders of four items each, row by row."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("주문")
    sheet.write_row(0, 0, HEAD.split(","))
    for number in range(rows):
        order, place = divmod(number, ITEMS)
        who = order % 3000
        cells = [
            *(order + 1, f"2026-01-{1 + order % 28:02d} 14:30", 1000 + who, f"구매자 {who}"),
            *(1 + place, f"판매자 {place}", 10 + place, f"상품 {place}", 1000 + place * 500),
            *(1 + place, "결제대기"),
        ]
        sheet.write_row(number + 1, 0, cells)
    book.close()


def test_a_large_workbook_is_read_in_bounded_memory_and_taken_back_when_cancelled(
    store: SqlStore, tmp_path: Path, rows: int
) -> None:
    importing = ImportService(store, Ticking(), EVERYTHING, sellers=True)
    path = tmp_path / "large.xlsx"
    write_workbook(path, rows)
    tracemalloc.start()
    try:
        batch = importing.read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert batch.complaints == () and len(batch.orders) == rows // ITEMS
    assert peak < BESIDE_ROWS + rows * BYTES_OF_A_ROW
    said: list[tuple[int, int]] = []

    def cancel_near_the_end(done: int, size: int) -> bool:
        said.append((done, size))
        return done < size - rows // ITEMS // 2

    report = importing.apply(Actor.person(), batch, progress=cancel_near_the_end)
    assert report.stopped and not report.written and report.kept == 0
    done, size = said[-1]
    assert done < size and len(said) >= 5, "it was stopped on its way, and heard of it in time"
    with store.snapshot() as work:
        assert not work.catalogue.existing_orders(row.order.id for row in batch.orders)
        assert not work.catalogue.existing_users(row.id for row in batch.users)
        assert work.imports.unfinished() == ()
