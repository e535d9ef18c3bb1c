"""How long a person waits for a file of orders."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.services.importing import ImportService
from posapp.services.importing.undo_import import UndoImportService
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from posapp.ui.core.resources import resource
from tests.benchmarks.figures import quantile, report_line
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock
from tests.importing.large_file import write_lines

A_PERSON_NOTICES = 100
"""ms that a sale may wait for an import."""

pytestmark = pytest.mark.bench

LINES = 100_000
LARGEST = 200_000
NOW = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)


class HeldStore:
    """A store that measures the processor time for which each transaction of its user holds the
    write lock: what others wait on a machine that does nothing else."""

    def __init__(self, real: SqlStore) -> None:
        self._real = real
        self.snapshot = real.snapshot
        self.held_ms: list[float] = []

    @contextmanager
    def transaction(self) -> Iterator[SqlUnitOfWork]:
        with self._real.transaction() as work:
            begun = time.thread_time()
            yield work
            self.held_ms.append((time.thread_time() - begun) * 1000)

    def report(self, name: str) -> None:
        p95, longest = quantile(self.held_ms, 0.95), max(self.held_ms)
        self.held_ms.clear()
        report_line(f"database held by {name}, p95", p95, "ms", A_PERSON_NOTICES)
        report_line(f"database held by {name}, longest", longest, "ms", 5 * A_PERSON_NOTICES)


class TillsWrites:
    """Writes a little all the time, as payments do, and measures the wait for the write lock."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._waits_ms: list[float] = []

    def __enter__(self) -> TillsWrites:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def report(self, name: str) -> None:
        p95 = quantile(self._waits_ms, 0.95)
        report_line(f"wait of a sale beside {name}, p95", p95, "ms", A_PERSON_NOTICES)

    def _write(self) -> None:
        while not self._stop.wait(0.02):
            begun = time.perf_counter()
            with self._store.transaction() as work:
                self._waits_ms.append((time.perf_counter() - begun) * 1000)
                work.checkpoints.set("sale", NOW)
                work.commit()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(tmp_path / "shop.db")
    yield store
    store.close()


@pytest.fixture
def importing(store: SqlStore) -> ImportService:
    return ImportService(store, Stopwatch(), EVERYTHING, sellers=True)


class Stopwatch(FakeClock):
    """A day that stands still, and durations that do not."""

    def __init__(self) -> None:
        super().__init__(NOW)

    def monotonic(self) -> int:
        return time.monotonic_ns() // 1_000_000


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


def test_sales_beside_a_large_file(store: SqlStore, tmp_path: Path, measuring: bool) -> None:
    lines = LARGEST if measuring else LARGEST // 100
    path = tmp_path / "many.csv"
    write_lines(path, lines)
    held = HeldStore(store)
    importing = ImportService(held, Stopwatch(), EVERYTHING, sellers=True)
    batch = importing.read(path)
    with TillsWrites(store) as till:
        report = importing.apply(Actor.person(), batch)
    held.report(f"an import of {lines:,} lines")
    till.report(f"an import of {lines:,} lines")
    undoing = UndoImportService(held, Stopwatch(), EVERYTHING)
    with TillsWrites(store) as till:
        gone = undoing.undo(Actor.person(), report.import_id)
    held.report(f"taking {lines:,} lines back")
    till.report(f"taking {lines:,} lines back")
    assert (gone.orders, gone.kept) == (lines // 4, 0)
