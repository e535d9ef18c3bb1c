"""How long a QR still lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.services.ports.machine import Clock

LOOK_EVERY_MS = 200
"""Often enough that no second is skipped and that the end is noticed at once."""

_MILLISECOND = timedelta(milliseconds=1)


class Countdown(QObject):
    """Counts to an end that is a wall time (UTC).

    It believes whichever of two clocks is further: the monotonic one, because the wall clock may
    be set back while it counts, and the wall clock, because the other one stands still while the
    computer sleeps.
    """

    ticked = Signal(int)
    """Whole seconds left, rounded up; emitted when they change."""

    ended = Signal()
    """The time is over; emitted once."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._expires_at: datetime | None = None
        self._deadline = 0
        self._seconds = -1
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_over(self) -> bool:
        """The end is known and has passed."""
        return self._expires_at is not None and self._left_ms() <= 0

    @property
    def seconds(self) -> int:
        """Whole seconds left, rounded up; 0 when it is over or was never begun."""
        return max(0, -(-self._left_ms() // 1000)) if self._expires_at is not None else 0

    def start(self, expires_at: datetime) -> None:
        """Count to ``expires_at``; the same end again goes on as it was."""
        if expires_at != self._expires_at:
            self._expires_at = expires_at
            left = (expires_at - self._clock.now()) // _MILLISECOND
            self._deadline = self._clock.monotonic() + left
            self._seconds = -1
            self._timer.start()
        self._look()

    def stop(self) -> None:
        """Forget it."""
        self._timer.stop()
        self._expires_at = None

    def _left_ms(self) -> int:
        if self._expires_at is None:
            return 0
        by_wall = (self._expires_at - self._clock.now()) // _MILLISECOND
        return min(by_wall, self._deadline - self._clock.monotonic())

    def _look(self) -> None:
        seconds = self.seconds
        if seconds != self._seconds:
            self._seconds = seconds
            self.ticked.emit(seconds)
        if self._timer.isActive() and self.is_over:
            self._timer.stop()
            self.ended.emit()
