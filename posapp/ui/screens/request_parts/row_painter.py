"""How a request is painted in the table: two lines a cell, shapes before states, and its deeds."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from posapp.ui.i18n import Texts
from posapp.ui.models.requests import RequestTable
from posapp.ui.models.requests_lines import ACT, AMOUNT, KIND, STATE, TICK, Act, Line
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.strokes import paint_sign

PADDING = 12
_BUTTON_HEIGHT = 48
_GAP = 8
_SIGN = 18
_BOX = 22
_TICK_LINE = ((6.0, 11.4), (9.6, 15.0), (16.0, 7.6))
_MOST_CUT = 2000
_RAISED = 9
"""Pixels by which a state gives way to two lines below it."""

_STOPPED = ("error", "text-muted")

APPROVE, REJECT, UNDO = "approve", "reject", "undo"
"""Deeds of a row that a pointer can press."""

_Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """Paints cells in the theme's colours and knows where a row's buttons are.

    Texts are drawn as they are; nothing in them is ever taken for markup.
    """

    def __init__(self, model: RequestTable, texts: Texts, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self._model, self._texts, self._theme = model, texts, theme
        self._hovered: tuple[int, str] | None = None
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool, bool], QFont] = {}
        self._cut: dict[tuple[str, str, int], str] = {}
        theme.changed.connect(self._forget_colours)

    def set_hovered(self, row: int, deed: str) -> bool:
        """The pointer is over a button of a row, or over none; ``True`` if that is new."""
        hovered = (row, deed) if deed else None
        changed, self._hovered = hovered != self._hovered, hovered
        return changed

    def deed_at(self, row: int, cell: QRect, at: QPoint) -> str:
        """Which button of a row lies at a point of its last cell, or empty."""
        line = self._model.line_at(row)
        if line is None:
            return ""
        return next((deed for deed, box in _boxes(line.act, cell) if box.contains(at)), "")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        row, column = index.row(), index.column()
        line = self._model.line_at(row)
        if line is None:
            return
        rect: QRect = option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, row, column, selected=selected)
        font: QFont = option.font
        ink = self._colour("on-selection" if selected else "text")
        soft = ink if selected else self._colour("text-muted")
        if column == TICK:
            self._paint_tick(painter, rect, row, selected=selected)
        elif column == ACT and line.act is not Act.DONE:
            self._paint_deeds(painter, rect, row, line, font)
        elif column == STATE:
            self._paint_state(painter, rect, line, font, ink, soft, selected=selected)
        else:
            self._paint_words(painter, rect, line, column, font, ink, soft)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, rect: QRect, row: int, column: int, *, selected: bool
    ) -> None:
        colour = self._colour
        if selected:
            painter.fillRect(rect, colour("selection"))
            if self._view.hasFocus():  # one ring around the whole row
                edge = colour("focus")
                painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 3), edge)
                painter.fillRect(QRect(rect.left(), rect.bottom() - 2, rect.width(), 3), edge)
                if column == TICK:
                    painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), edge)
                elif column == ACT:
                    painter.fillRect(QRect(rect.right() - 2, rect.top(), 3, rect.height()), edge)
                return
        elif self._model.is_ticked(row):
            painter.fillRect(rect, colour("accent-soft"))
        painter.setPen(QPen(colour("hairline"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_tick(self, painter: QPainter, rect: QRect, row: int, *, selected: bool) -> None:
        line = self._model.line_at(row)
        if line is None or line.act is not Act.DECIDE:
            return
        colour, ticked = self._colour, self._model.is_ticked(row)
        centre = rect.center()
        box = QRectF(centre.x() - _BOX / 2 + 2, centre.y() - _BOX / 2, _BOX, _BOX)
        edge = "on-selection" if selected else "accent" if ticked else "border"
        painter.setPen(QPen(colour(edge), 2))
        painter.setBrush(colour("accent" if ticked else "surface-raised"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        if ticked:
            pen = QPen(colour("on-accent"), 2.4)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            left, top = box.left(), box.top()
            painter.drawPolyline([QPointF(left + x, top + y) for x, y in _TICK_LINE])

    def _paint_words(
        self,
        painter: QPainter,
        rect: QRect,
        line: Line,
        column: int,
        font: QFont,
        ink: QColor,
        soft: QColor,
    ) -> None:
        left = PADDING // 2 if column == ACT else PADDING
        room = rect.adjusted(left, 0, -PADDING, 0)
        side = Qt.AlignmentFlag.AlignRight if column == AMOUNT else Qt.AlignmentFlag.AlignLeft
        above, below = line.above[column], line.below[column]
        if column == KIND and self._view.isColumnHidden(AMOUNT):
            below = line.above[AMOUNT]
        first = self._font(font, bold=column == AMOUNT)
        if column == AMOUNT and QFontMetrics(first).horizontalAdvance(above) > room.width():
            first = self._font(font, bold=True, small=True)  # money is never cut
        if not below:
            self._write(painter, room, above, first, ink, side | Qt.AlignmentFlag.AlignVCenter)
            return
        upper, lower = self._halves(room)
        self._write(painter, upper, above, first, ink, side | Qt.AlignmentFlag.AlignBottom)
        self._write(
            painter,
            lower,
            below,
            self._font(font, small=True),
            soft,
            side | Qt.AlignmentFlag.AlignTop,
        )

    def _paint_state(
        self,
        painter: QPainter,
        rect: QRect,
        line: Line,
        font: QFont,
        ink: QColor,
        soft: QColor,
        *,
        selected: bool,
    ) -> None:
        room = rect.adjusted(PADDING, 0, -PADDING // 2, 0)
        sign, token = _STOPPED if line.tone == "stopped" else (line.tone, TONES[line.tone])
        bold = self._font(font, bold=True)
        colour = ink if selected else self._colour(token)
        below = line.below[STATE]
        upper, lower = self._halves(room) if below else (room, QRect())
        small = self._font(font, small=True)
        beside_sign = lower.width() - (_SIGN + 8 if line.money_tone else 0)
        if below and QFontMetrics(small).horizontalAdvance(below) > beside_sign:
            upper, lower = upper.translated(0, -_RAISED), lower.adjusted(0, -_RAISED, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        line_up = Qt.AlignmentFlag.AlignBottom if below else middle
        top = upper.bottom() - _SIGN - 2 if below else upper.center().y() - _SIGN // 2
        paint_sign(painter, sign, QRectF(upper.left(), top, _SIGN, _SIGN), colour)
        beside = upper.adjusted(_SIGN + 8, 0, 0, 0)
        self._write(painter, beside, line.above[STATE], bold, ink, line_up)
        if not below:
            return
        tint = soft
        if line.money_tone:
            tint = ink if selected else self._colour(TONES[line.money_tone])
            place = QRectF(lower.left() + 1, lower.top() + 2, _SIGN - 3, _SIGN - 3)
            paint_sign(painter, line.money_tone, place, tint)
            lower = lower.adjusted(_SIGN + 8, 0, 0, 0)
        painter.setFont(small)
        painter.setPen(tint)
        two_lines = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(lower, two_lines, below)

    def _paint_deeds(
        self, painter: QPainter, rect: QRect, row: int, line: Line, font: QFont
    ) -> None:
        bold = self._font(font, bold=True)
        colour = self._colour
        words = {
            APPROVE: self._texts("requests.approve"),
            REJECT: self._texts("requests.reject"),
            UNDO: line.above[ACT],
        }
        for deed, box in _boxes(line.act, rect):
            hovered = self._hovered == (row, deed)
            ground, ink, edge = {
                APPROVE: ("accent-soft", "on-accent-soft", "accent"),
                REJECT: ("surface-raised", "danger", "danger"),
                UNDO: ("warning-soft", "warning", "warning"),
            }[deed]
            painter.setPen(QPen(colour(edge), 2 if hovered else 1))
            painter.setBrush(colour(ground))
            radius = self._theme.size("radius-small")
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), radius, radius)
            painter.setFont(bold)
            painter.setPen(colour(ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words[deed])

    def _forget_colours(self) -> None:
        self._colours.clear()

    def _colour(self, token: str) -> QColor:
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = self._theme.colour(token)
        return known

    def _font(self, base: QFont, *, bold: bool = False, small: bool = False) -> QFont:
        key = (base.key(), bold, small)
        known = self._fonts.get(key)
        if known is None:
            known = self._fonts[key] = QFont(base)
            known.setBold(bold)
            if small:
                known.setPixelSize(self._theme.size("font-caption"))
        return known

    def _halves(self, room: QRect) -> tuple[QRect, QRect]:
        middle = room.center().y() - 1
        upper = QRect(room.left(), room.top(), room.width(), middle - room.top())
        lower = QRect(room.left(), middle + 2, room.width(), room.bottom() - middle - 2)
        return upper, lower

    def _write(
        self,
        painter: QPainter,
        room: QRect,
        words: str,
        font: QFont,
        ink: QColor,
        flags: Qt.AlignmentFlag,
    ) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        key = (words, font.key(), room.width())
        cut = self._cut.get(key)
        if cut is None:
            if len(self._cut) > _MOST_CUT:
                self._cut.clear()
            end = Qt.TextElideMode.ElideRight
            cut = self._cut[key] = QFontMetrics(font).elidedText(words, end, room.width())
        painter.drawText(room, flags, cut)


def _boxes(act: Act, cell: QRect) -> list[tuple[str, QRect]]:
    """The buttons of a row in its last cell."""
    room = cell.adjusted(PADDING // 2, 0, -PADDING, 0)
    top = room.center().y() - _BUTTON_HEIGHT // 2
    if act is Act.UNDO:
        return [(UNDO, QRect(room.left(), top, room.width(), _BUTTON_HEIGHT))]
    if act is Act.DONE:
        return []
    half = (room.width() - _GAP) // 2
    return [
        (APPROVE, QRect(room.left(), top, half, _BUTTON_HEIGHT)),
        (REJECT, QRect(room.left() + half + _GAP, top, half, _BUTTON_HEIGHT)),
    ]
