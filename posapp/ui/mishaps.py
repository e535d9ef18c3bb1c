"""What nobody foresaw: logged elsewhere, told once here, in words that do not frighten."""

from __future__ import annotations

from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts


class Mishaps(QObject):
    """Shows one dialog for unforeseen errors, however many come while it is open.

    ``happened`` may be emitted by any thread: the dialog is opened on the thread of the screen.
    """

    happened = Signal(object)

    def __init__(self, texts: Texts, window: QWidget, log_folder: str) -> None:
        super().__init__(window)
        self._texts, self._window, self._log_folder = texts, window, log_folder
        self._dialog: QtWidgets.QMessageBox | None = None
        self.happened.connect(self._tell)

    def tell(self, error: BaseException) -> None:
        """Tell of an error, from any thread."""
        self.happened.emit(error)

    @Slot(object)
    def _tell(self, error: object) -> None:
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
