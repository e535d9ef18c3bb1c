"""Text on paper: the system's printer, or a PDF file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSaveFile
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrinter

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.fonts import FAMILIES

_POINTS = 10
_MARGIN_MM = 16
_DOTS_PER_INCH = 300


def document_of(text: str) -> QTextDocument:
    """A document of plain text: foreign markup stays what it is."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSize(_POINTS)
    document = QTextDocument()
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setPlainText(text)
    return document


def print_text(text: str, printer: QPrinter) -> None:
    """Print on a printer that is set up already."""
    document_of(text).print_(printer)


def save_pdf(text: str, title: str, path: Path) -> None:
    """Write a PDF of A4 pages. The file is there whole or not at all.

    Raises:
        EnvironmentProblem: the folder cannot be written, or the disk is full.
    """
    paper = QByteArray()
    buffer = QBuffer(paper)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    document_of(text).print_(writer)
    del writer  # ends the file
    buffer.close()
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise EnvironmentProblem(EnvironmentCode.READ_ONLY, file.errorString())
    if file.write(paper) != paper.size() or not file.commit():
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, file.errorString())
