"""Widths on the roll of a receipt printer: a Latin character takes one cell, a Hangul syllable two.

A character has as many cells as bytes in CP949, which is how the printer counts. What CP949 does
not have is drawn (``posapp.domain.roll``) and takes the cells that East Asian text gives it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from posapp.domain.text import ZERO_WIDTH_JOINER

CODE_PAGE = "cp949"
"""Code page of Korean receipt printers, as Python names it."""

NARROWEST = 2
"""Cells of the widest character; no line can be narrower."""

_WORD = re.compile(r"(\s*)(\S+)")
_MARKS = frozenset(("Mn", "Me", "Cf"))
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JAMO_VOWELS_AND_ENDS = range(0x1160, 0x1200)


def glyphs(text: str) -> Iterator[str]:
    """Yield the text in parts that are drawn as one: a character with the marks that follow it."""
    glyph = ""
    for character in text:
        if glyph and (_is_mark(character) or glyph.endswith(ZERO_WIDTH_JOINER)):
            glyph += character
            continue
        if glyph:
            yield glyph
        glyph = character
    if glyph:
        yield glyph


def glyph_cells(glyph: str) -> int:
    """Return the cells of one part of ``glyphs``: 1 or 2."""
    base = glyph[0]
    if base.isascii():
        return 1
    try:
        return len(base.encode(CODE_PAGE))
    except UnicodeEncodeError:
        return 2 if unicodedata.east_asian_width(base) in "WF" else 1


def cells(text: str) -> int:
    """Return the width of a text on one line, in cells."""
    if text.isascii():
        return len(text)
    return sum(map(glyph_cells, glyphs(text)))


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines of at most ``width`` cells.

    It is broken at blanks, which are dropped there and at its end, and inside a word only where
    that is longer than a line. At least one line, which may be empty.

    Raises:
        ValueError: ``width`` has no room for one character.
    """
    if width < NARROWEST:
        raise ValueError(f"a line of {width} cells has no room for a syllable")
    lines: list[str] = []
    line = ""
    for gap, word in _WORD.findall(text):
        if cells(line) + cells(gap) + cells(word) <= width:
            line += gap + word
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines += full
    return [*lines, line] if line or not lines else lines


def at_right(text: str, width: int) -> str:
    """Return a text that ends at the right edge of a line."""
    return _apart("", text, width)


def spread(left: str, right: str, width: int) -> list[str]:
    """Return lines with one text from the left edge and another one that ends at the right edge: on
    one line with it where both have room, else below."""
    lines = wrapped(left, width)
    if cells(lines[-1]) + 1 + cells(right) <= width:
        lines[-1] = _apart(lines[-1], right, width)
        return lines
    return lines + [at_right(line, width) for line in wrapped(right, width)]


def _apart(left: str, right: str, width: int) -> str:
    """Return one line with a text at each of its edges; both have room."""
    blanks = " " * (width - cells(left) - cells(right))
    # A mark without a letter is drawn on the blank before it, and a joiner takes the blank after
    # it: the cells of both texts joined may be fewer.
    blanks += " " * (width - cells(left + blanks + right))
    return left + blanks + right


def _pieces(word: str, width: int) -> list[str]:
    pieces, used = [""], 0
    for glyph in glyphs(word):
        needed = glyph_cells(glyph)
        if used + needed > width:
            pieces.append("")
            used = 0
        pieces[-1] += glyph
        used += needed
    return pieces


def _is_mark(character: str) -> bool:
    number = ord(character)
    if number in _SKIN_TONES or number in _JAMO_VOWELS_AND_ENDS:
        return True
    return number > 0x7F and unicodedata.category(character) in _MARKS
