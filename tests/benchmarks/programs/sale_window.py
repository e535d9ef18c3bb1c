"""The sale page in its window over a file of many products, with a scanner and a person.

Arguments: the start in seconds, the file, how many single scans, how many at ten a second. Prints
the measurements as JSON.
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import Mock

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.orders import Product
from posapp.domain.sale_rules import SaleRules
from posapp.services.goods.product_service import ProductService
from posapp.services.sale.cart_service import CartService
from posapp.services.session import Session
from posapp.store.unit_of_work import SqlStore
from posapp.system.clock import SystemClock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.sale.product_picking import MOST_TILES
from posapp.ui.sale.sale_screen import SaleScreen
from posapp.ui.shell.application import Application
from posapp.ui.shell.main_window import HOME, MainWindow
from posapp.ui.widgets.table import ROW_HEIGHT
from posapp.ui.widgets.undo import UndoStack
from tests.benchmarks.many_products import code_of
from tests.fakes.access import EVERYTHING

FILE, SINGLE, MANY = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
STEADY_MS, EVERY_MS, BEAT_MS = 500, 100, 4
APART = 150
"""Products that are scanned in turn: a cart has at most 200 lines."""

TERMS = (
    *("ㅅ", "ㅅㄱ", "ㅅㄱㅃ", "사", "사과", "소금", "소금빵", "라", "라떼", "우유"),
    *("coffee", "빵", "소담 단", "ㅋㅋ", "999호", "없는이름"),
)


class Paints(QObject):
    """Tells when one of some widgets was painted."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.painted: Callable[[], None] | None = None
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self.painted is not None:
            QTimer.singleShot(0, self, self.painted)  # once it is painted
        return False


class Beats(QObject):
    """Notes the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = perf_counter()
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.longest, self._last = 0.0, perf_counter()
        self._timer.start()

    def stop(self) -> float:
        self._timer.stop()
        return self.longest * 1000 - BEAT_MS

    def _beat(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


application = Application()
texts, theme = Translator("ko"), Theme("light")
application.set_type(theme)
folder = tempfile.TemporaryDirectory()
file = Path(shutil.copy(FILE, Path(folder.name) / "shop.db"))
runner, store, clock, session = TaskRunner(), SqlStore(file), SystemClock(), Session()
goods = ProductService(store, EVERYTHING)
carts = CartService(store, clock, EVERYTHING, SaleRules())
window = MainWindow(texts, theme, shop="소담 공방", live=False)
screen = SaleScreen(
    *(texts, theme, runner, goods, carts, Mock(), Mock(), Mock(), session),
    approvals=None,
    undo=UndoStack(clock, window),
)
window.resize(1366, 768)
window.add_screen(HOME, QWidget())
window.add_screen("sale", screen)
application.apply_theme(theme)
window.show()
window.show_screen("sale", is_visit=False)
pane = screen.view.goods
rows, tiles = Paints(screen.table.viewport()), Paints(pane.tiles.viewport(), pane.empty)
beats = Beats()
reported: dict[str, Any] = {"scans": [], "empty_rows": [], "keystrokes": [], "queries": []}


def count() -> int:
    """Return the pieces that are shown."""
    return sum(row.line.count for row in screen.table.lines.rows)


def scan_one(at: int = 0) -> None:
    """Scan single products, each to its paint."""
    if at == SINGLE:
        carts.clear(session.actor)
        screen._show(None)
        QTimer.singleShot(20, repaint_one)
        return
    before, start = count(), perf_counter()

    def painted() -> None:
        if count() > before:
            rows.painted = None
            reported["scans"].append((perf_counter() - start) * 1000)
            QTimer.singleShot(20, lambda: scan_one(at + 1))

    rows.painted = painted
    screen.take_scan(code_of(at * 7))


def repaint_one(at: int = 0) -> None:
    """Repaint the place of one row of the empty cart: what any row costs the window."""
    if at == SINGLE:
        scan_many()
        return
    viewport, start = screen.table.viewport(), perf_counter()

    def painted() -> None:
        rows.painted = None
        reported["empty_rows"].append((perf_counter() - start) * 1000)
        QTimer.singleShot(20, lambda: repaint_one(at + 1))

    rows.painted = painted
    viewport.update(0, 0, viewport.width(), ROW_HEIGHT)


def scan_many() -> None:
    """Scan ten products a second, whatever the till does."""
    left: Iterator[int] = iter(range(MANY))
    timer = QTimer(screen, interval=EVERY_MS)

    def next_scan() -> None:
        at = next(left, None)
        if at is not None:
            screen.take_scan(code_of(at % APART * 11))
        elif not screen.is_busy:
            timer.stop()
            reported["gap_ms"] = beats.stop()
            reported["counted"] = count()
            shown = [row.line.code for row in screen.table.lines.rows]
            wanted = [code_of(at % APART * 11) for at in range(min(MANY, APART))]
            reported["in_order"] = shown == wanted
            type_one()

    timer.timeout.connect(next_scan)
    beats.start()
    timer.start()


def type_one(at: int = 0) -> None:
    """Find products as they are typed: from the end of the pause to the paint."""
    if at == len(TERMS):
        finish()
        return
    term, start = TERMS[at], perf_counter()

    def painted() -> None:
        tiles.painted = None
        reported["keystrokes"].append((perf_counter() - start) * 1000)
        QTimer.singleShot(0, lambda: query_one(at))

    def found(outcome: TaskResult[tuple[Product, ...]]) -> None:
        screen.picking._found(term, outcome)
        tiles.painted = painted
        (pane.tiles.viewport() if outcome.value else pane.empty).repaint()

    runner.run(lambda: goods.find(term, MOST_TILES), found, owner=screen)


def query_one(at: int) -> None:
    """Take the time of the query alone."""
    with store.snapshot() as uow:
        uow.goods.find(TERMS[at], MOST_TILES)
        start = perf_counter()
        uow.goods.find(TERMS[at], MOST_TILES)
        reported["queries"].append((perf_counter() - start) * 1000)
    QTimer.singleShot(0, lambda: type_one(at + 1))


def finish() -> None:
    runner.stop()
    store.close()
    folder.cleanup()
    print(json.dumps(reported), flush=True)
    QApplication.exit(0)


def begin() -> None:
    gc.freeze()
    scan_one()


QTimer.singleShot(STEADY_MS, begin)
application.run()
