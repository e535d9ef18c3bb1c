"""Countdown of a QR's lifetime."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.services.ports.system import Clock

TICK_MS = 200
"""Timer interval: short enough to skip no second and to detect the end at once."""

_MILLISECOND = timedelta(milliseconds=1)


class Countdown(QObject):
    """Counts down to a wall time (UTC).

    It uses the clock that shows less time left: the monotonic one, because the wall clock may be
    set back, or the wall clock, because the monotonic one stops while the computer sleeps.
    """

    ticked = Signal(int)
    """Whole seconds left, rounded up; emitted when they change."""

    ended = Signal()
    """The time is over. Emitted once."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._expires_at: datetime | None = None
        self._deadline = 0
        self._seconds = -1
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_over(self) -> bool:
        """Return whether an end is set and has passed."""
        return self._expires_at is not None and self._left_ms() <= 0

    @property
    def seconds(self) -> int:
        """Return the whole seconds left, rounded up; 0 if over or not started."""
        return max(0, -(-self._left_ms() // 1000)) if self._expires_at is not None else 0

    def start(self, expires_at: datetime) -> None:
        """Count down to ``expires_at``; the same end again continues unchanged."""
        if expires_at != self._expires_at:
            self._expires_at = expires_at
            left = (expires_at - self._clock.now()) // _MILLISECOND
            self._deadline = self._clock.monotonic() + left
            self._seconds = -1
            self._timer.start()
        self._tick()

    def stop(self) -> None:
        """Stop and drop the end."""
        self._timer.stop()
        self._expires_at = None

    def _left_ms(self) -> int:
        if self._expires_at is None:
            return 0
        by_wall = (self._expires_at - self._clock.now()) // _MILLISECOND
        return min(by_wall, self._deadline - self._clock.monotonic())

    def _tick(self) -> None:
        seconds = self.seconds
        if seconds != self._seconds:
            self._seconds = seconds
            self.ticked.emit(seconds)
        if self._timer.isActive() and self.is_over:
            self._timer.stop()
            self.ended.emit()
