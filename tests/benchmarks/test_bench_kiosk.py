"""The kiosk: from a touch to the next screen, the reset after a buyer, and its start beside the
counter's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import KIOSK, Theme
from tests.benchmarks.conftest import SHOP_SETTINGS
from tests.benchmarks.figures import median, quantile, report_line
from tests.benchmarks.processes import Screen
from tests.ui.kiosk.conftest import ORDER, PHONE_END, Kiosk

pytestmark = [
    pytest.mark.bench,
    pytest.mark.qt_log_ignore("This plugin does not support (propagateSizeHints|raise)"),
]

ROUNDS, STARTS = 20, 9


@pytest.fixture
def kiosk(tmp_path: Path, qtbot, qapp: QApplication) -> Iterator[Kiosk]:
    theme = Theme("light", density=KIOSK)
    theme.apply(qapp)
    made = Kiosk(tmp_path, Translator("ko"), theme)
    qtbot.addWidget(made.window)
    made.window.resize(1080, 1920)
    made.window.show()
    qtbot.waitExposed(made.window)
    made.controller.attach(made.services.container)
    yield made
    made.guard.remove()
    made.window.may_close = True
    made.services.close()
    qapp.setStyleSheet("")


def test_touch_and_reset(kiosk: Kiosk, measuring: bool) -> None:
    touches, resets = [], []
    for _ in range(ROUNDS if measuring else 1):
        for action in ("begin", *str(ORDER), "next", *PHONE_END, "next"):
            kiosk.clock.advance(seconds=1)
            button = kiosk.button(action)
            begun = time.perf_counter()
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            QApplication.processEvents()
            kiosk.window.grab()
            touches.append((time.perf_counter() - begun) * 1000)
        assert kiosk.state == "summary"
        begun = time.perf_counter()
        kiosk.controller.reset()
        QApplication.processEvents()
        kiosk.window.grab()
        resets.append((time.perf_counter() - begun) * 1000)
        assert kiosk.state == "start"
    report_line("kiosk, touch to next screen painted, p95", quantile(touches, 0.95), "ms", 100)
    report_line("kiosk, reset after a buyer, p95", quantile(resets, 0.95), "ms", 200)


def test_start_beside_the_counter(screen: Screen, shop_home: Path, measuring: bool) -> None:
    counter, kiosk = [], []
    for number in range(STARTS + 1) if measuring else (1,):
        till = screen.run("till_start.py", "run", str(shop_home), "ready", **SHOP_SETTINGS)
        own = screen.run("kiosk_start.py", str(shop_home), **SHOP_SETTINGS)
        if number:
            counter.append(float(till["ready"]))
            kiosk.append(float(own["ready"]))
    ratio = median(kiosk) / median(counter)
    report_line("start to usable kiosk", ratio, "× the counter", 1.2)
