"""How requests are painted in the table: two lines a cell, shapes before states, and their deeds.

Whole rows in one go: a delegate would be asked for every cell of its own, which takes three times
as long.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QTableView

from posapp.ui.i18n import Texts
from posapp.ui.models.requests import RequestTable
from posapp.ui.models.requests_lines import (
    ACT,
    AMOUNT,
    COLUMNS,
    KIND,
    STATE,
    TICK,
    Act,
    Line,
)
from posapp.ui.screens.request_parts.row_inks import Face, Inks
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import TONES

PADDING = 12
_BUTTON_HEIGHT = 48
_GAP = 8
_SIGN = 18
_BOX = 22
_RING = 3
_TICK_LINE = ((6.0, 11.4), (9.6, 15.0), (16.0, 7.6))
_RAISED = 9
"""Pixels by which a state gives way to two lines below it."""

_STOPPED = ("error", "text-muted")

_LEFT, _RIGHT = 0, 1
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_WRAPPED = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)

Room = tuple[int, int, int, int]
"""Left, top, width and height of what a cell's words may take."""

APPROVE, REJECT, UNDO = "approve", "reject", "undo"
"""Deeds of a row that a pointer can press."""

_LOOKS = {
    APPROVE: ("accent-soft", "on-accent-soft", "accent"),
    REJECT: ("surface-raised", "danger", "danger"),
    UNDO: ("warning-soft", "warning", "warning"),
}
"""Ground, words and edge of each."""


class RowPainter:
    """Paints rows in the theme's colours and knows where a row's buttons are.

    Texts are drawn as they are; nothing in them is ever taken for markup.
    """

    def __init__(self, model: RequestTable, texts: Texts, theme: Theme, view: QTableView) -> None:
        self._view, self._model, self._texts = view, model, texts
        self._inks = Inks(theme, view)
        self._hovered: tuple[int, str] | None = None

    def forget_theme(self) -> None:
        """Another theme is on screen."""
        self._inks.forget()

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

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint the rows that lie in an area of the viewport, and their ground: nothing below has
        to be painted first."""
        painter.fillRect(area, self._inks.colour("surface-raised"))
        view, last = self._view, self._model.rowCount() - 1
        first = view.rowAt(max(0, area.top()))
        if first < 0:
            return  # below the last one
        below = view.rowAt(area.bottom())
        self._inks.begin()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cells = [
            (column, view.columnViewportPosition(column), view.columnWidth(column))
            for column in range(len(COLUMNS))
            if not view.isColumnHidden(column)
        ]
        chosen = view.selectionModel().selection()
        selected = chosen.first().top() if chosen.size() else -1
        for row in range(first, (last if below < 0 else below) + 1):
            top, height = view.rowViewportPosition(row), view.rowHeight(row)
            self._paint_row(painter, row, top, height, cells, selected=row == selected)

    def _paint_row(
        self,
        painter: QPainter,
        row: int,
        top: int,
        height: int,
        cells: list[tuple[int, int, int]],
        *,
        selected: bool,
    ) -> None:
        line = self._model.line_at(row)
        if line is None:
            return
        left = cells[0][1]
        whole = QRect(left, top, cells[-1][1] + cells[-1][2] - left, height)
        self._paint_ground(painter, whole, row, selected=selected)
        ink = "on-selection" if selected else "text"
        soft = ink if selected else "text-muted"
        for column, x, width in cells:
            if column == TICK:
                if line.act is Act.DECIDE:
                    self._paint_tick(painter, QRect(x, top, width, height), row, selected=selected)
            elif column == ACT and line.act is not Act.DONE:
                self._paint_deeds(painter, QRect(x, top, width, height), row, line)
            elif column == STATE:
                room = (x + PADDING, top, width - PADDING - PADDING // 2, height)
                self._paint_state(painter, room, line, ink, soft, selected=selected)
            else:
                padding = PADDING // 2 if column == ACT else PADDING
                room = (x + padding, top, width - padding - PADDING, height)
                self._paint_words(painter, room, line, column, ink, soft)

    def _paint_ground(self, painter: QPainter, whole: QRect, row: int, *, selected: bool) -> None:
        colour = self._inks.colour
        if selected:
            painter.fillRect(whole, colour("selection"))
            if self._view.hasFocus():  # one ring around the whole row
                edge = colour("focus")
                inside = whole.adjusted(_RING, _RING, -_RING, -_RING)
                for side in (
                    QRect(whole.left(), whole.top(), whole.width(), _RING),
                    QRect(whole.left(), inside.bottom() + 1, whole.width(), _RING),
                    QRect(whole.left(), whole.top(), _RING, whole.height()),
                    QRect(inside.right() + 1, whole.top(), _RING, whole.height()),
                ):
                    painter.fillRect(side, edge)
                return
        elif self._model.is_ticked(row):
            painter.fillRect(whole, colour("accent-soft"))
        painter.setPen(colour("hairline"))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())

    def _paint_tick(self, painter: QPainter, cell: QRect, row: int, *, selected: bool) -> None:
        colour, ticked = self._inks.colour, self._model.is_ticked(row)
        edge = "on-selection" if selected else "accent" if ticked else "border"

        def draw(into: QPainter) -> None:
            into.setPen(QPen(colour(edge), 2))
            into.setBrush(colour("accent" if ticked else "surface-raised"))
            into.drawRoundedRect(QRectF(1, 1, _BOX - 2, _BOX - 2), 6, 6)
            if ticked:
                pen = QPen(colour("on-accent"), 2.4)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                into.setPen(pen)
                into.drawPolyline([QPointF(x, y) for x, y in _TICK_LINE])

        box = self._inks.picture(("tick", edge, ticked), QSize(_BOX, _BOX), draw)
        centre = cell.center()
        painter.drawPixmap(centre.x() - _BOX // 2 + 2, centre.y() - _BOX // 2, box)

    def _paint_words(
        self, painter: QPainter, room: Room, line: Line, column: int, ink: str, soft: str
    ) -> None:
        inks, (x, top, width, height) = self._inks, room
        side, face = _LEFT, inks.plain
        above, below = line.above[column], line.below[column]
        if column == AMOUNT:  # money is never cut
            narrow = inks.bold.is_wider(above, width)
            side, face = _RIGHT, inks.small_bold if narrow else inks.bold
        elif column == KIND and self._view.isColumnHidden(AMOUNT):
            below = line.above[AMOUNT]
        if not below:
            y = top + (height - face.height) / 2
            self._write(painter, x, y, width, above, face, ink, side)
            return
        middle = _middle(top, height)
        self._write(painter, x, middle - face.height, width, above, face, ink, side)
        self._write(painter, x, middle + 2, width, below, inks.small, soft, side)

    def _paint_state(
        self, painter: QPainter, room: Room, line: Line, ink: str, soft: str, *, selected: bool
    ) -> None:
        inks, (x, top, width, height), below = self._inks, room, line.below[STATE]
        sign, token = _STOPPED if line.tone == "stopped" else (line.tone, TONES[line.tone])
        shape = inks.sign(sign, ink if selected else token, _SIGN)
        beside, room_beside, word = x + _SIGN + 8, width - _SIGN - 8, line.above[STATE]
        if not below:
            painter.drawPixmap(x, top + (height - 1) // 2 - _SIGN // 2, shape)
            y = top + (height - inks.bold.height) / 2
            self._write(painter, beside, y, room_beside, word, inks.bold, ink, _LEFT)
            return
        middle = _middle(top, height)
        lower = QRect(x, middle + 2, width, top + height - 1 - middle - 2)
        if inks.small.is_wider(below, room_beside if line.money_tone else width):
            middle, lower = middle - _RAISED, lower.adjusted(0, -_RAISED, 0, 0)
        painter.drawPixmap(x, middle - _SIGN - 3, shape)
        y = middle - inks.bold.height
        self._write(painter, beside, y, room_beside, word, inks.bold, ink, _LEFT)
        tint = soft
        if line.money_tone:
            tint = ink if selected else TONES[line.money_tone]
            shape = inks.sign(line.money_tone, tint, _SIGN - 3)
            painter.drawPixmap(lower.left() + 1, lower.top() + 2, shape)
            lower = lower.adjusted(_SIGN + 8, 0, 0, 0)
        painter.setFont(inks.small.font)
        painter.setPen(inks.colour(tint))
        painter.drawText(lower, _WRAPPED, below)

    def _paint_deeds(self, painter: QPainter, cell: QRect, row: int, line: Line) -> None:
        inks, colour = self._inks, self._inks.colour
        for deed, box in _boxes(line.act, cell):
            ground, ink, edge = _LOOKS[deed]
            thick = 2 if self._hovered == (row, deed) else 1
            size = box.size()

            def draw(into: QPainter) -> None:
                into.setPen(QPen(colour(edge), thick))  # noqa: B023 - drawn at once
                into.setBrush(colour(ground))  # noqa: B023
                radius = inks.size("radius-small")
                place = QRectF(1, 1, size.width() - 2, size.height() - 2)  # noqa: B023
                into.drawRoundedRect(place, radius, radius)

            key = (deed, thick, size.width(), size.height())
            painter.drawPixmap(box.topLeft(), inks.picture(key, size, draw))
            painter.setFont(inks.bold.font)
            painter.setPen(colour(ink))
            words = line.above[ACT] if deed == UNDO else self._texts(f"requests.{deed}")
            painter.drawText(box, _CENTRE, words)

    def _write(
        self,
        painter: QPainter,
        x: float,
        y: float,
        room: int,
        words: str,
        face: Face,
        token: str,
        side: int,
    ) -> None:
        text, width = face.laid(words, room)
        painter.setFont(face.font)
        painter.setPen(self._inks.colour(token))
        painter.drawStaticText(QPointF(x + room - width if side == _RIGHT else x, y), text)


def _middle(top: int, height: int) -> int:
    """Where the upper line of a row ends; the lower one begins two pixels below."""
    return top + (height - 1) // 2 - 1


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
