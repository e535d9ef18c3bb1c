"""Text output to the system's printer or a PDF file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSaveFile, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.printing.page_layout import MARGIN_MM, CopyMark, PageLayout
from posapp.ui.printing.paper import LineKind, Paper

A4_MM = (210, 297)
"""Width and height in millimetres."""

_ROLL_MARGIN_MM = 3
_DOTS_PER_INCH = 300
_FAILED = (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """A text to print.

    Attributes:
        name: its identity when it is printed again (``posapp.services.bookkeeping.print_log``).
        title: for the printer's queue and the PDF's metadata.
        mark: shown on every page of a copy; ``None`` for the first print.
        strong: numbers of the lines that are large and bold, from 0.
        code: of the order, for a scanner, below the text; or empty.
    """

    name: str
    title: str
    text: str
    mark: CopyMark | None = None
    strong: tuple[int, ...] = ()
    code: str = ""


def document_of(paper: Paper, mark: CopyMark | None) -> PrintDocument:
    """Return what is printed of a paper."""
    strong, at = [], 0
    for line in paper.lines:
        if line.kind in (LineKind.HEADING, LineKind.AMOUNT):
            strong.append(at)
        at += line.printed.count("\n") + 1
    return PrintDocument(paper.name, paper.title, paper.written, mark, tuple(strong), paper.code)


def print_paper(paper: PrintDocument, printer: QPrinter) -> None:
    """Print on a configured printer.

    Raises:
        EnvironmentProblem: ``PRINTER``: it did not accept the whole document. Later failures in the
            printer's queue are not reported.
    """
    printer.setDocName(paper.title)
    if not _paint(paper, printer) or printer.printerState() in _FAILED:
        raise EnvironmentProblem(EnvironmentCode.PRINTER, printer.printerName())


def save_pdf(paper: PrintDocument, path: Path, width_mm: int = A4_MM[0]) -> None:
    """Write a PDF of A4 pages, or of pages as narrow as a roll and as high as A4. The file is
    written completely or not at all.

    Raises:
        EnvironmentProblem: the folder cannot be written, or the disk is full.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(paper.title)
    writer.setResolution(_DOTS_PER_INCH)
    is_a4 = width_mm == A4_MM[0]
    narrow = QPageSize(QSizeF(width_mm, A4_MM[1]), QPageSize.Unit.Millimeter)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4) if is_a4 else narrow)
    margin = MARGIN_MM if is_a4 else _ROLL_MARGIN_MM
    margins = QMarginsF(margin, margin, margin, margin)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    _paint(paper, writer)
    del writer  # finishes the PDF
    buffer.close()
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise EnvironmentProblem(EnvironmentCode.READ_ONLY, file.errorString())
    if file.write(content) != content.size() or not file.commit():
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, file.errorString())


def _paint(paper: PrintDocument, device: QPagedPaintDevice) -> bool:
    """Paint all pages; return ``False`` if the device did not accept each.

    ``QTextDocument.print_`` does not report that, therefore the pages are painted here.
    """
    painter = QPainter()
    if not painter.begin(device):
        return False
    layout = PageLayout(paper.text, paper.mark, device, paper.strong, paper.code)
    went = True
    for page in range(layout.count):
        went = went and (page == 0 or device.newPage())
        if went:
            layout.paint(painter, page)
    if isinstance(device, QPrinter):
        went = went and device.printerState() not in _FAILED
    return painter.end() and went
