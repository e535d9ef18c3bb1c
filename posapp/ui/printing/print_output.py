"""Output of text: clipboard, printer, PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.print_document import PrintDocument, print_paper, save_pdf

MakePaper = Callable[[], PrintDocument]
"""Builds the document on output only: whether it is a copy is known only then."""


class PrintOutput(QObject):
    """Its dialogs are opened, never executed, and delete themselves."""

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """A file could not be written or a paper not printed. Carries the ``EnvironmentProblem``."""

    printed_out = Signal(str)
    """A paper was printed or saved completely. Carries its name."""

    def __init__(self, texts: Translator, window: QWidget) -> None:
        super().__init__(window)
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
        self._carry_out(paper, lambda: print_paper(paper, printer), "order_page.printed")

    def save(self, make: MakePaper, file_name: str) -> None:
        """Ask for a file and save as PDF."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
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
        self._carry_out(paper, lambda: save_pdf(paper, path), "order_page.pdf_saved")

    def _carry_out(self, paper: PrintDocument, action: Callable[[], None], text: str) -> None:
        try:
            action()
        except EnvironmentProblem as problem:
            self.failed.emit(problem)
            return
        self.printed_out.emit(paper.name)
        self.said.emit(self._texts(text))
