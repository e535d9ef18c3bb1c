"""The sync page with as many rows as it shows at most, at each change of one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from posapp.services.ports.outbox import PendingTotals
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.sync.sync_screen import SyncScreen
from tests.benchmarks.figures import quantile, report_line
from tests.fakes.world import FakeClock
from tests.ui.sync.pending_records import NOW, WELL, FakeDesk, a_report, many

pytestmark = pytest.mark.bench

ROUNDS, ROWS = 40, 500


@pytest.fixture
def screen(qtbot, qapp: QApplication) -> Iterator[SyncScreen]:
    theme = Theme("light")
    theme.apply(qapp)
    desk = FakeDesk(a_report(many(ROWS), WELL, totals=PendingTotals(640, 9_000_000)))
    runner = InlineTaskRunner()
    made = SyncScreen(
        *(Translator("ko"), theme, runner, desk, RecordReader(runner, desk.report, runner)),
        *(Session(), FakeClock(NOW)),
    )
    qtbot.addWidget(made)
    made.resize(1366, 670)
    made.show()
    qtbot.waitExposed(made)
    yield made
    qapp.setStyleSheet("")


@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
def test_a_change_among_five_hundred_rows(screen: SyncScreen, measuring: bool) -> None:
    taken = []
    for _ in range(ROUNDS if measuring else 1):
        begun = time.perf_counter()
        screen.refresh()
        screen.view.list.viewport().grab()
        taken.append((time.perf_counter() - begun) * 1000)
    assert screen.view.model.rowCount() == ROWS
    report_line(
        f"sync page, {ROWS} rows read and painted anew, p95", quantile(taken, 0.95), "ms", 100
    )
