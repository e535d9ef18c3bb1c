"""Two kinds of files with lines of cells, written line by line.

Whatever people typed is text in them: nothing begins like a formula, and nothing is a link.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Protocol

from posapp.domain.refunds import plain

Cell = str | int | datetime | None

SEOUL = timezone(timedelta(hours=9), "KST")
"""Times in files are Seoul's, as on the screens."""

FORMULA = tuple("=+-@|＝＋－＠")
"""How a cell begins that a spreadsheet may take for a formula; wide letters count as narrow."""

LINES_OF_SHEET = 1_000_000
"""Lines of one sheet of a workbook; Excel takes 1,048,576, headings included."""

LARGEST_EXACT = 10**15
"""From here on Excel rounds whole numbers: such ids are written as text."""


class Sheet(Protocol):
    """Takes lines; the file is whole when the block that it is used in has ended."""

    def add_headings(self, headings: Sequence[str]) -> None:
        """The first line."""
        ...

    def add(self, cells: Sequence[Cell]) -> None:
        """The next line."""
        ...


def one_line(text: str) -> str:
    """``plain(text)``; most texts are that already, and are told so ten times as fast."""
    if text.isprintable() and "  " not in text and text == text.strip(" "):
        return text
    return plain(text)


def harmless(text: str) -> str:
    """Text of people for a cell of CSV: on one line, and never a formula."""
    line = one_line(text)
    return f"'{line}" if line.startswith(FORMULA) else line


class CsvSheet:
    """Comma-separated, UTF-8 with a byte order mark, so that Excel shows Hangul."""

    def __init__(self, path: Path, title: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._lines = csv.writer(self._file, quoting=csv.QUOTE_NONNUMERIC)

    def __enter__(self) -> CsvSheet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._file.close()

    def add_headings(self, headings: Sequence[str]) -> None:
        """The first line."""
        self._lines.writerow(headings)

    def add(self, cells: Sequence[Cell]) -> None:
        """The next line."""
        self._lines.writerow([_written(cell) for cell in cells])


class XlsxSheet:
    """A real workbook; what does not fit on one sheet goes on on the next."""

    def __init__(self, path: Path, title: str) -> None:
        # Only those who export pay for it: it takes longer to import than to write a page.
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

    def __enter__(self) -> XlsxSheet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._book.close()

    def add_headings(self, headings: Sequence[str]) -> None:
        """The first line of each sheet."""
        self._headings = headings
        number = len(self._book.worksheets())
        self._sheet = self._book.add_worksheet(self._title[:25] + (f" {number + 1}" * (number > 0)))
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            self._sheet.set_column(column, column, 18)
            self._sheet.write_string(0, column, heading, self._bold)
        self._line = 1

    def add(self, cells: Sequence[Cell]) -> None:
        """The next line."""
        if self._line > LINES_OF_SHEET:
            self.add_headings(self._headings)
        for column, cell in enumerate(cells):
            if isinstance(cell, int) and abs(cell) < LARGEST_EXACT:
                self._sheet.write_number(self._line, column, cell)
            elif isinstance(cell, datetime):
                local = cell.astimezone(SEOUL).replace(tzinfo=None)
                self._sheet.write_datetime(self._line, column, local, self._moment)
            elif cell is not None and cell != "":
                self._sheet.write_string(self._line, column, one_line(str(cell)))
        self._line += 1


def _written(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return cell.astimezone(SEOUL).replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else cell
