"""Lays a paper out on the roll of a receipt printer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from posapp.domain.cells import at_right, cells, spread, wrapped
from posapp.domain.roll import Roll, RollBars, RollCode, RollLine, RollPart, bar_dots
from posapp.domain.roll_letters import Hangul
from posapp.domain.text import ZERO_WIDTH_JOINER
from posapp.ui.printing.page_layout import CopyMark
from posapp.ui.printing.paper import RULE_TEXT, LineKind, Paper, PaperLine

_WON = re.compile(r"₩([0-9][0-9,]*)")
_DETAIL = "  "
_GOODS_COLUMNS = {32: (15, 20), 42: (24, 31), 48: (29, 36)}
"""Cells at which prices and counts end, by the cells of a line; amounts end at its edge."""

_LARGE = (LineKind.HEADING, LineKind.AMOUNT)
_ALIGNED = (LineKind.CAPTION, LineKind.NOTE)


@dataclass(frozen=True, slots=True)
class PriceLabel:
    """What a label on a shelf or on goods says.

    Attributes:
        code: as it is printed (``domain.bars.printed_code``); empty: there is none.
    """

    name: str
    price: str
    code: str


def roll_of(paper: Paper, mark: CopyMark | None, columns: int, hangul: Hangul) -> Roll:
    """Return a paper for lines of so many cells.

    That it is a test stands on top whatever the order of its lines is. A copy says so on top and at
    its end, so that no torn part looks like an original.
    """
    badges = [line for line in paper.lines if line.kind is LineKind.BADGE]
    parts: list[RollPart] = []
    for badge in badges:
        parts += _centred(f"[{badge.text}]", columns, is_bold=True)
    parts += _marked(mark, columns)
    for line in paper.lines:
        if line.kind is not LineKind.BADGE:
            parts += _laid(line, columns)
    # Without a blank line above and below, a scanner does not find the code's edge.
    if paper.code:
        parts += [RollLine(), RollCode(paper.code), RollLine(), *_centred(paper.code, columns)]
    if mark is not None:
        parts += _centred(mark.stamp, columns, is_bold=True)
    return Roll(tuple(parts), columns, hangul)


def labels_roll(labels: Sequence[PriceLabel], columns: int, hangul: Hangul) -> Roll:
    """Return labels one below the other, with a line to cut along between them. A code that is too
    long for bars on this paper is a QR."""
    parts: list[RollPart] = []
    for at, label in enumerate(labels):
        if at:
            parts += [RollLine("- " * (columns // 2)), RollLine()]
        parts += _centred(label.name, columns, is_bold=True)
        parts += _centred(label.price, columns, is_bold=True, is_large=True)
        if label.code:
            fits = bar_dots(label.code, columns) > 0
            bars = RollBars(label.code) if fits else RollCode(label.code)
            parts += [RollLine(), bars, *_centred(label.code, columns)]
        parts.append(RollLine())
    return Roll(tuple(parts), columns, hangul)


def _marked(mark: CopyMark | None, columns: int) -> Iterator[RollLine]:
    if mark is not None:
        yield from _centred(mark.stamp, columns, is_bold=True, is_large=True)
        yield from _centred(mark.details, columns)
        yield RollLine("-" * columns)


def _laid(line: PaperLine, columns: int) -> Iterator[RollLine]:
    kind = line.kind
    if kind is LineKind.RULE:
        yield RollLine("-" * columns)
    elif kind in _LARGE:
        yield from _centred(line.text, columns, is_bold=True, is_large=True)
    elif kind in _ALIGNED:
        yield from _centred(line.text, columns, is_bold=kind is LineKind.NOTE)
    elif kind is LineKind.ITEM:
        yield from map(RollLine, wrapped(_written(line.text), columns))
        detail = _DETAIL + _written(line.detail)
        yield from map(RollLine, spread(detail, _written(line.value), columns))
    elif kind is LineKind.GOODS:
        yield from _goods(line, columns)
    elif kind is LineKind.SUM:
        for text in spread(_written(line.text), _written(line.value), columns):
            yield RollLine(text, is_bold=line.is_strong)
    elif kind is LineKind.PAIR:
        yield from map(RollLine, spread(_written(line.text), _written(line.value), columns))
    else:
        yield from _text(line.text, columns)


def _goods(line: PaperLine, columns: int) -> Iterator[RollLine]:
    """Lay out a row of goods: price, count and amount end in columns of their own. Where the name
    has no room before the price, they are below it."""
    name, price, count = (_written(text) for text in (line.text, *line.cells))
    amount, detail = _written(line.value), _written(line.detail)
    of_price, of_count = _GOODS_COLUMNS[columns]
    figures = ""
    for text, end in ((price, of_price), (count, of_count), (amount, columns)):
        # A figure that is wider than its column moves those behind it.
        figures += at_right(text, max(end - cells(figures), cells(text) + bool(figures)))
    if cells(figures) > columns:
        yield from map(RollLine, wrapped(name, columns))
        yield from map(RollLine, spread(f"{_DETAIL}{price} × {count}", amount, columns))
        return
    room = cells(figures) - cells(figures.lstrip()) - 1
    names = wrapped(name, columns)
    if detail or len(names) > 1 or cells(name) > room:
        yield from map(RollLine, names)
        yield from map(RollLine, wrapped(_DETAIL + detail, columns) if detail else ())
        yield RollLine(figures)
    else:
        yield RollLine(name + figures[cells(name) :])


def _text(text: str, columns: int) -> Iterator[RollLine]:
    for line in text.split("\n"):
        if line == RULE_TEXT:
            yield RollLine("-" * columns)
        else:
            yield from map(RollLine, wrapped(_written(line), columns))


def _centred(
    text: str, columns: int, *, is_bold: bool = False, is_large: bool = False
) -> Iterator[RollLine]:
    for line in wrapped(_written(text), columns // 2 if is_large else columns):
        yield RollLine(line, is_bold=is_bold, is_large=is_large, is_centred=True)


def _written(text: str) -> str:
    """Return a text without invisible characters, syllables whole, and won written as Korean tills
    do: printers have no ₩."""
    whole = unicodedata.normalize("NFC", _WON.sub(r"\1원", text))
    return "".join(c for c in whole if c.isprintable() or c == ZERO_WIDTH_JOINER)
