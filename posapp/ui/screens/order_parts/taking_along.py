"""Taking text along: clipboard, printer, PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from posapp.domain.errors import EnvironmentProblem
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.paper import Paper, print_paper, save_pdf

MakePaper = Callable[[], Paper]
"""Called when it goes out and not before: whether it is a copy is known only then."""


class TakingAlong(QObject):
    """Its dialogs are opened, never executed, and delete themselves."""

    said = Signal(str)
    """What was done, in passing."""

    failed = Signal(object)
    """The ``EnvironmentProblem`` that kept a file from being written, or a paper from being
    printed."""

    went_out = Signal(str)
    """The name of a paper that was printed or saved whole."""

    def __init__(self, texts: Texts, window: QWidget) -> None:
        super().__init__(window)
        self._texts, self._window = texts, window

    def copy(self, text: str, words: str = "order_page.copied") -> None:
        """Put text into the clipboard, and say so with a message."""
        QGuiApplication.clipboard().setText(text)
        self.said.emit(self._texts(words))

    def print(self, make: MakePaper) -> None:
        """Ask for a printer and print; without one, say what else can be done."""
        if not QPrinterInfo.availablePrinterNames():
            self.said.emit(self._texts("order_page.no_printer"))
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        dialog.accepted.connect(lambda: self.print_on(make, printer))
        dialog.finished.connect(dialog.deleteLater)
        # QPrintDialog hides the open() that takes nothing.
        QDialog.open(dialog)

    def print_on(self, make: MakePaper, printer: QPrinter) -> None:
        """Print on a printer that is set up already, and say how that went."""
        paper = make()
        self._tell(paper, lambda: print_paper(paper, printer), "order_page.printed")

    def save(self, make: MakePaper, file_name: str) -> None:
        """Ask where to and save as PDF."""
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
        """Save as PDF at this path, and say how that went."""
        paper = make()
        self._tell(paper, lambda: save_pdf(paper, path), "order_page.pdf_saved")

    def _tell(self, paper: Paper, deed: Callable[[], None], words: str) -> None:
        try:
            deed()
        except EnvironmentProblem as problem:
            self.failed.emit(problem)
            return
        self.went_out.emit(paper.name)
        self.said.emit(self._texts(words))
