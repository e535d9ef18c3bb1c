"""Large files: in memory that a small machine has."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from posapp.services.importing import ImportService
from tests.importing.large_file import write_lines


def test_reading_takes_no_more_memory_than_a_few_times_the_file(
    importing: ImportService, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    write_lines(path, 8_000)
    tracemalloc.start()
    try:
        batch = importing.read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(batch.orders) == 2000
    assert peak < 8 * path.stat().st_size
