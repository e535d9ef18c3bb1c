"""How long a person waits for a file of orders."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.services.importing import ImportService
from posapp.store.open_store import open_store
from posapp.ui.core.resources import resource
from tests.benchmarks.figures import report_line
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.importing.large_file import write_lines

pytestmark = pytest.mark.bench

LINES = 100_000
NOW = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def importing(tmp_path: Path) -> Iterator[ImportService]:
    store = open_store(tmp_path / "shop.db")
    yield ImportService(store, FakeClock(NOW), EVERYTHING, sellers=True)
    store.close()


def test_the_demo_shop(importing: ImportService) -> None:
    begun = time.perf_counter()
    report = importing.apply(
        Actor.person(), importing.read(resource("demo", "shop.json"), shift_to=NOW)
    )
    report_line("import of the demo shop", time.perf_counter() - begun, "s", 1)
    assert report.written


def test_a_large_file(importing: ImportService, tmp_path: Path, measuring: bool) -> None:
    lines = LINES if measuring else LINES // 50
    path = tmp_path / "many.csv"
    write_lines(path, lines)
    begun = time.perf_counter()
    report = importing.apply(Actor.person(), importing.read(path))
    report_line(f"import of {lines:,} lines", time.perf_counter() - begun, "s", 30)
    assert (report.complaints, report.orders.added) == ((), lines // 4)
