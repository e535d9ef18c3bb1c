"""A simulated user of a table, with the time of each paint; for programs of this folder."""

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
    """Return the memory of this process in KiB."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no import
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Waiting:
    """Time in which this thread was ready while others had the processor: that is no gap of the
    table."""

    def __init__(self) -> None:
        try:
            path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
            self._file: int | None = os.open(path, os.O_RDONLY)
        except OSError:  # the system does not count it
            self._file = None

    def seconds(self) -> float:
        """Return the seconds since the thread began; 0 where the system does not count them."""
        if self._file is None:
            return 0.0
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9


class TableWatch(QObject):
    """Runs a scenario of actions on a timer of ``TICK_MS`` on the GUI thread, which also measures
    the longest gap.

    Args:
        seen: the widget that paints the rows, or the text that there are none.
        story: carries out an action, then yields the condition to wait for.
        is_idle: whether no work behind the table is left; only then the scenario continues.
    """

    def __init__(self, seen: tuple[QWidget, ...], story: Iterator[Until], is_idle: Until) -> None:
        super().__init__()
        self._story, self._is_idle = story, is_idle
        self._until: Until = lambda: True
        self._requested_at, self._here = 0.0, False
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
        """Begin with an empty table in its window: memory from now on is growth."""
        self._at_first = self._most = memory_kib()
        self._last = self._since = now()
        self._waited = self._waiting.seconds()
        self._timer.start(TICK_MS)

    def ask(self, part: str, action: Callable[[], object]) -> Until:
        """Carry out an action that changes the rows; record the time until they are painted."""
        self._part, self._here, self._painted_at = part, False, 0.0
        self._requested_at = now()
        action()
        return lambda: self._painted_at > 0

    def rows_are_here(self) -> None:
        """Mark that the model has the requested rows: the next paint shows them."""
        self._here = True

    def figures(self) -> dict[str, Any]:
        """Return the measurements: times and gaps in milliseconds, memory in MiB."""
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
            QTimer.singleShot(0, self, self._note)  # after everything else on it is painted
        return False

    def _note(self) -> None:
        self._painted_at = now()
        taken = (self._painted_at - self._requested_at) * 1000
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
