"""Dialogs of files: the one that is imported, and the template that is saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.services.importing.template import write_template
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.save_folder import first_folder, folder_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner

_NAME = 60
_KINDS = "*.xlsx *.csv *.tsv *.txt *.json"


class ImportDialogs(QObject):
    """At most one dialog is open.

    Args:
        exports: the shop's folder of exported files, where a template is saved at first.
    """

    file_chosen = Signal(object)
    """A file to read was chosen. Carries its ``Path``."""

    saved = Signal(str)
    """A template was saved. Carries what to tell."""

    failed = Signal(object)
    """A template could not be saved. Carries the exception."""

    def __init__(
        self, texts: Translator, runner: TaskRunner, exports: Path | None, page: QWidget
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._exports, self._page = texts, runner, exports, page
        self._dialog: QFileDialog | None = None

    def ask_file(self) -> None:
        """Ask for a file to read."""
        texts = self._texts
        dialog = QFileDialog(self._page.window(), texts("import_page.choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{texts('import_page.files')} ({_KINDS})")
        dialog.fileSelected.connect(lambda name: self.file_chosen.emit(Path(name)))
        self._open(dialog)

    def ask_template(self) -> None:
        """Ask where to save a template."""
        texts = self._texts
        folder = first_folder(self._exports)
        dialog = QFileDialog(self._page.window(), texts("import_page.template"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Excel (*.xlsx)", "CSV (*.csv)"])
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(f"{texts('import_page.template_name')}.xlsx")
        dialog.fileSelected.connect(lambda name: self.save_template(Path(name)))
        self._open(dialog)

    def save_template(self, path: Path) -> None:
        """Save a template; a file that is there stays."""

        def done(outcome: TaskResult[None]) -> None:
            if outcome.error is not None:
                self.failed.emit(outcome.error)
                return
            name, folder = display_text(path.name, _NAME), folder_text(path.absolute().parent)
            self.saved.emit(self._texts("import_page.template_written", name=name, folder=folder))

        self._runner.run(lambda: write_template(path), done, owner=self)

    def _open(self, dialog: QFileDialog) -> None:
        if self._dialog is not None:
            dialog.deleteLater()
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self._dialog = None
