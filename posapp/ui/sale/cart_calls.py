"""Calls that read and change the cart, one after another in the order of the keys and scans."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from posapp.ui.core.task_runner import TaskResult, TaskRunner

T = TypeVar("T")


class CartCalls(QObject):
    """Runs calls outside the GUI thread, each once the one before is answered.

    Nothing is dropped: a scan that arrives while another one is stored waits for its turn.
    """

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._waiting: deque[tuple[Callable[[], Callable[[], Any]], Callable[[Any], None]]]
        self._waiting = deque()
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Return whether a call runs or waits."""
        return self._is_busy

    def run(self, work: Callable[[], T], done: Callable[[TaskResult[T]], None]) -> None:
        """Call ``work`` in its turn, and ``done`` with its result on the GUI thread."""
        self.run_as_shown(lambda: work, done)

    def run_as_shown(
        self, make: Callable[[], Callable[[], T]], done: Callable[[TaskResult[T]], None]
    ) -> None:
        """Make the work when its turn comes, of what is shown then, and run it."""
        self._waiting.append((make, done))
        if not self._is_busy:
            self._start_next()

    def _start_next(self) -> None:
        self._is_busy = bool(self._waiting)
        if self._waiting:
            make, done = self._waiting.popleft()
            self._runner.run(make(), partial(self._answered, done), owner=self)

    def _answered(self, done: Callable[[Any], None], outcome: TaskResult[Any]) -> None:
        try:
            done(outcome)
        finally:
            self._start_next()
