"""How long a person waits for a file of orders."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.services.importing import Importing
from posapp.store.opening import open_store
from posapp.ui.resources import resource
from tests.benchmarks.figures import tell
from tests.fakes.world import FakeClock
from tests.importing.large_file import write_lines

pytestmark = pytest.mark.bench

LINES = 100_000
NOW = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def importing(tmp_path: Path) -> Iterator[Importing]:
    store = open_store(tmp_path / "shop.db")
    yield Importing(store, FakeClock(NOW), sellers=True)
    store.close()


def test_the_demo_shop(importing: Importing) -> None:
    begun = time.perf_counter()
    report = importing.apply(importing.read(resource("demo", "shop.json"), shift_to=NOW))
    tell("import of the demo shop", time.perf_counter() - begun, "s", 1)
    assert report.written


def test_a_large_file(importing: Importing, tmp_path: Path, measuring: bool) -> None:
    lines = LINES if measuring else LINES // 50
    path = tmp_path / "many.csv"
    write_lines(path, lines)
    begun = time.perf_counter()
    report = importing.apply(importing.read(path))
    tell(f"import of {lines:,} lines", time.perf_counter() - begun, "s", 30)
    assert (report.complaints, report.orders.added) == ((), lines // 4)
