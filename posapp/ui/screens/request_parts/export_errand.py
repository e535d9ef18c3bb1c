"""Writing what the filters show to a file, with progress and a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.services.ports.requests import RequestFilter
from posapp.ui.background import Outcome, TaskRunner

_EVERY_MS = 100


class ExportRequests(Protocol):
    """``posapp.services.exporting`` with its search put in."""

    def __call__(
        self,
        seller_id: int,
        filter: RequestFilter,
        path: Path,
        progress: Callable[[int], bool],
    ) -> int:
        """Write the file, by its ending ``.csv`` or ``.xlsx``; returns how many rows, or less than
        none when it was ended.

        Args:
            progress: told how many rows are written; ``False`` ends it and takes the file away.

        Raises:
            EnvironmentProblem: it cannot be written.
        """
        ...


class ExportErrand(QObject):
    """One export at a time. The thread that writes only leaves a number here; a timer reads it."""

    advanced = Signal(object)
    """So many rows are written."""

    finished = Signal(object)
    """The path of the file that is whole now; ask ``rows``."""

    cancelled = Signal()
    """It was stopped; there is no file."""

    failed = Signal(object)
    """Why there is no file: an exception."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._stop = threading.Event()
        self._written = 0
        self._path: Path | None = None
        self.rows = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(lambda: self.advanced.emit(self._written))

    @property
    def is_running(self) -> bool:
        """It is under way."""
        return self._path is not None

    def start(
        self, export: ExportRequests, seller_id: int, asked: RequestFilter, path: Path
    ) -> None:
        """Begin, unless one is under way."""
        if self.is_running:
            return
        self._path, self._written, self.rows = path, 0, 0
        stop = self._stop = threading.Event()

        def progress(written: int) -> bool:
            self._written = written
            return not stop.is_set()

        self.advanced.emit(0)
        self._timer.start()
        self._runner.run(lambda: export(seller_id, asked, path, progress), self._ended, owner=self)

    def cancel(self) -> None:
        """Stop at the next row."""
        self._stop.set()

    def _ended(self, outcome: Outcome[int]) -> None:
        self._timer.stop()
        path, self._path = self._path, None
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        elif outcome.value is None or outcome.value < 0:
            self.cancelled.emit()
        else:
            self.rows = outcome.value
            self.finished.emit(path)
