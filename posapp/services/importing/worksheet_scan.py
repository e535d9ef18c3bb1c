"""Scan of a worksheet's XML before it is read: its size, and the cells without a usable value.

A reader of workbooks holds the whole rectangle from the first cell to the last one in memory, and
shows neither formulas nor formats of numbers. The scan takes one row after the other, in bounded
memory, and takes no cell for smaller than it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from posapp.services.importing.import_errors import COMPLAINT_LIMIT, Cause, FileUnusable

ROW_BYTES = 8 * 2**20
"""Most bytes of one row's XML."""

COLUMN_LIMIT = 1000
CELL_LIMIT = 16_000_000
"""Most cells of the rectangle that holds all cells; each takes about 30 bytes."""

_TAG = rb"<(?:\w+:)?"
_END = rb"</(?:\w+:)?"
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]+)([0-9]+)\s*["']""")
_ROW_NUMBER = re.compile(_TAG + rb"""row\b[^>]*?\sr\s*=\s*["']\s*([0-9]+)""")
_FORMULA_EMPTY = re.compile(
    _TAG + rb"c\b([^>]*)>\s*" + _TAG + rb"f\b(?:[^>]*/>|[^>]*>[^<]*" + _END + rb"f\s*>)\s*"
    rb"(?:" + _TAG + rb"v\s*/>|" + _TAG + rb"v\s*>\s*" + _END + rb"v\s*>)?\s*" + _END + rb"c\s*>"
)
_ERROR = re.compile(_TAG + rb"""c\b([^>]*\st\s*=\s*["']e["'][^>]*)>""")
_SHORTENED = re.compile(
    _TAG + rb"c\b([^>]*)>\s*(?:" + _TAG + rb"f\b[^>]*>[^<]*" + _END + rb"f\s*>\s*)?"
    + _TAG + rb"v\s*>\s*[-+0-9.]+[eE]"
)  # fmt: skip

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


@dataclass(slots=True)
class WorksheetScan:
    """What a scan found.

    Attributes:
        rows, columns: how far the cells reach.
        faults: cells without a usable value: a formula that was never calculated, or an error.
        shortened: numbers that are written or shown in short (``1.01235E+09``): they may have lost
            their last digits.
    """

    rows: int = 0
    columns: int = 0
    faults: dict[Place, Cause] = field(default_factory=dict)
    shortened: set[Place] = field(default_factory=set)


def scan_worksheet(pieces: Iterable[bytes], scientific: frozenset[int]) -> WorksheetScan:
    """Scan a worksheet.

    Args:
        pieces: its XML, in order.
        scientific: the cell formats that show numbers in short.

    Raises:
        FileUnusable: ``WORKSHEET_WIDE``: too many columns or cells; ``TOO_MANY_ROWS``,
            ``CELL_TOO_LARGE``; ``WORKBOOK_BROKEN``: no XML in UTF-8.
    """
    found = WorksheetScan()
    patterns: dict[re.Pattern[bytes], Cause | None] = {
        _FORMULA_EMPTY: Cause.FORMULA_EMPTY,
        _ERROR: Cause.CELL_ERROR,
        _SHORTENED: None,
    }
    if scientific:
        numbers = b"|".join(str(number).encode() for number in sorted(scientific))
        shown = _TAG + rb"""c\b([^>]*\ss\s*=\s*["'](?:""" + numbers + rb""")["'][^>]*)>"""
        patterns[re.compile(shown)] = None
    for rows in _whole_rows(pieces):
        _measure(rows, found)
        _note(rows, patterns, found)
    return found


def _whole_rows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the XML cut after ends of rows."""
    rest = b""
    for piece in pieces:
        if b"\0" in piece:
            raise FileUnusable(Cause.WORKBOOK_BROKEN)
        rest += piece
        end = rest.rfind(b"row>") + len(b"row>")
        if end >= len(b"row>"):
            yield rest[:end]
            rest = rest[end:]
        if len(rest) > ROW_BYTES:
            raise FileUnusable(Cause.CELL_TOO_LARGE, limit=ROW_BYTES)
    yield rest


def _measure(rows: bytes, found: WorksheetScan) -> None:
    # Cells and rows without a reference follow the one before.
    count = rows.count(b"row>") + rows.count(b"row/>")
    most = max((row.count(b"<c") + row.count(b":c") for row in rows.split(b"row>")), default=0)
    found.rows += count
    found.columns = max(found.columns, most)
    references = _REFERENCE.findall(rows)
    for letters in {letters for letters, _ in references}:
        found.columns = max(found.columns, column_number(letters))
    numbers = [int(digits[:9]) for _, digits in references]
    numbers += [int(digits[:9]) for digits in _ROW_NUMBER.findall(rows)]
    found.rows = max(found.rows, max(numbers, default=0))
    if found.columns > COLUMN_LIMIT:
        raise FileUnusable(Cause.WORKSHEET_WIDE, limit=COLUMN_LIMIT)
    if found.rows * found.columns > CELL_LIMIT:
        raise FileUnusable(Cause.TOO_MANY_ROWS, limit=CELL_LIMIT // found.columns)


def _note(
    rows: bytes, patterns: Mapping[re.Pattern[bytes], Cause | None], found: WorksheetScan
) -> None:
    for pattern, cause in patterns.items():
        for match in pattern.finditer(rows):
            place = _REFERENCE.search(b" " + match[1])
            if place is None:
                if cause is not None:
                    raise FileUnusable(cause)
                continue
            at = (int(place[2][:9]) - 1, column_number(place[1]) - 1)
            if cause is None:
                found.shortened.add(at)
            else:
                found.faults[at] = cause
            if len(found.faults) > COMPLAINT_LIMIT:
                raise FileUnusable(cause or Cause.FORMULA_EMPTY, at[0] + 1)


def column_number(letters: bytes) -> int:
    """Return the number of a column, from 1: ``A`` is 1, ``AA`` 27."""
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - ord("A") + 1
    return number
