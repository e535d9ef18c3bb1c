"""Dialog for unexpected errors, which are logged separately."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from posapp.ui.core.i18n import Translator


class ErrorDialog(QObject):
    """Shows one dialog for unexpected errors, however many occur while it is open.

    ``occurred`` may be emitted by any thread: the dialog opens on the GUI thread.
    """

    occurred = Signal(object)

    def __init__(self, texts: Translator, window: QWidget, log_folder: str) -> None:
        super().__init__(window)
        self._texts, self._window, self._log_folder = texts, window, log_folder
        self._dialog: QDialog | None = None
        self.occurred.connect(self._show)

    def report(self, error: BaseException) -> None:
        """Report an error, from any thread."""
        self.occurred.emit(error)

    @Slot(object)
    def _show(self, error: object) -> None:
        if self._dialog is not None:
            return
        from posapp.ui.shell.error_message import ErrorMessage  # not needed by the first window

        kind = type(error).__name__
        dialog = ErrorMessage(self._texts, kind, self._log_folder, self._window)
        dialog.finished.connect(self._gone)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _gone(self) -> None:
        self._dialog = None
