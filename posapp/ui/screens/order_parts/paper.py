"""Text on paper: the system's printer, or a PDF file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSaveFile
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.screens.order_parts.copy_mark import CopyMark
from posapp.ui.screens.order_parts.sheets import MARGIN_MM, Sheets

_DOTS_PER_INCH = 300
_FAILED = (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)


@dataclass(frozen=True, slots=True)
class Paper:
    """A text that goes onto paper.

    Attributes:
        name: what it is known by when it is printed again (``posapp.services.printed``).
        title: for the printer's queue and a file's head.
        mark: what stands on every page of a copy; ``None`` for the first print.
    """

    name: str
    title: str
    text: str
    mark: CopyMark | None = None


def print_paper(paper: Paper, printer: QPrinter) -> None:
    """Print on a printer that is set up already.

    Raises:
        EnvironmentProblem: ``PRINTER``: it did not take the paper, or not all of it. What a
            printer's queue does with it afterwards nobody is told.
    """
    printer.setDocName(paper.title)
    if not _paint(paper, printer) or printer.printerState() in _FAILED:
        raise EnvironmentProblem(EnvironmentCode.PRINTER, printer.printerName())


def save_pdf(paper: Paper, path: Path) -> None:
    """Write a PDF of A4 pages. The file is there whole or not at all.

    Raises:
        EnvironmentProblem: the folder cannot be written, or the disk is full.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(paper.title)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    _paint(paper, writer)
    del writer  # ends the file
    buffer.close()
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise EnvironmentProblem(EnvironmentCode.READ_ONLY, file.errorString())
    if file.write(content) != content.size() or not file.commit():
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, file.errorString())


def _paint(paper: Paper, device: QPagedPaintDevice) -> bool:
    """``False`` if the device did not take every page. ``QTextDocument.print_`` keeps that to
    itself, hence pages of our own."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    sheets = Sheets(paper.text, paper.mark, device)
    went = True
    for page in range(sheets.count):
        went = went and (page == 0 or device.newPage())
        if went:
            sheets.paint(painter, page)
    if isinstance(device, QPrinter):
        went = went and device.printerState() not in _FAILED
    return painter.end() and went
