"""Page layout of a text, with the mark of a copy on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from posapp.services.orders.print_log import PrintRecord
from posapp.ui.core.fonts import FAMILIES
from posapp.ui.core.i18n import Translator

MARGIN_MM = 16
"""Margin in millimetres of a page that is wide enough."""

_NARROWEST = 12
"""Divisor of a narrow page's width that gives its margin: rolls have little room."""

_POINTS = 10
_STRONG_POINTS = 14
_MARK_POINTS = 16
_FOOT_POINTS = 8
_PAD_MM = 3.0
_BEHIND_MM = 10.0
_BEHIND_PART = 10
_BEHIND_STEP_MM = 34.0
_BEHIND_FIRST = 0.75
_HAIR_MM = 0.12
_DOTTED = (1.0, 3.0)
_SLANT = -24.0
_MM_PER_INCH = 25.4
_AMOUNTS_MM = 90.0
"""Distance in millimetres of the right edge of amounts from the margin, where there is room."""

_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class CopyMark:
    """Mark that distinguishes a copy from its original: the label in both languages, for any
    reader, and the number of the print with the time of the first one."""

    label: str
    details: str

    @property
    def text(self) -> str:
        """Return both lines."""
        return f"{self.label}\n{self.details}"


def mark_after(texts: Translator, printed: PrintRecord | None) -> CopyMark | None:
    """Return the mark of the next print, or ``None`` if it is the first."""
    if printed is None:
        return None
    first = texts.moment(printed.first_at)
    return CopyMark(
        texts("order_page.copy_mark"),
        texts("order_page.copy_details", times=printed.times + 1, first=first),
    )


class PageLayout:
    """Pages of plain text on one device. A painter must already be active on it.

    A copy has its mark in a frame above the text of every page, so that no single page looks like
    an original, and its label in dotted outlines behind the text, so that cutting off the frame
    does not make one. Dots and no grey, because every printer prints them.

    Args:
        strong: numbers of the lines that are large and bold, from 0.
    """

    def __init__(
        self,
        text: str,
        mark: CopyMark | None,
        device: QPagedPaintDevice,
        strong: Sequence[int] = (),
    ) -> None:
        self._mark, self._device = mark, device
        self._dots = device.logicalDpiX() / _MM_PER_INCH
        room = self._room(device)
        self._head = QRectF(room)
        self._head.setHeight(self._head_height(room))
        self._foot = QRectF(room)
        self._foot.setTop(
            room.bottom() - self._laid(_FOOT_POINTS, "0", room.width()).size().height()
        )
        self._body = QRectF(room)
        self._body.setTop(self._head.bottom() + (self._mm(2 * _PAD_MM) if mark else 0))
        self._body.setBottom(self._foot.top() - self._mm(_PAD_MM))
        self._document = QTextDocument()
        self._document.documentLayout().setPaintDevice(device)
        self._document.setDefaultFont(_font(_POINTS))
        self._document.setDocumentMargin(0)
        self._document.setPlainText(text)  # external markup stays text
        self._set_tab()
        self._set_strong(strong)
        self._document.setPageSize(self._body.size())

    @property
    def count(self) -> int:
        """Return the number of pages."""
        return self._document.pageCount()

    def paint(self, painter: QPainter, page: int) -> None:
        """Paint one page, counted from 0."""
        if self._mark is not None:
            self._paint_behind(painter, page, self._mark.label)
            self._paint_head(painter, self._mark)
        height = self._body.height()
        painter.save()
        painter.translate(self._body.left(), self._body.top() - page * height)
        part = QRectF(0, page * height, self._body.width(), height)
        _draw(painter, self._document, part)
        painter.restore()
        if self.count > 1:
            painter.setFont(_font(_FOOT_POINTS))
            painter.drawText(self._foot, _CENTRE, f"{page + 1} / {self.count}")

    def _set_tab(self) -> None:
        """Right-align what is behind a tab: the amount of an item."""
        # Qt multiplies tabs, and nothing else here, by the device's resolution over the screen's.
        screen = QGuiApplication.primaryScreen().logicalDotsPerInchY()
        resolution = self._device.logicalDpiY() / screen
        amounts = min(self._body.width() - 1, self._mm(_AMOUNTS_MM)) / resolution
        line = QTextBlockFormat()
        line.setTabPositions([QTextOption.Tab(amounts, QTextOption.TabType.RightTab)])
        cursor = QTextCursor(self._document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(line)

    def _set_strong(self, lines: Sequence[int]) -> None:
        large = QTextCharFormat()
        large.setFont(_font(_STRONG_POINTS, bold=True))
        for line in lines:
            cursor = QTextCursor(self._document.findBlockByNumber(line))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(large)

    def _mm(self, millimetres: float) -> float:
        return millimetres * self._dots

    def _room(self, device: QPagedPaintDevice) -> QRectF:
        """Return the device's area within the page margins."""
        layout = device.pageLayout()
        paper = layout.fullRect(QPageLayout.Unit.Millimeter)
        margins = layout.margins(QPageLayout.Unit.Millimeter)
        wanted = min(float(MARGIN_MM), paper.width() / _NARROWEST)
        missing = [
            self._mm(max(0.0, wanted - has))
            for has in (margins.left(), margins.top(), margins.right(), margins.bottom())
        ]
        room = QRectF(0, 0, device.width(), device.height())
        return room.adjusted(missing[0], missing[1], -missing[2], -missing[3])

    def _head_height(self, room: QRectF) -> float:
        if self._mark is None:
            return 0.0
        inside = room.width() - self._mm(2 * _PAD_MM)
        heights = (laid.size().height() for laid in self._head_text(self._mark, inside))
        return sum(heights) + self._mm(2 * _PAD_MM)

    def _head_text(self, mark: CopyMark, width: float) -> tuple[QTextDocument, QTextDocument]:
        label = self._laid(_MARK_POINTS, mark.label, width, bold=True)
        return label, self._laid(_POINTS, mark.details, width)

    def _laid(self, points: int, text: str, width: float, *, bold: bool = False) -> QTextDocument:
        laid = QTextDocument()
        laid.documentLayout().setPaintDevice(self._device)
        laid.setDefaultFont(_font(points, bold=bold))
        laid.setDocumentMargin(0)
        option = laid.defaultTextOption()
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        laid.setDefaultTextOption(option)
        laid.setPlainText(text)
        laid.setTextWidth(width)
        return laid

    def _paint_head(self, painter: QPainter, mark: CopyMark) -> None:
        pen = QPen(painter.pen())
        pen.setWidthF(self._mm(4 * _HAIR_MM))
        painter.save()
        painter.setPen(pen)
        painter.drawRect(self._head)
        pad = self._mm(_PAD_MM)
        painter.translate(self._head.topLeft() + QPointF(pad, pad))
        for laid in self._head_text(mark, self._head.width() - 2 * pad):
            _draw(painter, laid)
            painter.translate(0, laid.size().height())
        painter.restore()

    def _paint_behind(self, painter: QPainter, page: int, label: str) -> None:
        """Paint the label repeatedly, as far down as there is text."""
        last = page == self.count - 1
        total = self._document.documentLayout().documentSize().height()
        used = total - page * self._body.height() if last else self._body.height()
        area = QRectF(self._body)
        area.setHeight(min(area.height(), max(used, self._mm(_BEHIND_STEP_MM))))
        font = _font(_POINTS, bold=True)
        font.setPixelSize(round(min(self._mm(_BEHIND_MM), area.width() / _BEHIND_PART)))
        outline = QPainterPath()
        outline.addText(0, 0, font, label)
        pen = QPen(painter.pen())
        pen.setWidthF(self._mm(_HAIR_MM))
        pen.setDashPattern(_DOTTED)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        step, wide = self._mm(_BEHIND_STEP_MM), outline.boundingRect().width() * 1.5
        painter.save()
        painter.setClipRect(area)
        painter.setPen(pen)
        for row in range(round(area.height() // step) + 2):
            for column in range(-1, round(area.width() // wide) + 2):
                painter.save()
                shift = (column + (row % 2) / 2) * wide
                painter.translate(area.left() + shift, area.top() + (row + _BEHIND_FIRST) * step)
                painter.rotate(_SLANT)
                painter.drawPath(outline)
                painter.restore()
        painter.restore()


def _draw(painter: QPainter, document: QTextDocument, part: QRectF | None = None) -> None:
    """Draw in the painter's colour: ``drawContents`` uses the screen's, which may be white."""
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, painter.pen().color())
    if part is not None:
        painter.setClipRect(part)
        context.clip = part
    document.documentLayout().draw(painter, context)


def _font(points: int, *, bold: bool = False) -> QFont:
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
