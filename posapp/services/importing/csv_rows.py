"""Rows of a CSV file, as Excel and others write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from posapp.services.importing.columns import HEAD_ROWS, NO_CHOICE, ColumnChoice, known_columns
from posapp.services.importing.encoding import TextFile
from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable
from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.importing.order_lines import Row, is_blank

DELIMITERS = (",", ";", "\t")
"""Delimiters that Excel writes, by country and by "CSV" or "text"."""

HEAD_LENGTH = 64 * 1024
"""Characters at the beginning by which the delimiter is found."""

_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(?P<delimiter>[,;\t|])\"?\s*", re.IGNORECASE)
"""Excel's own line: it names the delimiter of the lines after it."""


def read_csv_rows(
    file: TextFile,
    complaints: Complaints,
    layouts: Layouts = NO_LAYOUTS,
    choice: ColumnChoice = NO_CHOICE,
) -> Iterator[Row]:
    """Yield the lines that are not blank, each with its number; ``None`` for one that cannot be
    read, after a complaint.

    Raises:
        FileUnusable: a quote that is never closed, a cell beyond all measure.
    """
    with io.TextIOWrapper(io.BytesIO(file.data), encoding=file.encoding, newline="") as text:
        head = text.read(HEAD_LENGTH)
        named = _SEPARATOR_LINE.fullmatch(next(iter(head.splitlines()), ""))
        text.seek(0)
        skipped = 0
        if named is not None:
            text.readline()
            skipped = 1
            delimiter = named["delimiter"]
        else:
            delimiter = delimiter_of(head, layouts, choice)
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            line = rows.line_num + 1 + skipped
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                _refuse_broken(error, line)
                complaints.add(line, Cause.QUOTE_STRAY)
                yield line, None
                continue
            if not all(is_blank(cell) for cell in cells):
                yield line, cells


def delimiter_of(head: str, layouts: Layouts = NO_LAYOUTS, choice: ColumnChoice = NO_CHOICE) -> str:
    """Return the delimiter that yields the most known columns in one of the first rows; if none is
    known, the most columns."""

    def known(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            first = list(islice(rows, HEAD_ROWS))
        except csv.Error:
            return 0, 0
        counts = [known_columns(cells, layouts, choice) for cells in first]
        return max(counts, default=0), len(first[0]) if first else 0

    return max(DELIMITERS, key=known)


def _refuse_broken(error: csv.Error, line: int) -> None:
    """Refuse the file if the rest would be inside an open quote: its lines cannot be told apart."""
    if "unexpected end of data" in str(error):
        raise FileUnusable(Cause.QUOTE_OPEN, line) from None
    if "field limit" in str(error):
        raise FileUnusable(Cause.CELL_TOO_LARGE, line, limit=csv.field_size_limit()) from None
