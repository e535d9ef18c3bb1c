"""Texts of a table row, broken into lines and placed: what ``RowPainter`` draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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


class RowHeights(NamedTuple):
    """Heights of a row in pixels: with all that is never cut, and with every text whole."""

    least: int
    whole: int


@dataclass(slots=True)
class _Block:
    """A text of a cell, in lines.

    Attributes:
        shown: how many of the lines are shown.
        cut: the whole text, if only a part of it is shown.
    """

    style: Style
    face: FontCache
    lines: tuple[str, ...]
    shown: int
    cut: str = ""


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


@dataclass(slots=True)
class RowPicture:
    """A row's texts and icons, ready to be drawn.

    Attributes:
        line, height: what it was made for.
        top: of the first line.
        cut: the whole texts of which only a part is shown.
    """

    line: RowText
    height: int
    top: float = _EDGE
    texts: list[PlacedText] = field(default_factory=list)
    icons: list[Icon] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)


def heights_of(line: RowText, cells: Cells, fonts: PaintCache) -> RowHeights:
    """Return the heights that a row asks for."""
    least = whole = float(BUTTON_HEIGHT)
    for column, _, width in cells:
        blocks = _blocks(line, column, width, fonts)
        height = _height(blocks)
        hidden = (len(one.lines) - one.shown for one in blocks)
        least = max(least, height)
        whole = max(whole, height + sum(hidden) * fonts.plain.height)
    around = len(_message_lines(line, cells, fonts)) * fonts.small.height + 2 * _EDGE
    return RowHeights(ceil(least + around), ceil(whole + around))


def picture_of(line: RowText, cells: Cells, fonts: PaintCache, height: int) -> RowPicture:
    """Return a row's texts, with as many lines as its height has room for."""
    made = RowPicture(line, height)
    message, face = _message_lines(line, cells, fonts), fonts.small
    below = len(message) * face.height
    room, highest = height - 2 * _EDGE - below, 0.0
    for column, x, width in cells:
        blocks = _blocks(line, column, width, fonts)
        _grow(blocks, room, width - 2 * PADDING)
        _place(made, blocks, column, x, width)
        highest = max(highest, _height(blocks))
    made.top = max(_EDGE, (height - below - highest) / 2)
    if message:
        x, y = cells[1][1] + PADDING, height - below - _EDGE - made.top
        made.icons.append(Icon(QPointF(x, round(y + 1)), "error", "danger", _SMALL_SIGN))
        for text in message:
            at = QPointF(x + _INDENT, y)
            made.texts.append(PlacedText(at, face.laid(text).text, face, "danger"))
            y += face.height
    return made


def _place(made: RowPicture, blocks: Sequence[_Block], column: Column, x: int, width: int) -> None:
    """Add a cell's texts and icons to a row, from its first line down."""
    y = 0.0
    for block in blocks:
        style, face, left = block.style, block.face, float(x + PADDING)
        token = "text-muted" if style.is_soft else "text"
        icon = _icon_of(style, made.line)
        if icon is not None:
            name, its_token, size = icon
            at = QPointF(left, round(y + (face.height - size) / 2))
            made.icons.append(Icon(at, name, its_token, size))
            left += _INDENT
            token = its_token if style.icon == "money" else token
        if block.cut:
            made.cut.append(block.cut)
        for line in block.lines[: block.shown]:
            text, length = face.laid(line)
            if column.column == AMOUNT:
                left = x + width - PADDING - length
            made.texts.append(PlacedText(QPointF(left, y), text, face, token))
            y += face.height
        y += _LINE_GAP


def _blocks(line: RowText, column: Column, width: int, fonts: PaintCache) -> list[_Block]:
    """Return a cell's texts, with as few lines as they may have."""
    if column.column == ACT and line.act is not RowAction.DONE:
        return []
    blocks = []
    for part in column.parts:
        if part.text_of(line):
            indent = _INDENT if _icon_of(part.style, line) else 0
            blocks += _broken(part, line, width - 2 * PADDING - indent, fonts)
    return blocks


def _broken(part: Part, line: RowText, room: int, fonts: PaintCache) -> list[_Block]:
    style, text = part.style, part.text_of(line)
    face = _face(style, text, room, fonts)
    if style.splits and face.is_wider(text, room):
        return [block for half in part.split() for block in _broken(half, line, room, fonts)]
    if style.lines and not style.grows:
        shown = face.elided(text, room)
        return [_Block(style, face, (shown,), 1, "" if shown == text else text)]
    lines = face.lines(text, room)
    few = min(len(lines), style.lines or len(lines))
    return [_Block(style, face, lines, few, text if few < len(lines) else "")]


def _face(style: Style, text: str, room: int, fonts: PaintCache) -> FontCache:
    if style.shrinks:  # smaller rather than on two lines
        fitting = (one for one in (fonts.bold, fonts.small_bold) if not one.is_wider(text, room))
        return next(fitting, fonts.small)
    return {"plain": fonts.plain, "bold": fonts.bold, "small": fonts.small}[style.face]


def _message_lines(line: RowText, cells: Cells, fonts: PaintCache) -> tuple[str, ...]:
    if not line.message:
        return ()
    room = cells[-1][1] + cells[-1][2] - cells[1][1] - 2 * PADDING - _INDENT
    return fonts.small.lines(line.message, room)


def _height(blocks: Sequence[_Block]) -> float:
    text = sum(one.shown * one.face.height for one in blocks)
    return text + _LINE_GAP * max(0, len(blocks) - 1)


def _grow(blocks: Sequence[_Block], room: float, width: int) -> None:
    """Give texts that are cut more lines, as many as fit a height; end them with an ellipsis."""
    for block in blocks:
        if not block.cut or not block.style.grows:
            continue
        more = int((room - _height(blocks)) // block.face.height)
        block.shown = min(len(block.lines), block.shown + max(0, more))
        if block.shown == len(block.lines):
            block.cut = ""
        else:
            kept, last = block.lines[: block.shown - 1], block.lines[block.shown - 1]
            block.lines = (*kept, block.face.elided(f"{last.rstrip(' .')}…", width))


def _icon_of(style: Style, line: RowText) -> tuple[str, str, int] | None:
    """Return the icon before a text: its name, colour and size."""
    if style.icon == "state":
        if line.tone == "stopped":
            return "error", "text-muted", _SIGN
        return line.tone, TONES[line.tone], _SIGN
    if style.icon == "money" and line.money_tone:
        return line.money_tone, TONES[line.money_tone], _SMALL_SIGN
    return None
