"""A call that is repeated until somebody ends it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from posapp.domain.kiosk_times import CALL_AGAIN_MS, CALL_PAUSE_MS
from posapp.services.kiosk.staff_calls import StaffCalls
from posapp.services.ports.system import Clock
from posapp.ui.core.task_runner import TaskRunner


class CallRepeater(QObject):
    """Calls staff, and again after a minute without an answer. Presses in between are one call: a
    press costs a slip, and a device that does not answer keeps a thread that payments need.

    Attributes:
        service: calls by the shop's way; ``None`` before the services are there, when only screen
            and sound call.
    """

    called = Signal()
    """Staff are called: sound it."""

    def __init__(self, runner: TaskRunner, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._clock = runner, clock
        self._due_ms: int | None = None
        self._free_ms = 0
        self.service: StaffCalls | None = None

    def call(self) -> None:
        """Call staff: now, or once the pause after the last call is over."""
        soonest = max(self._clock.monotonic(), self._free_ms)
        self._due_ms = soonest if self._due_ms is None else min(self._due_ms, soonest)
        self.tick()

    def end(self) -> None:
        """End the call."""
        self._due_ms = None
        if self.service is not None:
            self._runner.run(self.service.end, lambda _: None, owner=self)

    def tick(self) -> None:
        """Call if it is due: nobody has answered for too long, or the pause is over."""
        now = self._clock.monotonic()
        if self._due_ms is None or now < self._due_ms:
            return
        self._due_ms, self._free_ms = now + CALL_AGAIN_MS, now + CALL_PAUSE_MS
        self.called.emit()
        if self.service is not None:
            self._runner.run(self.service.call, lambda _: None, owner=self)
