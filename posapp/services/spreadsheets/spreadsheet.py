"""Writes tables to CSV and .xlsx files, row by row.

User input is always written as text: no cell is a formula or a link. Times are Seoul time, as on
the screens.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

from posapp.domain.text import strip_controls
from posapp.domain.time_zone import SEOUL

Cell = str | int | datetime | None

FORMULA = tuple("=+-@|＝＋－＠")
"""First characters of a cell that a spreadsheet may take for a formula, full-width ones too."""

MAX_WORKSHEET_ROWS = 1_000_000
"""Most rows of one worksheet; Excel takes 1,048,576, headings included."""

LONGEST_SHOWN = 10**11
"""Excel shows whole numbers from this one on in short, and saves CSV as it shows it; such ids are
written as ``="..."``, which it keeps."""

LARGEST_EXACT = 10**15
"""Excel rounds whole numbers from this one on; such ids are written as text."""


def single_line(text: str) -> str:
    """Return ``strip_controls(text)``. Most texts need no change; that check is ten times as
    fast."""
    if text.isprintable() and "  " not in text and text == text.strip(" "):
        return text
    return strip_controls(text)


def harmless(text: str) -> str:
    """Return user text for a cell of CSV: on one line, and never a formula."""
    line = single_line(text)
    return f"'{line}" if line.startswith(FORMULA) else line


class CsvTableWriter:
    """Writes CSV in UTF-8 with a byte order mark, so that Excel shows Hangul."""

    def __init__(self, path: Path, title: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._lines = csv.writer(self._file, quoting=csv.QUOTE_NONNUMERIC)

    def __enter__(self) -> CsvTableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._file.close()

    def add_headings(self, headings: Sequence[str]) -> None:
        """Write the first row."""
        self._lines.writerow(headings)

    def add(self, cells: Sequence[Cell]) -> None:
        """Write the next row."""
        self._lines.writerow([_written(cell) for cell in cells])


class XlsxTableWriter:
    """Writes a workbook; rows that do not fit on one worksheet continue on the next."""

    def __init__(self, path: Path, title: str) -> None:
        # Imported only for an export: the import takes longer than writing a page.
        from xlsxwriter import Workbook

        self._title = title
        self._book = Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._bold = self._book.add_format({"bold": True})
        self._headings: Sequence[str] = ()
        self._line = 0

    def __enter__(self) -> XlsxTableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._book.close()

    def add_headings(self, headings: Sequence[str]) -> None:
        """Add a worksheet and write its first row; later worksheets repeat the headings."""
        self._headings = headings
        number = len(self._book.worksheets())
        self._worksheet = self._book.add_worksheet(
            self._title[:25] + (f" {number + 1}" * (number > 0))
        )
        self._worksheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            self._worksheet.set_column(column, column, 18)
            self._worksheet.write_string(0, column, heading, self._bold)
        self._line = 1

    def add(self, cells: Sequence[Cell]) -> None:
        """Write the next row."""
        if self._line > MAX_WORKSHEET_ROWS:
            self.add_headings(self._headings)
        for column, cell in enumerate(cells):
            if isinstance(cell, int) and abs(cell) < LARGEST_EXACT:
                self._worksheet.write_number(self._line, column, cell)
            elif isinstance(cell, datetime):
                local = cell.astimezone(SEOUL).replace(tzinfo=None)
                self._worksheet.write_datetime(self._line, column, local, self._moment)
            elif cell is not None and cell != "":
                self._worksheet.write_string(self._line, column, single_line(str(cell)))
        self._line += 1


def _written(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return cell.astimezone(SEOUL).replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, int) and abs(cell) >= LONGEST_SHOWN:
        return f'="{cell}"'
    return "" if cell is None else cell
