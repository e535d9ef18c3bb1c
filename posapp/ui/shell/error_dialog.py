"""Dialog for unexpected errors, which are logged separately."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator


class ErrorDialog(QObject):
    """Shows one dialog for unexpected errors, however many occur while it is open.

    ``occurred`` may be emitted by any thread: the dialog opens on the GUI thread.
    """

    occurred = Signal(object)

    def __init__(self, texts: Translator, window: QWidget, log_folder: str) -> None:
        super().__init__(window)
        self._texts, self._window, self._log_folder = texts, window, log_folder
        self._dialog: QtWidgets.QMessageBox | None = None
        self.occurred.connect(self._show)

    def report(self, error: BaseException) -> None:
        """Report an error, from any thread."""
        self.occurred.emit(error)

    @Slot(object)
    def _show(self, error: object) -> None:
        if self._dialog is not None:
            return
        texts = self._texts
        dialog = QtWidgets.QMessageBox(self._window)
        dialog.setIcon(QtWidgets.QMessageBox.Icon.Warning)
        dialog.setWindowTitle(texts("window.mishap"))
        dialog.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        dialog.setText(texts("window.mishap"))
        dialog.setInformativeText(
            texts("window.mishap_why", kind=type(error).__name__, folder=self._log_folder)
        )
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._gone)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _gone(self) -> None:
        self._dialog = None
