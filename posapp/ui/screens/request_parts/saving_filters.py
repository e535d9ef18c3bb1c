"""The saved filters of a shop, read and written in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_pages import RequestPages
from posapp.ui.models.requests_saved import FilterShelf, SavedFilter, read_saved, saved_text
from posapp.ui.screens.request_parts.desk_sheet import DeskSheet
from posapp.ui.screens.request_parts.saved_dialog import SavedDialog


class SavingFilters(QObject):
    """Reads each time before it shows them, so that two windows see what the other kept."""

    chosen = Signal(object)
    """A ``SavedFilter`` is to be used."""

    def __init__(
        self,
        sheet: DeskSheet,
        pages: RequestPages,
        texts: Texts,
        runner: TaskRunner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._sheet, self._pages, self._texts, self._runner = sheet, pages, texts, runner
        self._shelf: FilterShelf | None = None
        self._dialog: SavedDialog | None = None

    def attach(self, shelf: FilterShelf) -> None:
        """The shelf stands."""
        self._shelf = shelf

    def ask(self) -> None:
        """Show them, once they are read."""
        shelf = self._shelf
        if shelf is not None and self._dialog is None:
            self._runner.run(lambda: read_saved(shelf.load()), self._show, owner=self, key="read")

    def _show(self, outcome: Outcome[tuple[SavedFilter, ...]]) -> None:
        if outcome.value is None:
            self._fail(outcome.error or RuntimeError())
            return
        pages, window = self._pages, self._sheet.window()
        dialog = SavedDialog(self._texts, outcome.value, pages.asked, pages.size, window)
        dialog.saved.connect(self._keep)
        dialog.chosen.connect(self.chosen)
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        self._dialog = None
        self._sheet.view.setFocus()

    def _keep(self, saved: tuple[SavedFilter, ...]) -> None:
        shelf = self._shelf
        if shelf is not None:
            text = saved_text(saved)
            self._runner.run(lambda: shelf.save(text), self._kept, owner=self)

    def _kept(self, outcome: Outcome[None]) -> None:
        if outcome.error is not None:
            self._fail(outcome.error)

    def _fail(self, error: Exception) -> None:
        banner = self._sheet.banner
        banner.trouble(error, "words.close", banner.clear)
