"""A paper as it is laid out on the roll of a receipt printer: lines of cells, and codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posapp.domain.bars import QUIET, modules_of
from posapp.domain.roll_letters import Hangul

CELL = 12
"""Dots of a cell's width."""

BAR_HEIGHT = 80
"""Dots of the height of bars: about 10 mm."""

LINE = 30
"""Dots from one line to the next one."""


@dataclass(frozen=True, slots=True)
class RollLine:
    """One line, which fits the paper.

    Attributes:
        is_large: of double width and height, so half as many cells have room.
        hangul: another way than that of the paper, for a test of the printer.
    """

    text: str = ""
    is_bold: bool = False
    is_large: bool = False
    is_centred: bool = False
    hangul: Hangul | None = None


@dataclass(frozen=True, slots=True)
class RollCode:
    """A QR in the middle of the paper. The text is ASCII, and short enough for its width."""

    text: str


@dataclass(frozen=True, slots=True)
class RollBars:
    """The bars of a product's code in the middle of the paper (``domain.bars``), for whose width
    ``bar_dots`` has room."""

    text: str


RollPart = RollLine | RollCode | RollBars


@dataclass(frozen=True, slots=True)
class Roll:
    """A paper for a printer with lines of ``columns`` cells."""

    parts: tuple[RollPart, ...]
    columns: int
    hangul: Hangul = Hangul.KS5601


@dataclass(frozen=True, slots=True)
class RollPicture:
    """A picture as wide as the paper's lines.

    Attributes:
        row_bytes: bytes of a row.
        rows: row by row, one bit a dot, the leftmost one the highest; 1 is black.
    """

    row_bytes: int
    rows: bytes


Draw = Callable[[Sequence[RollPart], int], RollPicture]
"""Draws some parts, one below the other, for lines of so many cells. Called in any thread."""


def module_dots(columns: int) -> int:
    """Return the dots of a QR's module, so that one of 29 modules is at least 22 mm wide."""
    return 6 if columns == 42 else 7


def bar_dots(text: str, columns: int) -> int:
    """Return the dots of a module of bars: 3, or 2 where the paper is too narrow for that; 0: it is
    too narrow for bars that a scanner reads."""
    modules = len(modules_of(text)) + 2 * QUIET
    return next((dots for dots in (3, 2) if modules * dots <= columns * CELL), 0)
