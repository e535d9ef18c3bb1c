"""Workbooks as Excel and others write them, and bent ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter

from tests.importing.conftest import HEAD, LINE

SHEET = "xl/worksheets/sheet1.xml"


def workbook(fill: Callable[[Any, Any], None] | None = None, *, sheet: str = "주문") -> bytes:
    """A workbook with one worksheet: the good line, or what ``fill`` writes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    (fill or good_line)(book, book.add_worksheet(sheet))
    book.close()
    return target.getvalue()


def good_line(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write_row(1, 0, LINE.split(","))


def with_cell(column: str, write: Callable[[Any, Any, int], None]) -> bytes:
    """The good line with one cell written otherwise: ``write(book, sheet, column)`` for row 1."""

    def fill(book: Any, sheet: Any) -> None:
        good_line(book, sheet)
        write(book, sheet, HEAD.split(",").index(column))

    return workbook(fill)


def repacked(data: bytes, changes: Mapping[str, bytes | None], *, stored: bool = False) -> bytes:
    """The package with parts changed, added or (``None``) left out."""
    target = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", kind) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            if part is not None:
                new.writestr(name, part)
    return target.getvalue()


def part(data: bytes, name: str = SHEET) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)
