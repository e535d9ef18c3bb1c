"""``posapp demo`` unchanged, with a person who opens pages.

Arguments: the start in seconds, the shop's folder, the number of rounds. Prints for each page the
milliseconds from the press to its last paint with all that it reads, without those in which other
programs had the processor of the GUI thread: the first time, and again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from table_watch import Waiting

from posapp import cli
from posapp.app import desktop_app
from posapp.ui.shell import routes

HOME, ROUNDS = sys.argv[2], int(sys.argv[3])
STEADY_MS = 1_000 if ROUNDS > 1 else 0
TICK_MS, STILL_S, GIVE_UP_S = 2, 0.02, 30
PAGES = (routes.SALE, routes.PRODUCTS, routes.SHIFT, routes.CHARTS, routes.CASH_RECEIPTS)

now = time.perf_counter


class PagePaints(QObject):
    """Notes when anything on a page was painted last."""

    def __init__(self) -> None:
        super().__init__()
        self.page: QWidget | None = None
        self.at = self.waited = 0.0
        self.waiting = Waiting()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        page = self.page
        if page is None or not isinstance(watched, QWidget):
            return False
        if event.type() is QEvent.Type.Paint and (watched is page or page.isAncestorOf(watched)):
            QTimer.singleShot(0, self, self._note)  # once it is painted
        return False

    def _note(self) -> None:
        self.at, self.waited = now(), self.waiting.seconds()


class Watched(desktop_app.DesktopApp):
    """The running till; once it is ready, the pages are opened."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # What is imported behind the first paint is there when a person presses something.
        self.counter.ready.connect(lambda: QTimer.singleShot(STEADY_MS, self.begin))

    def begin(self) -> None:
        self.paints = PagePaints()
        QApplication.instance().installEventFilter(self.paints)  # type: ignore[union-attr]
        self.story = self.visit_all()
        self.pressed = self.since = now()
        self.waited = 0.0
        self.timer = QTimer(self.counter)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.tick)
        self.timer.start(TICK_MS)

    def visit_all(self) -> Iterator[str]:
        """Show one page after another, and home between two; yield the page that is measured."""
        for number in range(ROUNDS + 1):
            for page in PAGES:
                self.counter.window.show_screen(routes.HOME)
                yield ""
                self.paints.page, self.paints.at = None, 0.0
                self.pressed, self.waited = now(), self.paints.waiting.seconds()
                self.counter.window.show_screen(page)
                self.paints.page = self.counter.screens.page(page)
                yield f"{page} first" if number == 0 else page

    def tick(self) -> None:
        """Go on once the page has read all, and has painted it."""
        page, at = self.paints.page, self.paints.at
        is_painted = page is None or (at > self.pressed and now() - at > STILL_S)
        if self.counter.runner.busy == 0 and is_painted:
            if self.measured:
                taken = (at - self.pressed - (self.paints.waited - self.waited)) * 1000
                reported.setdefault(self.measured, []).append(taken)
            self.paints.page, self.since = None, now()
            self.measured = next(self.story, None)
            if self.measured is None:
                self.timer.stop()
                self.counter.window.close_without_asking()
        elif now() - self.since > GIVE_UP_S:
            raise SystemExit(f"never painted: {self.measured}")

    measured: str | None = ""


reported: dict[str, list[float]] = {}
desktop_app.DesktopApp = Watched  # type: ignore[misc]
os.environ["POSAPP_START_SCREEN"] = "home"
code = cli.main(["demo", "--home", HOME])
print(json.dumps(reported), flush=True)
sys.exit(code)
