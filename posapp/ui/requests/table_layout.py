"""Columns of the request table for each width: what a cell shows, and what may be cut.

What people must read first keeps its room (사유 36 units, and dates, state, amount and numbers
whole); in a narrow table the time of the decision, the amount and the buyer share a cell with
another column. Sizes are in units of 8 pixels.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from posapp.ui.requests.request_row_text import (
    ACT,
    AMOUNT,
    BUYER,
    CREATED,
    ITEM,
    KIND,
    NOTHING,
    PROCESSED,
    REASON,
    STATE,
    TICK,
    RowText,
)

UNIT = 8
REASON_WIDTH = 36 * UNIT
"""Smallest width of 사유 in pixels."""


class Half(Enum):
    """Which of a column's two texts."""

    UPPER = "upper"
    LOWER = "lower"
    BOTH = "both"


class Style(NamedTuple):
    """How a text is set.

    A text without ``lines`` is never cut: it wraps, and its row grows.

    Attributes:
        lines: how many it has at least before it is cut.
        grows: takes more lines where its row is high enough.
        icon: which of the row's icons stands before it: ``"state"``, ``"money"`` or none.
        shrinks: becomes smaller rather than wrapping.
        splits: a number and a name, on two lines where one is too short.
    """

    face: str
    is_soft: bool = False
    lines: int = 0
    grows: bool = False
    icon: str = ""
    shrinks: bool = False
    splits: bool = False


_TEXT = Style("plain")
_SMALL = Style("small", is_soft=True)
_NAME = _SMALL._replace(lines=1)
_NOTE = _NAME._replace(grows=True)
_NUMBER_AND_NAME = _SMALL._replace(splits=True)
_LONG = _TEXT._replace(lines=2, grows=True)
_WON = Style("bold", shrinks=True)
_STATED = Style("bold", icon="state")
_PROGRESS = _SMALL._replace(icon="money")


class Part(NamedTuple):
    """One text of a cell."""

    column: int
    half: Half
    style: Style

    def text_of(self, line: RowText) -> str:
        """Return the text for a row; empty if there is nothing to say in a shared cell."""
        upper, lower = line.primary[self.column], line.secondary[self.column]
        if self.half is Half.UPPER:
            return upper
        if self.half is Half.LOWER:
            return lower
        return "" if upper == NOTHING else f"{upper} {lower}".strip()

    def split(self) -> tuple[Part, Part]:
        """Return both texts of a column apart: the first is never cut, the second may be."""
        return Part(self.column, Half.UPPER, _SMALL), Part(self.column, Half.LOWER, _NAME)


class Column(NamedTuple):
    """A column on display.

    Attributes:
        width: in units; 0 takes the rest.
        headings: columns whose headings are shown, one below the other.
    """

    column: int
    width: int
    parts: tuple[Part, ...]
    headings: tuple[int, ...]


def _column(column: int, width: int, *parts: Part, also: int | None = None) -> Column:
    return Column(column, width, parts, (column,) if also is None else (column, also))


_DATE = (Part(CREATED, Half.UPPER, _TEXT), Part(CREATED, Half.LOWER, _SMALL))
_DATE_ON_ONE = Part(CREATED, Half.BOTH, _TEXT)
_BUYER = (Part(BUYER, Half.UPPER, _TEXT), Part(BUYER, Half.LOWER, _NAME))
_ITEM = (Part(ITEM, Half.UPPER, _TEXT), Part(ITEM, Half.LOWER, _SMALL))
_KIND = Part(KIND, Half.UPPER, _TEXT)
_REASON = (Part(REASON, Half.UPPER, _LONG), Part(REASON, Half.LOWER, _NAME))
_AMOUNT = Part(AMOUNT, Half.UPPER, _WON)
_AMOUNT_BELOW = Part(AMOUNT, Half.BOTH, _WON)
_STATE = (
    Part(STATE, Half.UPPER, Style("bold", icon="state")),
    Part(STATE, Half.LOWER, _SMALL._replace(icon="money")),
)
_TIME = (Part(PROCESSED, Half.UPPER, _SMALL), Part(PROCESSED, Half.LOWER, _SMALL))
_TIME_BELOW = Part(PROCESSED, Half.BOTH, _SMALL)
_ACT = (Part(ACT, Half.UPPER, _TEXT), Part(ACT, Half.LOWER, _NOTE))

NARROW = (
    _column(TICK, 5),
    _column(CREATED, 15, _DATE_ON_ONE, Part(BUYER, Half.BOTH, _NUMBER_AND_NAME), also=BUYER),
    _column(ITEM, 13, *_ITEM),
    _column(KIND, 12, _KIND, _AMOUNT_BELOW, also=AMOUNT),
    _column(REASON, 0, *_REASON),
    _column(STATE, 15, *_STATE, _TIME_BELOW, also=PROCESSED),
    _column(ACT, 24, *_ACT),
)
MIDDLE = (
    _column(TICK, 5),
    _column(CREATED, 15, *_DATE),
    _column(BUYER, 13, *_BUYER),
    _column(ITEM, 15, *_ITEM),
    _column(KIND, 12, _KIND, _AMOUNT_BELOW, also=AMOUNT),
    _column(REASON, 0, *_REASON),
    _column(STATE, 15, *_STATE, _TIME_BELOW, also=PROCESSED),
    _column(ACT, 26, *_ACT),
)
WIDE = (
    _column(TICK, 5),
    _column(CREATED, 15, *_DATE),
    _column(BUYER, 13, *_BUYER),
    _column(ITEM, 15, *_ITEM),
    _column(KIND, 11, _KIND),
    _column(REASON, 0, *_REASON),
    _column(AMOUNT, 12, _AMOUNT),
    _column(STATE, 15, *_STATE),
    _column(PROCESSED, 13, *_TIME),
    _column(ACT, 27, *_ACT),
)
ROOMY = (
    _column(TICK, 6),
    _column(CREATED, 18, *_DATE),
    _column(BUYER, 22, *_BUYER),
    _column(ITEM, 20, *_ITEM),
    _column(KIND, 13, _KIND),
    _column(REASON, 0, *_REASON),
    _column(AMOUNT, 16, _AMOUNT),
    _column(STATE, 20, *_STATE),
    _column(PROCESSED, 16, *_TIME),
    _column(ACT, 30, *_ACT),
)


_SCROLL_BAR = 12


def columns_for(width: int) -> tuple[Column, ...]:
    """Return the columns of a table of a width in pixels: as many as leave 사유 its room."""
    fitting = (columns for columns, least in _LEAST if width >= least)
    return next(fitting, NARROW)


def _least(columns: tuple[Column, ...], reason: int = REASON_WIDTH) -> int:
    return sum(column.width for column in columns) * UNIT + reason + _SCROLL_BAR


_LEAST = (
    (ROOMY, _least(ROOMY, REASON_WIDTH * 3 // 2)),
    (WIDE, _least(WIDE)),
    (MIDDLE, _least(MIDDLE)),
)
