"""Page layout of a text, with the mark of a copy on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPainter,
    QPainterPath,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.laid_text import centred_text, draw_text, print_font
from posapp.ui.printing.printed_code import PrintedCode

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
    reader, and the number of the print with the time of the first one.

    Attributes:
        stamp: the mark on a narrow roll, ``[재발행 2]``.
    """

    label: str
    details: str
    stamp: str

    @property
    def text(self) -> str:
        """Return both lines."""
        return f"{self.label}\n{self.details}"


def mark_after(texts: Translator, printed: PrintRecord | None) -> CopyMark | None:
    """Return the mark of the next print, or ``None`` if it is the first."""
    if printed is None:
        return None
    times, first = printed.times + 1, texts.moment(printed.first_at)
    return CopyMark(
        texts("order_page.copy_mark"),
        texts("order_page.copy_details", times=times, first=first),
        texts("order_page.copy_stamp", times=times),
    )


class PageLayout:
    """Pages of plain text on one device. A painter must already be active on it.

    A copy has its mark in a frame above the text of every page, so that no single page looks like
    an original, and its label in dotted outlines behind the text, so that cutting off the frame
    does not make one. Dots and no grey, because every printer prints them.

    The code ends the paper: below the text, or on a page of its own where it would be cut. Nothing
    else is painted where it is.

    Args:
        strong: numbers of the lines that are large and bold, from 0.
        code: what a scanner reads, or empty.
    """

    def __init__(
        self,
        text: str,
        mark: CopyMark | None,
        device: QPagedPaintDevice,
        strong: Sequence[int] = (),
        code: str = "",
    ) -> None:
        self._mark, self._device = mark, device
        self._dots = device.logicalDpiX() / _MM_PER_INCH
        room = self._room(device)
        self._head = QRectF(room)
        self._head.setHeight(self._head_height(room))
        self._foot = QRectF(room)
        self._foot.setTop(
            room.bottom()
            - centred_text(self._device, _FOOT_POINTS, "0", room.width()).size().height()
        )
        self._body = QRectF(room)
        self._body.setTop(self._head.bottom() + (self._mm(2 * _PAD_MM) if mark else 0))
        self._body.setBottom(self._foot.top() - self._mm(_PAD_MM))
        self._document = QTextDocument()
        self._document.documentLayout().setPaintDevice(device)
        self._document.setDefaultFont(print_font(_POINTS))
        self._document.setDocumentMargin(0)
        self._document.setPlainText(text)  # external markup stays text
        self._set_tab()
        self._set_strong(strong)
        self._document.setPageSize(self._body.size())
        self._count, self._code_area = self._document.pageCount(), QRectF()
        self._code = PrintedCode(code, device, self._body.size()) if code else None
        if self._code is not None:
            self._code_area = self._placed(self._code)

    @property
    def count(self) -> int:
        """Return the number of pages."""
        return self._count

    def paint(self, painter: QPainter, page: int) -> None:
        """Paint one page, counted from 0."""
        if self._mark is not None:
            self._paint_behind(painter, page, self._mark.label)
            self._paint_head(painter, self._mark)
        height = self._body.height()
        painter.save()
        painter.translate(self._body.left(), self._body.top() - page * height)
        part = QRectF(0, page * height, self._body.width(), height)
        draw_text(painter, self._document, part)
        painter.restore()
        if self._code is not None and page == self._count - 1:
            self._code.paint(painter, self._code_area)
        if self.count > 1:
            painter.setFont(print_font(_FOOT_POINTS))
            painter.drawText(self._foot, _CENTRE, f"{page + 1} / {self.count}")

    def _placed(self, code: PrintedCode) -> QRectF:
        """Return the place of the code on the last page, which is another one if need be."""
        top = self._body.top() + self._text_end(self._count - 1)
        if top + code.size.height() > self._body.bottom():
            top = self._body.top()
            self._count += 1
        column = min(self._body.width(), self._mm(_AMOUNTS_MM))
        return code.area(self._body.left() + column / 2, top)

    def _text_end(self, page: int) -> float:
        """Return the end of the text below the top of a page's body; less than 0 if it has none."""
        last = self._document.documentLayout().blockBoundingRect(self._document.lastBlock())
        return min(last.bottom() - page * self._body.height(), self._body.height())

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
        large.setFont(print_font(_STRONG_POINTS, bold=True))
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
        label = centred_text(self._device, _MARK_POINTS, mark.label, width, bold=True)
        return label, centred_text(self._device, _POINTS, mark.details, width)

    def _paint_head(self, painter: QPainter, mark: CopyMark) -> None:
        pen = QPen(painter.pen())
        pen.setWidthF(self._mm(4 * _HAIR_MM))
        painter.save()
        painter.setPen(pen)
        painter.drawRect(self._head)
        pad = self._mm(_PAD_MM)
        painter.translate(self._head.topLeft() + QPointF(pad, pad))
        for laid in self._head_text(mark, self._head.width() - 2 * pad):
            draw_text(painter, laid)
            painter.translate(0, laid.size().height())
        painter.restore()

    def _paint_behind(self, painter: QPainter, page: int, label: str) -> None:
        """Paint the label repeatedly, as far down as there is text."""
        used, free = self._text_end(page), QPainterPath()
        if page == self._count - 1 and self._code is not None:
            used = self._code_area.bottom() - self._body.top()
            free.addRect(self._code_area.adjusted(0, 0, 0, self._mm(_PAD_MM)))
        area = QRectF(self._body)
        area.setHeight(min(area.height(), max(used, self._mm(_BEHIND_STEP_MM))))
        clip = QPainterPath()
        clip.addRect(area)
        font = print_font(_POINTS, bold=True)
        font.setPixelSize(round(min(self._mm(_BEHIND_MM), area.width() / _BEHIND_PART)))
        outline = QPainterPath()
        outline.addText(0, 0, font, label)
        pen = QPen(painter.pen())
        pen.setWidthF(self._mm(_HAIR_MM))
        pen.setDashPattern(_DOTTED)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        step, wide = self._mm(_BEHIND_STEP_MM), outline.boundingRect().width() * 1.5
        painter.save()
        painter.setClipPath(clip.subtracted(free))
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
