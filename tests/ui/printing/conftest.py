"""A till whose papers wait in its queue, and its printer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.printing.roll_printing import RollPrinting
from tests.ui.printing.paper_queue import Till
from tests.ui.printing.test_roll_printing import FakePrinter


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    made = Till(tmp_path / "posapp.db")
    yield made
    made.store.close()


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def roll(qapp, instant: InlineTaskRunner, printer: FakePrinter, till: Till) -> RollPrinting:
    made = RollPrinting(printer.at, address="tcp:192.168.0.20:9100", runner=instant)
    made.use_queue(till.print_queue)
    return made
