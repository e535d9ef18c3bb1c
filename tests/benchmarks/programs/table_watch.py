"""Somebody who asks a table for something, and sees when it is painted; for programs beside it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

TICK_MS = 5
GIVE_UP_S = 60
MIB = 1024

Until = Callable[[], bool]

now = time.perf_counter


def memory_kib() -> int:
    """What this process has in memory now."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no import
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Waiting:
    """How long this thread could have run while the system let others have the processor: whatever
    else a machine does is no gap of the table's."""

    def __init__(self) -> None:
        try:
            path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
            self._file: int | None = os.open(path, os.O_RDONLY)
        except OSError:  # a system that does not count it
            self._file = None

    def seconds(self) -> float:
        """Since the thread began; 0 where nobody counts them."""
        if self._file is None:
            return 0.0
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9


class TableWatch(QObject):
    """Goes through a story of deeds on a timer of ``TICK_MS`` on the GUI thread, which tells the
    longest gap besides.

    Args:
        seen: where rows are painted, or the words that there are none.
        story: does something, then yields until when to wait.
        is_idle: nothing is going on behind the table any more; only then the story goes on.
    """

    def __init__(self, seen: tuple[QWidget, ...], story: Iterator[Until], is_idle: Until) -> None:
        super().__init__()
        self._story, self._is_idle = story, is_idle
        self._until: Until = lambda: True
        self._asked_at, self._here = 0.0, False
        self._painted_at = 0.0
        self._part = ""
        self._waiting = Waiting()
        self._longest, self._longest_wall, self._where = 0.0, 0.0, ""
        self.taken: dict[str, list[float]] = {}
        self.failed = ""
        for widget in seen:
            widget.installEventFilter(self)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """The window stands with an empty table: what it takes from now on is growth."""
        self._at_first = self._most = memory_kib()
        self._last = self._since = now()
        self._waited = self._waiting.seconds()
        self._timer.start(TICK_MS)

    def ask(self, part: str, deed: Callable[[], object]) -> Until:
        """Do something that leads to other rows; how long until they are painted is noted."""
        self._part, self._here, self._painted_at = part, False, 0.0
        self._asked_at = now()
        deed()
        return lambda: self._painted_at > 0

    def rows_are_here(self) -> None:
        """The model has the rows that were asked for: the next paint is of them."""
        self._here = True

    def figures(self) -> dict[str, Any]:
        """What was measured: times and gaps in milliseconds, memory in MiB."""
        return {
            "taken": self.taken,
            "growth_mib": (self._most - self._at_first) / MIB,
            "gap_ms": self._longest * 1000,
            "gap_with_others_ms": self._longest_wall * 1000,
            "gap_at": self._where,
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._here:
            self._here = False
            QTimer.singleShot(0, self, self._note)  # when everything else of it is painted too
        return False

    def _note(self) -> None:
        self._painted_at = now()
        taken = (self._painted_at - self._asked_at) * 1000
        self.taken.setdefault(self._part, []).append(taken)

    def _tick(self) -> None:
        at, waited = now(), self._waiting.seconds()
        gap = at - self._last
        own = gap - (waited - self._waited)
        if own > self._longest:
            self._longest, self._where = own, self._part
        self._longest_wall = max(self._longest_wall, gap)
        self._last, self._waited = at, waited
        if self._until() and self._is_idle():
            self._most = max(self._most, memory_kib())
            self._since = at
            step = next(self._story, None)
            if step is None:
                self._timer.stop()
                QApplication.quit()
            else:
                self._until = step
        elif at - self._since > GIVE_UP_S:
            self._timer.stop()
            self.failed = f"never painted: {self._part}"
            QApplication.quit()
