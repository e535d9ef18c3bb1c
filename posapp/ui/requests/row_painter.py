"""Painter of the request table: a few lines in each cell, icons before states, and buttons.

It paints whole rows at once. A delegate is called for each cell, which takes three times as long.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QTableView

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.paint_cache import PaintCache
from posapp.ui.requests.request_row_text import ACT, TICK, RowAction, RowText
from posapp.ui.requests.request_table_model import RequestTableModel
from posapp.ui.requests.row_picture import BUTTON_HEIGHT, PADDING, RowPicture
from posapp.ui.requests.table_layout import Column

BAR = 4
"""Width in pixels of the bar that marks the current row."""

_GAP = 8
_BOX, _PAD = 24, 4
_RING = 3
_TICK_LINE = ((6.6, 12.4), (10.4, 16.2), (17.4, 8.2))

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)

APPROVE, REJECT, UNDO = "approve", "reject", "undo"
"""Actions of a row's buttons."""

_STYLES = {
    APPROVE: ("accent-soft", "on-accent-soft", "accent"),
    REJECT: ("surface-raised", "danger", "danger"),
    UNDO: ("warning-soft", "warning", "warning"),
}
"""Background, text and edge of each action."""

_MAIN, _SOFT = "text", "text-muted"


class RowPainter:
    """Paints rows in the theme's colours, measures them, and locates a row's buttons.

    Texts are drawn as plain text, never as markup.

    Attributes:
        columns: what to paint; the view sets them.
    """

    columns: tuple[Column, ...] = ()

    def __init__(
        self, model: RequestTableModel, texts: Translator, theme: Theme, view: QTableView
    ) -> None:
        self._view, self._model, self._texts = view, model, texts
        self._cache = PaintCache(theme, view)
        self._hovered: tuple[int, str] | None = None
        self._made_for: object = None
        self._cells: list[tuple[Column, int, int]] = []
        self._pictures: dict[int, RowPicture] = {}

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

    def measure(self, row: int) -> RowPicture:
        """Return a row's texts, with the heights that they ask for.

        Raises:
            IndexError: the row does not exist.
        """
        self._begin()
        return self._picture(row)

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint the rows in an area of the viewport, with an opaque background."""
        painter.fillRect(area, self._cache.colour("surface-raised"))
        view, last = self._view, self._model.rowCount() - 1
        first = view.rowAt(max(0, area.top()))
        if first < 0:
            return  # below the last row
        below = view.rowAt(area.bottom())
        self._begin()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = view.selectionModel().selection()
        selected = chosen.first().top() if chosen.size() else -1
        for row in range(first, (last if below < 0 else below) + 1):
            self._paint_row(painter, row, selected=row == selected)

    def _begin(self) -> None:
        """Drop what was made for other columns, widths or fonts."""
        view, cache = self._view, self._cache
        cache.begin()
        edges = [
            (view.columnViewportPosition(one.column), view.columnWidth(one.column))
            for one in self.columns
        ]
        made_for = (self.columns, edges, cache.plain)
        if made_for != self._made_for:
            self._made_for = made_for
            pairs = zip(self.columns, edges, strict=True)
            self._cells = [(column, *edge) for column, edge in pairs]
            self._pictures.clear()

    def _picture(self, row: int) -> RowPicture:
        line = self._model.line_at(row)
        if line is None:
            raise IndexError(row)
        known = self._pictures.get(row)
        if known is None or known.line is not line:
            known = self._pictures[row] = RowPicture(line, self._cells, self._cache)
        return known

    def _paint_row(self, painter: QPainter, row: int, *, selected: bool) -> None:
        cache, view, picture = self._cache, self._view, self._picture(row)
        line = picture.line
        top, height = view.rowViewportPosition(row), view.rowHeight(row)
        left = self._cells[0][1]
        whole = QRect(left, top, self._cells[-1][1] + self._cells[-1][2] - left, height)
        self._paint_ground(painter, whole, row, selected=selected)
        picture.fit(height)
        base = QPointF(0, top + picture.top)
        face = token = None
        for at, text, its_face, its_token in picture.texts:
            if its_face is not face:
                face = its_face
                painter.setFont(face.font)
            if its_token != token:
                token = its_token
                painter.setPen(cache.colour("on-selection" if selected else token))
            painter.drawStaticText(base + at, text)
        for at, name, its_token, size in picture.icons:
            shape = cache.sign(name, "on-selection" if selected else its_token, size)
            painter.drawPixmap(base + at, shape)
        for column, x, width in self._cells:
            if column.column == TICK and line.act is RowAction.DECIDE:
                self._paint_tick(painter, QRect(x, top, width, height), row, selected=selected)
            elif column.column == ACT and line.act is not RowAction.DONE:
                self._paint_actions(painter, QRect(x, top, width, height), row, line)

    def _paint_ground(self, painter: QPainter, whole: QRect, row: int, *, selected: bool) -> None:
        colour = self._cache.colour
        if selected:
            painter.fillRect(whole, colour("selection"))
            # Where the selection has the colour of the focus, the mark is that of filled buttons.
            same = colour("focus") == colour("selection")
            mark = colour("focus-filled" if same else "focus")
            painter.fillRect(QRect(whole.left(), whole.top(), BAR, whole.height()), mark)
            if self._view.hasFocus():  # one ring around the whole row
                inside = whole.adjusted(_RING, _RING, -_RING, -_RING)
                for side in (
                    QRect(whole.left(), whole.top(), whole.width(), _RING),
                    QRect(whole.left(), inside.bottom() + 1, whole.width(), _RING),
                    QRect(inside.right() + 1, whole.top(), _RING, whole.height()),
                ):
                    painter.fillRect(side, mark)
                return
        elif self._model.is_ticked(row):
            painter.fillRect(whole, colour("accent-soft"))
        painter.fillRect(QRect(whole.bottomLeft(), whole.bottomRight()), colour("hairline"))

    def _paint_tick(self, painter: QPainter, cell: QRect, row: int, *, selected: bool) -> None:
        """Paint a box on ground of its own, so that an empty one looks empty in a selected row."""
        colour, ticked = self._cache.colour, self._model.is_ticked(row)

        def draw(into: QPainter) -> None:
            if selected:
                into.setPen(Qt.PenStyle.NoPen)
                into.setBrush(colour("surface-raised"))
                into.drawRoundedRect(QRectF(0, 0, side, side), 8, 8)
            into.translate(_PAD, _PAD)
            into.setPen(QPen(colour("accent" if ticked else "border"), 2))
            into.setBrush(colour("accent" if ticked else "surface-raised"))
            into.drawRoundedRect(QRectF(1, 1, _BOX - 2, _BOX - 2), 6, 6)
            if ticked:
                pen = QPen(colour("on-accent"), 2.4)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                into.setPen(pen)
                into.drawPolyline([QPointF(x, y) for x, y in _TICK_LINE])

        side = _BOX + 2 * _PAD
        box = self._cache.picture(("tick", ticked, selected), QSize(side, side), draw)
        centre = cell.center()
        painter.drawPixmap(centre.x() - side // 2 + BAR, centre.y() - side // 2, box)

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


def _boxes(act: RowAction, cell: QRect) -> list[tuple[str, QRect]]:
    """Return the buttons of a row in its last cell."""
    room = cell.adjusted(PADDING, 0, -PADDING, 0)
    top = room.center().y() - BUTTON_HEIGHT // 2
    if act is RowAction.UNDO:
        return [(UNDO, QRect(room.left(), top, room.width(), BUTTON_HEIGHT))]
    if act is RowAction.DONE:
        return []
    half = (room.width() - _GAP) // 2
    return [
        (APPROVE, QRect(room.left(), top, half, BUTTON_HEIGHT)),
        (REJECT, QRect(room.left() + half + _GAP, top, half, BUTTON_HEIGHT)),
    ]
