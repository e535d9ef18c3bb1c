"""Output of text: clipboard, printer, PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.save_folder import first_folder
from posapp.ui.printing.print_document import PrintDocument, print_paper, save_pdf

MakePaper = Callable[[], PrintDocument]
"""Builds the document on output only: whether it is a copy is known only then."""


class PrintOutput(QObject):
    """Its dialogs are opened, never executed, and delete themselves.

    Args:
        exports: the shop's folder of exported files.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """A file could not be written or a paper not printed. Carries the ``EnvironmentProblem``."""

    printed_out = Signal(str)
    """A paper was printed or saved completely. Carries its name."""

    saved = Signal(object)
    """A file was saved. Carries its path."""

    def __init__(self, texts: Translator, window: QWidget, *, exports: Path | None = None) -> None:
        super().__init__(window)
        self._exports = exports
        self._texts, self._window = texts, window

    def copy(self, text: str, caption: str = "order_page.copied") -> None:
        """Copy text to the clipboard and report it."""
        QGuiApplication.clipboard().setText(text)
        self.said.emit(self._texts(caption))

    def print(self, make: MakePaper) -> None:
        """Ask for a printer and print; without a printer, report the alternative."""
        if not QPrinterInfo.availablePrinterNames():
            self.said.emit(self._texts("order_page.no_printer"))
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        dialog.accepted.connect(lambda: self.print_on(make, printer))
        dialog.finished.connect(dialog.deleteLater)
        # QPrintDialog hides the open() without arguments.
        QDialog.open(dialog)

    def print_on(self, make: MakePaper, printer: QPrinter) -> None:
        """Print on a configured printer and report the result."""
        paper = make()
        if self._carry_out(paper, lambda: print_paper(paper, printer)):
            self.said.emit(self._texts("order_page.printed"))

    def save(self, make: MakePaper, file_name: str) -> None:
        """Ask for a file and save as PDF."""
        folder = first_folder(self._exports)
        dialog = QFileDialog(self._window, self._texts("order_page.pdf"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self._texts("order_page.pdf_filter"))
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(file_name)
        dialog.fileSelected.connect(lambda path: self.save_to(make, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_to(self, make: MakePaper, path: Path) -> None:
        """Save as PDF at this path and report the result."""
        paper = make()
        if self._carry_out(paper, lambda: save_pdf(paper, path)):
            self.saved.emit(path.absolute())

    def _carry_out(self, paper: PrintDocument, action: Callable[[], None]) -> bool:
        try:
            action()
        except EnvironmentProblem as problem:
            self.failed.emit(problem)
            return False
        self.printed_out.emit(paper.name)
        return True
