"""Clock and timer of bursts, also while the program is busy."""

from __future__ import annotations

import time

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

_LATE_MS = 20
"""Delay in milliseconds of the timer that shows a busy program with queued key presses."""


def milliseconds() -> int:
    """Return the milliseconds of the monotonic clock."""
    return time.monotonic_ns() // 1_000_000


class BurstTimer(QObject):
    """Waits for the next key press; a busy program waits once more, after the queued ones."""

    ended = Signal()
    """No key press came in time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._time_out)
        self._since = QElapsedTimer()

    @property
    def patience_ms(self) -> int:
        """Return how long it waits, in milliseconds; 0 if it does not."""
        return self._timer.interval() if self._timer.isActive() else 0

    def start(self, patience_ms: int) -> None:
        """Wait from now on."""
        self._timer.start(patience_ms)
        self._since.start()

    def stop(self) -> None:
        """End without ``ended``."""
        self._timer.stop()

    @Slot()
    def _time_out(self) -> None:
        if self._since.elapsed() > self._timer.interval() + _LATE_MS:
            self.start(_LATE_MS)
            return
        self.ended.emit()
