"""Export of the filtered requests: the file dialog, and writing in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.domain.actors import Actor
from posapp.services.ports.requests import RequestFilter
from posapp.services.ports.system import Clock
from posapp.ui.core.formats import grouped, seoul
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import first_folder, folder_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.request_pager import RequestPager

ENDINGS = ("xlsx", "csv")
"""File formats; Excel is first because a double click opens it in a shop's office."""

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


class ExportDialog(QFileDialog):
    """Uses the system's dialog where there is one. The chosen format sets the suffix.

    Args:
        folder: where it starts.
    """

    path_chosen = Signal(object)
    """A file was chosen. Carries a ``Path`` with one of ``ENDINGS`` as suffix."""

    def __init__(self, texts: Translator, now: datetime, folder: str, parent: QWidget) -> None:
        super().__init__(parent, texts("requests.export"), folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setNameFilters([texts(f"requests.export_{ending}") for ending in ENDINGS])
        self.setDefaultSuffix(ENDINGS[0])
        self.selectFile(texts("requests.export_name", day=f"{seoul(now):%Y-%m-%d}"))
        self.filterSelected.connect(self._take_ending)
        self.fileSelected.connect(self._choose)

    def _take_ending(self, name_filter: str) -> None:
        ending = next((one for one in ENDINGS if f"*.{one}" in name_filter), ENDINGS[0])
        self.setDefaultSuffix(ending)

    def _choose(self, name: str) -> None:
        path = Path(name)
        if path.suffix.lower().lstrip(".") not in ENDINGS:
            path = path.with_name(f"{path.name}.{self.defaultSuffix() or ENDINGS[0]}")
        self.path_chosen.emit(path)


class ExportFlow(QObject):
    """Asks for the file, writes it in the background and shows the result; one at a time.

    The filters are those at the time of the request. The writing thread only sets a number here;
    a timer reads it.

    Args:
        exports: the shop's folder of exported files.
    """

    def __init__(
        self,
        view: DeskLayout,
        pages: RequestPager,
        texts: Translator,
        runner: TaskRunner,
        export: ExportRequests,
        clock: Clock,
        parent: QObject,
        *,
        exports: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._view, self._pages, self._texts, self._clock = view, pages, texts, clock
        self._runner, self._export, self._exports = runner, export, exports
        self._dialog: ExportDialog | None = None
        self._path: Path | None = None
        self._stop = threading.Event()
        self._total = self._written = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._show_progress)
        view.exporting.cancelled.connect(self.cancel)

    def ask(self, actor: Actor) -> None:
        """Ask for the file; does nothing while another export is running."""
        if self._dialog is not None or self._path is not None:
            return
        folder = first_folder(self._exports)
        dialog = ExportDialog(self._texts, self._clock.now(), folder, self._view.window())
        dialog.path_chosen.connect(lambda path: self.start(actor, path))
        dialog.finished.connect(self._answered)
        self._dialog = dialog
        dialog.open()

    def start(self, actor: Actor, path: Path) -> None:
        """Write the filtered requests to a file, unless an export is running."""
        if self._path is not None:
            return
        self._view.banner.clear()
        self._path, self._written, self._total = path, 0, self._pages.total or 0
        export, wanted = self._export, self._pages.filters.filter_at(self._clock.now())
        stop = self._stop = threading.Event()

        def progress(written: int) -> bool:
            self._written = written
            return not stop.is_set()

        self._show_progress()
        self._timer.start()
        self._runner.run(
            lambda: export(actor, wanted, path, progress),
            lambda outcome: self._ended(path, outcome),
            owner=self,
        )

    def cancel(self) -> None:
        """Cancel at the next row."""
        self._stop.set()

    def _show_progress(self) -> None:
        self._view.exporting.show_progress(self._written, self._total)

    def _answered(self) -> None:
        self._dialog = None
        self._view.view.setFocus()

    def _ended(self, path: Path, outcome: TaskResult[int]) -> None:
        self._timer.stop()
        self._path = None
        view, texts, rows, error = self._view, self._texts, outcome.value, outcome.error
        view.exporting.hide()
        if error is not None:
            view.banner.fail(
                lambda: texts(
                    "errors.request_failed", message=display_text(texts.error(error), 300)
                )
            )
        elif rows is None or rows < 0:
            view.banner.mention(lambda: texts("requests.export_cancelled"))
        else:
            count, name, folder = grouped(rows), display_text(path.name, 60), path.absolute().parent
            shown = folder_text(folder)
            view.result.say(
                lambda: texts("requests.exported", count=count, name=name, folder=shown), folder
            )
