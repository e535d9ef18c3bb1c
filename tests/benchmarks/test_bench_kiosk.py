"""The kiosk: from a touch to the next screen, the reset after a buyer, its start beside the
counter's, from the payment to the word of it, and from a crash to the same QR."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
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

ROUNDS, STARTS, SALES, CRASHES = 20, 9, 24, 5

NO_PHONE = {"POSAPP_KIOSK_ASK_PHONE": "no"}


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


@pytest.fixture
def kiosk_home(demo_home: Path, tmp_path: Path) -> Path:
    """The same demo shop again, its sandbox at a port of its own."""
    copied = tmp_path / "kiosk"
    shutil.copytree(demo_home, copied)
    (copied / "sandbox.port").unlink(missing_ok=True)
    return copied


def open_orders(home: Path, count: int) -> list[int]:
    """Return numbers of orders that a buyer can pay."""
    query = """SELECT o.id FROM orders AS o JOIN order_items AS i ON i.order_id = o.id
        WHERE o.is_open = 1 GROUP BY o.id
        HAVING sum(i.price * i.count) BETWEEN 100 AND 2000000 ORDER BY o.id LIMIT ?"""
    with closing(sqlite3.connect(home / "posapp.db")) as file:
        return [number for (number,) in file.execute(query, (count,))]


def test_from_the_payment_to_the_word_of_it(
    screen: Screen, kiosk_home: Path, measuring: bool
) -> None:
    orders = open_orders(kiosk_home, SALES if measuring else 1)
    sales = [f"{number}:{(at + 0.5) / len(orders)}" for at, number in enumerate(orders)]
    run = screen.run("kiosk_sales.py", str(kiosk_home), "sales", *sales, **NO_PHONE)
    waits = [float(one) for one in run["waits"]]
    assert len(waits) == len(orders)
    report_line("kiosk, paid at the sandbox to paid painted, p95", quantile(waits, 0.95), "s", 2)


def test_from_a_crash_to_the_same_qr(screen: Screen, kiosk_home: Path, measuring: bool) -> None:
    (order,) = open_orders(kiosk_home, 1)
    left = screen.run("kiosk_sales.py", str(kiosk_home), "crash", f"{order}:0", **NO_PHONE)
    taken = []
    for _ in range(CRASHES if measuring else 1):
        back = screen.run("kiosk_sales.py", str(kiosk_home), "resume", **NO_PHONE)
        assert back["link"] == left["link"] != ""
        taken.append(float(back["back"]))
    report_line("kiosk, start after a crash to the same QR painted", max(taken), "s", 3)
