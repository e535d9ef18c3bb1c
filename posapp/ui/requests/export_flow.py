"""Flow of an export from 내보내기 to the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from posapp.domain.actors import Actor
from posapp.services.ports.system import Clock
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import first_folder, folder_text
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.export_dialog import ExportDialog
from posapp.ui.requests.export_task import ExportRequests, ExportTask
from posapp.ui.requests.request_pager import RequestPager


class ExportFlow(QObject):
    """Asks for the file, writes it in the background and shows the result.

    The filters are those at the time of the request.

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
        self._exports = exports
        self._view, self._pages, self._texts, self._clock = view, pages, texts, clock
        self._export = export
        self._total = 0
        self._dialog: ExportDialog | None = None
        self.task = ExportTask(runner, self)
        self.task.advanced.connect(lambda rows: view.exporting.show_progress(rows, self._total))
        self.task.finished.connect(self._finished)
        self.task.cancelled.connect(self._cancelled)
        self.task.failed.connect(self._failed)
        view.exporting.cancelled.connect(self.task.cancel)

    def ask(self, actor: Actor) -> None:
        """Ask for the file; does nothing while another export is running."""
        if self._dialog is not None or self.task.is_running:
            return
        folder = first_folder(self._exports)
        dialog = ExportDialog(self._texts, self._clock.now(), folder, self._view.window())
        dialog.path_chosen.connect(lambda path: self.start(actor, path))
        dialog.finished.connect(self._answered)
        self._dialog = dialog
        dialog.open()

    def start(self, actor: Actor, path: Path) -> None:
        """Write the filtered requests to a file."""
        self._view.banner.clear()
        self._total = self._pages.total or 0
        wanted = self._pages.filters.filter_at(self._clock.now())
        self.task.start(self._export, actor, wanted, path)

    def _answered(self) -> None:
        self._dialog = None
        self._view.view.setFocus()

    def _finished(self, path: Path) -> None:
        count, name = grouped(self.task.rows), display_text(path.name, 60)
        folder, texts = path.absolute().parent, self._texts
        self._view.exporting.hide()
        self._view.undo.say(
            lambda: texts("requests.exported", count=count, name=name, folder=folder_text(folder)),
            folder,
        )

    def _cancelled(self) -> None:
        self._view.exporting.hide()
        self._view.banner.mention(lambda: self._texts("requests.export_cancelled"))

    def _failed(self, error: Exception) -> None:
        self._view.exporting.hide()
        texts = self._texts
        self._view.banner.fail(
            lambda: texts("errors.request_failed", message=display_text(texts.error(error), 300))
        )
