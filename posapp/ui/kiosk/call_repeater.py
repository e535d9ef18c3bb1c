"""A call that is repeated until somebody ends it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from posapp.domain.kiosk_times import CALL_AGAIN_MS
from posapp.services.kiosk.staff_calls import StaffCalls
from posapp.services.ports.system import Clock
from posapp.ui.core.task_runner import TaskRunner


class CallRepeater(QObject):
    """Calls staff, and again after a minute without an answer.

    Attributes:
        service: calls by the shop's way; ``None`` before the services are there, when only screen
            and sound call.
    """

    called = Signal()
    """Staff are called: sound it."""

    def __init__(self, runner: TaskRunner, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._clock = runner, clock
        self._called_ms: int | None = None
        self.service: StaffCalls | None = None

    def call(self) -> None:
        """Call staff."""
        self._called_ms = self._clock.monotonic()
        self.called.emit()
        if self.service is not None:
            self._runner.run(self.service.call, lambda _: None, owner=self)

    def end(self) -> None:
        """End the call."""
        self._called_ms = None
        if self.service is not None:
            self.service.end()

    def tick(self) -> None:
        """Call again if nobody has answered for too long."""
        since = self._called_ms
        if since is not None and self._clock.monotonic() - since >= CALL_AGAIN_MS:
            self.call()
