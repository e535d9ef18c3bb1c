"""Large files: quickly enough for a person who waits, in memory that a small machine has."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from posapp.services.importing import Importing
from tests.importing.conftest import HEAD, NOW, said
from tests.importing.test_demo_shop import DEMO


def test_the_demo_shop_within_a_second(importing: Importing) -> None:
    start = time.perf_counter()
    report = importing.apply(importing.read(DEMO / "shop.json", shift_to=NOW))
    assert report.written
    assert time.perf_counter() - start < 1


def _many_lines(path: Path, lines: int) -> None:
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(HEAD + "\n")
        for number in range(lines):
            order, place = divmod(number, 4)
            day = 1 + order % 28
            file.write(
                f"{order + 1},2026-01-{day:02d} 14:30,{1000 + order % 3000},구매자 {order % 3000},"
                f"{1 + place},판매자 {place},{10 + place},상품 {place},"
                f'"{1000 + place * 500:,}원",{1 + place},결제대기\n'
            )


@pytest.mark.slow
def test_a_hundred_thousand_lines_within_half_a_minute(
    importing: Importing, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    _many_lines(path, 100_000)
    start = time.perf_counter()
    report = importing.apply(importing.read(path))
    seconds = time.perf_counter() - start
    assert (said(report), report.orders.added) == ([], 25_000)
    assert seconds < 30


def test_reading_takes_no_more_memory_than_a_few_times_the_file(
    importing: Importing, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    _many_lines(path, 8_000)
    tracemalloc.start()
    try:
        batch = importing.read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(batch.orders) == 2000
    assert peak < 8 * path.stat().st_size
