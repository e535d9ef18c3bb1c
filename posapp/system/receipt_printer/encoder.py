"""Turns a roll into the bytes that an ESC/POS printer takes."""

from __future__ import annotations

from itertools import groupby

from posapp.domain.bars import is_ean13
from posapp.domain.cells import CODE_PAGE, glyphs
from posapp.domain.roll import (
    BAR_HEIGHT,
    Draw,
    Roll,
    RollBars,
    RollCode,
    RollLine,
    RollPart,
    bar_dots,
    module_dots,
)
from posapp.domain.roll_letters import Hangul
from posapp.system.receipt_printer import escpos

_BACKSLASH = "\\"
"""Korean printers print ₩ for it."""

_KS5601 = "euc_kr"
_TWO_BYTES = 2
"""Longest character of KS X 1001; Python spells other syllables as eight bytes."""


def encode(roll: Roll, draw: Draw) -> bytes:
    """Return a whole paper, from the reset to the cut.

    Args:
        draw: draws what the printer has no letters for; consecutive parts are one picture.
    """
    commands = bytearray(escpos.RESET + escpos.HANGUL_ON)
    for is_drawn, found in groupby(roll.parts, lambda part: _is_drawn(part, roll.hangul)):
        parts = tuple(found)
        if is_drawn:
            picture = draw(parts, roll.columns)
            commands += escpos.LEFT + escpos.picture(picture.row_bytes, picture.rows)
            continue
        for part in parts:
            commands += _written(part, roll.columns)
    return bytes(commands + escpos.CUT)


def has_letters(text: str, hangul: Hangul) -> bool:
    """Return whether the printer writes each character of a text as it is meant."""
    return all(_has_letter(glyph, hangul) for glyph in glyphs(text))


def _has_letter(glyph: str, hangul: Hangul) -> bool:
    if hangul is Hangul.RASTER or glyph == _BACKSLASH:
        return False
    if glyph.isascii():
        return glyph.isprintable()
    try:
        if hangul is Hangul.CP949:
            return len(glyph) == 1 and len(glyph.encode(CODE_PAGE)) == _TWO_BYTES
        return len(glyph.encode(_KS5601)) == _TWO_BYTES
    except UnicodeEncodeError:
        return False


def _is_drawn(part: RollPart, hangul: Hangul) -> bool:
    if isinstance(part, RollCode | RollBars):
        return hangul is Hangul.RASTER
    return not has_letters(part.text, part.hangul or hangul)


def _written(part: RollPart, columns: int) -> bytes:
    if isinstance(part, RollCode):
        return escpos.CENTRED + escpos.SMALL + escpos.code(part.text, module_dots(columns))
    if isinstance(part, RollBars):
        bars = escpos.ean13 if is_ean13(part.text) else escpos.code128
        dots = bar_dots(part.text, columns)
        return escpos.CENTRED + escpos.SMALL + bars(part.text, dots, BAR_HEIGHT)
    return _style(part) + part.text.encode(CODE_PAGE) + b"\n"


def _style(line: RollLine) -> bytes:
    return (
        (escpos.CENTRED if line.is_centred else escpos.LEFT)
        + (escpos.LARGE if line.is_large else escpos.SMALL)
        + (escpos.BOLD if line.is_bold else escpos.THIN)
    )
