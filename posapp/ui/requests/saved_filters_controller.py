"""Reads and writes the saved filters of a shop in the background."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.requests.desk_layout import DeskLayout
from posapp.ui.requests.request_pager import RequestPager
from posapp.ui.requests.saved_filters import SavedFilter, SavedFilterStore, read_saved, saved_text
from posapp.ui.requests.saved_filters_dialog import SavedFiltersDialog


class SavedFiltersController(QObject):
    """Reads the filters each time before it shows them, so that two windows stay consistent."""

    chosen = Signal(object)
    """Apply a saved filter. Carries a ``SavedFilter``."""

    def __init__(
        self,
        view: DeskLayout,
        pages: RequestPager,
        texts: Translator,
        runner: TaskRunner,
        store: SavedFilterStore,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._pages, self._texts, self._runner = view, pages, texts, runner
        self._store = store
        self._dialog: SavedFiltersDialog | None = None

    def ask(self) -> None:
        """Show the dialog once the filters are read."""
        store = self._store
        if self._dialog is None:
            self._runner.run(lambda: read_saved(store.load()), self._show, owner=self, key="read")

    def _show(self, outcome: TaskResult[tuple[SavedFilter, ...]]) -> None:
        if outcome.value is None:
            self._fail(outcome.error or RuntimeError())
            return
        pages, window = self._pages, self._view.window()
        dialog = SavedFiltersDialog(self._texts, outcome.value, pages.filters, pages.size, window)
        dialog.saved.connect(self._keep)
        dialog.chosen.connect(self.chosen)
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        self._dialog = None
        self._view.view.setFocus()

    def _keep(self, saved: tuple[SavedFilter, ...]) -> None:
        store, text = self._store, saved_text(saved)
        self._runner.run(lambda: store.save(text), self._kept, owner=self)

    def _kept(self, outcome: TaskResult[None]) -> None:
        if outcome.error is not None:
            self._fail(outcome.error)

    def _fail(self, error: Exception) -> None:
        banner = self._view.banner
        banner.trouble(error, "words.close", banner.clear)
