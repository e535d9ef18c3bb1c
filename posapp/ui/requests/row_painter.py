"""Painter of the request table: two lines in each cell, icons before states, and buttons.

It paints whole rows at once: a delegate is called for each cell, which takes three times as long.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QTableView

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.paint_cache import FontCache, PaintCache
from posapp.ui.requests.request_row_text import (
    ACT,
    AMOUNT,
    COLUMNS,
    KIND,
    STATE,
    TICK,
    RowAction,
    RowText,
)
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.widgets.badge import TONES

PADDING = 12
_BUTTON_HEIGHT = 48
_GAP = 8
_SIGN = 18
_BOX = 22
_RING = 3
_TICK_LINE = ((6.0, 11.4), (9.6, 15.0), (16.0, 7.6))
_RAISED = 9
"""Pixels that a state moves up above two lines of text."""

_STOPPED = ("error", "text-muted")

_LEFT, _RIGHT = 0, 1
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_WRAPPED = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)

Room = tuple[int, int, int, int]
"""Left, top, width and height of a cell's text."""

APPROVE, REJECT, UNDO = "approve", "reject", "undo"
"""Actions of a row's buttons."""

_STYLES = {
    APPROVE: ("accent-soft", "on-accent-soft", "accent"),
    REJECT: ("surface-raised", "danger", "danger"),
    UNDO: ("warning-soft", "warning", "warning"),
}
"""Background, text and edge of each action."""


class RowPainter:
    """Paints rows in the theme's colours and locates a row's buttons.

    Texts are drawn as plain text, never as markup.
    """

    def __init__(
        self, model: RequestTableModel, texts: Translator, theme: Theme, view: QTableView
    ) -> None:
        self._view, self._model, self._texts = view, model, texts
        self._cache = PaintCache(theme, view)
        self._hovered: tuple[int, str] | None = None

    def forget_theme(self) -> None:
        """Drop cached colours after a theme change."""
        self._cache.forget()

    def set_hovered(self, row: int, action: str) -> bool:
        """Set the button under the pointer, or none; return ``True`` if it changed."""
        hovered = (row, action) if action else None
        changed, self._hovered = hovered != self._hovered, hovered
        return changed

    def action_at(self, row: int, cell: QRect, at: QPoint) -> str:
        """Return the action of the button at a point of the row's last cell, or empty."""
        line = self._model.line_at(row)
        if line is None:
            return ""
        return next((action for action, box in _boxes(line.act, cell) if box.contains(at)), "")

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint the rows in an area of the viewport, with an opaque background."""
        painter.fillRect(area, self._cache.colour("surface-raised"))
        view, last = self._view, self._model.rowCount() - 1
        first = view.rowAt(max(0, area.top()))
        if first < 0:
            return  # below the last row
        below = view.rowAt(area.bottom())
        self._cache.begin()
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
        colour = "on-selection" if selected else "text"
        soft = colour if selected else "text-muted"
        for column, x, width in cells:
            if column == TICK:
                if line.act is RowAction.DECIDE:
                    self._paint_tick(painter, QRect(x, top, width, height), row, selected=selected)
            elif column == ACT and line.act is not RowAction.DONE:
                self._paint_actions(painter, QRect(x, top, width, height), row, line)
            elif column == STATE:
                room = (x + PADDING, top, width - PADDING - PADDING // 2, height)
                self._paint_state(painter, room, line, colour, soft, selected=selected)
            else:
                padding = PADDING // 2 if column == ACT else PADDING
                room = (x + padding, top, width - padding - PADDING, height)
                self._paint_text(painter, room, line, column, colour, soft)

    def _paint_ground(self, painter: QPainter, whole: QRect, row: int, *, selected: bool) -> None:
        colour = self._cache.colour
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
        colour, ticked = self._cache.colour, self._model.is_ticked(row)
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

        box = self._cache.picture(("tick", edge, ticked), QSize(_BOX, _BOX), draw)
        centre = cell.center()
        painter.drawPixmap(centre.x() - _BOX // 2 + 2, centre.y() - _BOX // 2, box)

    def _paint_text(
        self, painter: QPainter, room: Room, line: RowText, column: int, colour: str, soft: str
    ) -> None:
        cache, (x, top, width, height) = self._cache, room
        side, face = _LEFT, cache.plain
        above, below = line.primary[column], line.secondary[column]
        if column == AMOUNT:  # money is never cut
            narrow = cache.bold.is_wider(above, width)
            side, face = _RIGHT, cache.small_bold if narrow else cache.bold
        elif column == KIND and self._view.isColumnHidden(AMOUNT):
            below = line.primary[AMOUNT]
        if not below:
            y = top + (height - face.height) / 2
            self._draw_text(painter, x, y, width, above, face, colour, side)
            return
        middle = _middle(top, height)
        self._draw_text(painter, x, middle - face.height, width, above, face, colour, side)
        self._draw_text(painter, x, middle + 2, width, below, cache.small, soft, side)

    def _paint_state(
        self,
        painter: QPainter,
        room: Room,
        line: RowText,
        colour: str,
        soft: str,
        *,
        selected: bool,
    ) -> None:
        cache, (x, top, width, height), below = self._cache, room, line.secondary[STATE]
        sign, token = _STOPPED if line.tone == "stopped" else (line.tone, TONES[line.tone])
        shape = cache.sign(sign, colour if selected else token, _SIGN)
        beside, room_beside, label = x + _SIGN + 8, width - _SIGN - 8, line.primary[STATE]
        if not below:
            painter.drawPixmap(x, top + (height - 1) // 2 - _SIGN // 2, shape)
            y = top + (height - cache.bold.height) / 2
            self._draw_text(painter, beside, y, room_beside, label, cache.bold, colour, _LEFT)
            return
        middle = _middle(top, height)
        lower = QRect(x, middle + 2, width, top + height - 1 - middle - 2)
        if cache.small.is_wider(below, room_beside if line.money_tone else width):
            middle, lower = middle - _RAISED, lower.adjusted(0, -_RAISED, 0, 0)
        painter.drawPixmap(x, middle - _SIGN - 3, shape)
        y = middle - cache.bold.height
        self._draw_text(painter, beside, y, room_beside, label, cache.bold, colour, _LEFT)
        tint = soft
        if line.money_tone:
            tint = colour if selected else TONES[line.money_tone]
            shape = cache.sign(line.money_tone, tint, _SIGN - 3)
            painter.drawPixmap(lower.left() + 1, lower.top() + 2, shape)
            lower = lower.adjusted(_SIGN + 8, 0, 0, 0)
        painter.setFont(cache.small.font)
        painter.setPen(cache.colour(tint))
        painter.drawText(lower, _WRAPPED, below)

    def _paint_actions(self, painter: QPainter, cell: QRect, row: int, line: RowText) -> None:
        cache, colour = self._cache, self._cache.colour
        for action, box in _boxes(line.act, cell):
            ground, text_colour, edge = _STYLES[action]
            thick = 2 if self._hovered == (row, action) else 1
            size = box.size()

            def draw(into: QPainter) -> None:
                into.setPen(QPen(colour(edge), thick))  # noqa: B023 - drawn at once
                into.setBrush(colour(ground))  # noqa: B023
                radius = cache.size("radius-small")
                place = QRectF(1, 1, size.width() - 2, size.height() - 2)  # noqa: B023
                into.drawRoundedRect(place, radius, radius)

            key = (action, thick, size.width(), size.height())
            painter.drawPixmap(box.topLeft(), cache.picture(key, size, draw))
            painter.setFont(cache.bold.font)
            painter.setPen(colour(text_colour))
            text = line.primary[ACT] if action == UNDO else self._texts(f"requests.{action}")
            painter.drawText(box, _CENTRE, text)

    def _draw_text(
        self,
        painter: QPainter,
        x: float,
        y: float,
        room: int,
        caption: str,
        face: FontCache,
        token: str,
        side: int,
    ) -> None:
        text, width = face.laid(caption, room)
        painter.setFont(face.font)
        painter.setPen(self._cache.colour(token))
        painter.drawStaticText(QPointF(x + room - width if side == _RIGHT else x, y), text)


def _middle(top: int, height: int) -> int:
    """Return the end of a row's upper line; the lower one begins two pixels below."""
    return top + (height - 1) // 2 - 1


def _boxes(act: RowAction, cell: QRect) -> list[tuple[str, QRect]]:
    """Return the buttons of a row in its last cell."""
    room = cell.adjusted(PADDING // 2, 0, -PADDING, 0)
    top = room.center().y() - _BUTTON_HEIGHT // 2
    if act is RowAction.UNDO:
        return [(UNDO, QRect(room.left(), top, room.width(), _BUTTON_HEIGHT))]
    if act is RowAction.DONE:
        return []
    half = (room.width() - _GAP) // 2
    return [
        (APPROVE, QRect(room.left(), top, half, _BUTTON_HEIGHT)),
        (REJECT, QRect(room.left() + half + _GAP, top, half, _BUTTON_HEIGHT)),
    ]
