"""Text as it is laid out for a printer or a PDF."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QPagedPaintDevice,
    QPainter,
    QPalette,
    QTextDocument,
)

from posapp.ui.core.fonts import FAMILIES


def centred_text(
    device: QPagedPaintDevice, points: int, text: str, width: float, *, bold: bool = False
) -> QTextDocument:
    """Return a text that is centred in a width (dots of the device)."""
    laid = QTextDocument()
    laid.documentLayout().setPaintDevice(device)
    laid.setDefaultFont(print_font(points, bold=bold))
    laid.setDocumentMargin(0)
    option = laid.defaultTextOption()
    option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    laid.setDefaultTextOption(option)
    laid.setPlainText(text)
    laid.setTextWidth(width)
    return laid


def draw_text(painter: QPainter, document: QTextDocument, part: QRectF | None = None) -> None:
    """Draw in the painter's colour: ``drawContents`` uses the screen's, which may be white.

    Args:
        part: what is drawn of it; ``None`` is all.
    """
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, painter.pen().color())
    if part is not None:
        painter.setClipRect(part)
        context.clip = part
    document.documentLayout().draw(painter, context)


def print_font(points: int, *, bold: bool = False) -> QFont:
    """Return a font without tabular figures and contextual glyphs.

    Such glyphs map to no letter in a PDF, and a refund's number could be neither searched nor
    copied.
    """
    font = QFont()
    for feature in ("tnum", "calt", "clig"):
        font.setFeature(QFont.Tag(feature), 0)
    font.setFamilies(list(FAMILIES))
    font.setPointSize(points)
    font.setBold(bold)
    return font
