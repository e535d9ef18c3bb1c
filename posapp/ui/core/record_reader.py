"""Records that are read again whenever they may have changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from posapp.domain.errors import PosappError
from posapp.ui.core.task_runner import TaskResult, TaskRunner

T = TypeVar("T")

TOGETHER_MS = 150
"""Milliseconds in which several changes lead to one read."""


class RecordReader(QObject, Generic[T]):
    """Reads in a task, one read at a time, and keeps the result of the last one.

    A change during a read is read again afterwards: the running read may be older than the change.

    Args:
        read: called in another thread.
    """

    arrived = Signal(object)
    """Carries what was read."""

    failed = Signal(object)
    """Nothing could be read. Carries the exception."""

    def __init__(self, runner: TaskRunner, read: Callable[[], T], parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._read = runner, read
        self.last: T | None = None
        self._is_reading = self._is_stale = False
        self._soon = QTimer(self, singleShot=True, interval=TOGETHER_MS)
        self._soon.timeout.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Read now."""
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._soon.stop()
        self._runner.run(self._read, self._take, owner=self)

    @Slot()
    def refresh_soon(self, *_: object) -> None:
        """Read once for all changes within ``TOGETHER_MS``. Takes what any signal carries."""
        if not self._soon.isActive():
            self._soon.start()

    def _take(self, outcome: TaskResult[T]) -> None:
        self._is_reading = False
        if self._is_stale:
            self._is_stale = False
            self.refresh_soon()
        if outcome.value is None:
            self.failed.emit(outcome.error or PosappError())
            return
        self.last = outcome.value
        self.arrived.emit(outcome.value)
