"""Texts of a table row, broken into lines and placed: what ``RowPainter`` draws."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QStaticText

from posapp.ui.requests.paint_cache import FontCache, PaintCache
from posapp.ui.requests.request_row_text import ACT, AMOUNT, RowAction, RowText
from posapp.ui.requests.table_layout import Column, Part, Style
from posapp.ui.widgets.badge import TONES

PADDING = 8
"""Pixels left and right of a cell's text."""

BUTTON_HEIGHT = 48

_EDGE = 3
"""Smallest pixels above and below a row's texts."""

_LINE_GAP = 2
_SIGN, _SMALL_SIGN = 18, 15
_INDENT = 26
"""Pixels from an icon's left edge to the text beside it."""

Cells = Sequence[tuple[Column, int, int]]
"""Columns, each with its left edge and its width in pixels."""


class PlacedText(NamedTuple):
    """A line at its place, from the row's first line down."""

    at: QPointF
    text: QStaticText
    face: FontCache
    token: str


class Icon(NamedTuple):
    """An icon at its place: its name, its colour and its size in pixels."""

    at: QPointF
    name: str
    token: str
    size: int


class _Block(NamedTuple):
    """A text of a cell.

    Attributes:
        room: width of the lines in pixels.
        few: how many lines are shown at least; a text that grows may show more of them.
    """

    style: Style
    face: FontCache
    text: str
    room: int
    lines: tuple[str, ...]
    few: int
    icon: tuple[str, str, int] | None

    @property
    def hidden(self) -> int:
        """Return how many lines more it would have where there is room."""
        return len(self.lines) - self.few

    def shown(self, room: float) -> tuple[str, ...]:
        """Return the lines that are shown.

        Args:
            room: pixels that the cell leaves free with as few lines as possible.
        """
        count = min(len(self.lines), self.few + max(0, int(room // self.face.height)))
        if count == len(self.lines):
            return self.lines
        last = self.lines[count - 1].rstrip(" .")
        return (*self.lines[: count - 1], self.face.elided(f"{last}…", self.room))


class RowPicture:
    """A row's texts and icons, ready to be drawn once ``fit`` has placed them.

    Attributes:
        line: the texts that it was made of.
        least, whole: heights in pixels with all that is never cut, and with every text whole.
        height, top: of the row, and of its first line.
        cut: the whole texts of which only a part is shown.
    """

    def __init__(self, line: RowText, cells: Cells, fonts: PaintCache) -> None:
        self.line, self.height, self.top = line, 0, 0
        self.texts: list[PlacedText] = []
        self.icons: list[Icon] = []
        self.cut: list[str] = []
        self._small = fonts.small
        self._left = cells[1][1] + PADDING
        self._message: tuple[str, ...] = ()
        if line.message:
            right = cells[-1][1] + cells[-1][2] - PADDING
            self._message = fonts.small.lines(line.message, right - self._left - _INDENT)
        self._cells = [
            (column, x, width, blocks, _height(blocks))
            for column, x, width in cells
            if (blocks := _blocks(line, column, width - 2 * PADDING, fonts))
        ]
        hidden = (sum(block.hidden for block in cell[3]) for cell in self._cells)
        least = [height for *_, height in self._cells]
        whole = map(lambda height, more: height + more * fonts.plain.height, least, hidden)
        around = len(self._message) * fonts.small.height + 2 * _EDGE
        self.least = ceil(max(*least, BUTTON_HEIGHT) + around)
        self.whole = ceil(max(*whole, BUTTON_HEIGHT) + around)

    def fit(self, height: int) -> None:
        """Place the texts in a row of a height: texts that grow take what room there is."""
        if height == self.height:
            return
        self.height = height
        self.texts, self.icons, self.cut = [], [], []
        below = len(self._message) * self._small.height
        room, highest = height - 2 * _EDGE - below, 0.0
        for column, x, width, blocks, least in self._cells:
            highest = max(highest, self._place(blocks, column, x, width, room - least))
        self.top = max(_EDGE, round((height - below - highest) / 2))
        if self._message:
            x, y = self._left, height - below - _EDGE - self.top
            self.icons.append(Icon(QPointF(x, round(y + 1)), "error", "danger", _SMALL_SIGN))
            for text in self._message:
                self._add(x + _INDENT, y, self._small.laid(text).text, self._small, "danger")
                y += self._small.height

    def _place(
        self, blocks: Sequence[_Block], column: Column, x: int, width: int, room: float
    ) -> float:
        """Add a cell's texts and icons, from the row's first line down; return its height."""
        y = 0.0
        for block in blocks:
            style, face, left, icon = block.style, block.face, float(x + PADDING), block.icon
            token = "text-muted" if style.is_soft else "text"
            if icon is not None:
                name, its_token, size = icon
                at = QPointF(left, round(y + (face.height - size) / 2))
                self.icons.append(Icon(at, name, its_token, size))
                left += _INDENT
                token = its_token if style.icon == "money" else token
            lines = block.shown(room) if block.hidden else block.lines
            if len(lines) < len(block.lines) or (len(lines) == 1 and lines[0] != block.text):
                self.cut.append(block.text)
            for line in lines:
                text, length = face.laid(line)
                if column.column == AMOUNT:
                    left = x + width - PADDING - length
                self._add(left, y, text, face, token)
                y += face.height
            y += _LINE_GAP
        return y - _LINE_GAP

    def _add(self, x: float, y: float, text: QStaticText, face: FontCache, token: str) -> None:
        at = QPointF(round(x), round(y))
        self.texts.append(PlacedText(at, text, face, token))


def _height(blocks: Sequence[_Block]) -> float:
    text = sum(block.few * block.face.height for block in blocks)
    return text + _LINE_GAP * (len(blocks) - 1)


def _blocks(line: RowText, column: Column, width: int, fonts: PaintCache) -> list[_Block]:
    """Return a cell's texts."""
    blocks: list[_Block] = []
    if column.column == ACT and line.act is not RowAction.DONE:
        return blocks
    for part in column.parts:
        text = part.text_of(line)
        if text:
            icon = _icon_of(part.style, line)
            blocks += _broken(part, text, line, width - (_INDENT if icon else 0), icon, fonts)
    return blocks


def _broken(
    part: Part,
    text: str,
    line: RowText,
    room: int,
    icon: tuple[str, str, int] | None,
    fonts: PaintCache,
) -> list[_Block]:
    style, face = part.style, _face(part.style, fonts)
    if not face.is_wider(text, room):
        return [_Block(style, face, text, room, (text,), 1, icon)]
    if style.splits:
        halves = [(half, half.text_of(line)) for half in part.split()]
        return [
            block
            for half, its_text in halves
            for block in _broken(half, its_text, line, room, icon, fonts)
        ]
    if style.shrinks:  # smaller rather than on two lines
        face = fonts.small if fonts.small_bold.is_wider(text, room) else fonts.small_bold
    if style.lines and not style.grows:
        return [_Block(style, face, text, room, (face.elided(text, room),), 1, icon)]
    lines = face.lines(text, room)
    return [_Block(style, face, text, room, lines, min(len(lines), style.lines or 999), icon)]


def _face(style: Style, fonts: PaintCache) -> FontCache:
    if style.face == "plain":
        return fonts.plain
    return fonts.bold if style.face == "bold" else fonts.small


def _icon_of(style: Style, line: RowText) -> tuple[str, str, int] | None:
    """Return the icon before a text: its name, colour and size."""
    if style.icon == "state":
        if line.tone == "stopped":
            return "error", "text-muted", _SIGN
        return line.tone, TONES[line.tone], _SIGN
    if style.icon == "money" and line.money_tone:
        return line.money_tone, TONES[line.money_tone], _SMALL_SIGN
    return None
