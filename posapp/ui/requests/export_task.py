"""Background export of the filtered requests, with progress and cancellation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.actors import Actor
from posapp.services.ports.requests import RequestFilter
from posapp.ui.core.task_runner import TaskResult, TaskRunner

_EVERY_MS = 100


class ExportRequests(Protocol):
    """``RequestExportService.export`` of ``posapp.services.requests.export_requests``."""

    def __call__(
        self,
        actor: Actor,
        filter: RequestFilter,
        path: Path,
        progress: Callable[[int], bool],
    ) -> int:
        """Write the file as its suffix ``.csv`` or ``.xlsx`` says.

        Args:
            progress: receives the number of rows written; ``False`` cancels and deletes the file.

        Returns:
            The number of rows, or a negative number if it was cancelled.

        Raises:
            EnvironmentProblem: the file cannot be written.
        """
        ...


class ExportTask(QObject):
    """Runs one export at a time. The writing thread only sets a number here; a timer reads it."""

    advanced = Signal(object)
    """Carries the number of rows written."""

    finished = Signal(object)
    """The file is complete. Carries its path; ``rows`` holds the number of rows."""

    cancelled = Signal()
    """The export was cancelled; there is no file."""

    failed = Signal(object)
    """The export failed; there is no file. Carries the exception."""

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
        """Return whether an export is running."""
        return self._path is not None

    def start(
        self, export: ExportRequests, actor: Actor, wanted: RequestFilter, path: Path
    ) -> None:
        """Start an export, unless one is running."""
        if self.is_running:
            return
        self._path, self._written, self.rows = path, 0, 0
        stop = self._stop = threading.Event()

        def progress(written: int) -> bool:
            self._written = written
            return not stop.is_set()

        self.advanced.emit(0)
        self._timer.start()
        self._runner.run(lambda: export(actor, wanted, path, progress), self._ended, owner=self)

    def cancel(self) -> None:
        """Cancel at the next row."""
        self._stop.set()

    def _ended(self, outcome: TaskResult[int]) -> None:
        self._timer.stop()
        path, self._path = self._path, None
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        elif outcome.value is None or outcome.value < 0:
            self.cancelled.emit()
        else:
            self.rows = outcome.value
            self.finished.emit(path)
