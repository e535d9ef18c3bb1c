"""From 내보내기 to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from posapp.services.ports.machine import Clock
from posapp.ui.background import TaskRunner
from posapp.ui.formats import grouped
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_pages import RequestPages
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.request_parts.desk_sheet import DeskSheet
from posapp.ui.screens.request_parts.export_dialog import ExportDialog
from posapp.ui.screens.request_parts.export_errand import ExportErrand, ExportRequests


class ExportFlow(QObject):
    """Asks where to, writes in the background, tells how it went. The filters are those of the
    moment in which it was asked for."""

    def __init__(
        self,
        sheet: DeskSheet,
        pages: RequestPages,
        texts: Texts,
        runner: TaskRunner,
        clock: Clock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sheet, self._pages, self._texts, self._clock = sheet, pages, texts, clock
        self._export: ExportRequests | None = None
        self._total = 0
        self._dialog: ExportDialog | None = None
        self.errand = ExportErrand(runner, self)
        self.errand.advanced.connect(lambda rows: sheet.exporting.show_progress(rows, self._total))
        self.errand.finished.connect(self._finished)
        self.errand.cancelled.connect(self._cancelled)
        self.errand.failed.connect(self._failed)
        sheet.exporting.cancelled.connect(self.errand.cancel)

    def attach(self, export: ExportRequests) -> None:
        """The service stands."""
        self._export = export

    def ask(self, seller_id: int) -> None:
        """Ask where to; nothing happens while another export is under way."""
        if self._export is None or self._dialog is not None or self.errand.is_running:
            return
        dialog = ExportDialog(self._texts, self._clock.now(), self._sheet.window())
        dialog.path_chosen.connect(lambda path: self.start(seller_id, path))
        dialog.finished.connect(self._answered)
        self._dialog = dialog
        dialog.open()

    def start(self, seller_id: int, path: Path) -> None:
        """Write what the filters show to a file."""
        if self._export is None:
            return
        self._sheet.banner.clear()
        self._total = self._pages.total or 0
        asked = self._pages.asked.filter_at(self._clock.now())
        self.errand.start(self._export, seller_id, asked, path)

    def _answered(self) -> None:
        self._dialog = None
        self._sheet.view.setFocus()

    def _finished(self, path: Path) -> None:
        count, name = grouped(self.errand.rows), shown(path.name, 60)
        texts = self._texts
        self._end(lambda: texts("requests.exported", count=count, name=name))

    def _cancelled(self) -> None:
        self._sheet.exporting.hide()
        self._sheet.banner.mention(lambda: self._texts("requests.export_cancelled"))

    def _failed(self, error: Exception) -> None:
        self._sheet.exporting.hide()
        texts = self._texts
        self._sheet.banner.fail(
            lambda: texts("errors.request_failed", message=shown(texts.error(error), 300))
        )

    def _end(self, make: Callable[[], str]) -> None:
        self._sheet.exporting.hide()
        self._sheet.undo.say(make)
