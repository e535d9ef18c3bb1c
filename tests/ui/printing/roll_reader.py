"""Reads what a printer for tests printed back to text: its letters, pictures and codes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import zxingcpp

from posapp.domain.cells import cells
from posapp.domain.roll import CELL, LINE, RollLine, module_dots
from posapp.ui.printing.roll_picture import draw_parts
from tests.fakes.receipt_printer import EscPos, Printed

_CODE_SIDE = 29
"""Modules of the code of an order, with its quiet zone."""

Cells = tuple[bytes, ...]


class RollReader:
    """Finds the letters of pictures by comparing cell by cell with an alphabet.

    Args:
        alphabet: characters that it knows, more than are on the papers.
    """

    def __init__(self, alphabet: Iterable[str]) -> None:
        self._known: dict[Cells, str] = {}
        signs = sorted(set(alphabet) - {" "})
        for is_bold, is_large in ((False, False), (True, False), (True, True)):
            lines = [RollLine(sign, is_bold=is_bold, is_large=is_large) for sign in signs]
            drawn = draw_parts(lines, 8)
            dots, height = _bits(drawn.rows, drawn.row_bytes), LINE * (1 + is_large)
            for at, sign in enumerate(signs):
                rows = dots[at * height : (at + 1) * height]
                width = cells(sign) * CELL * (1 + is_large)
                self._known[tuple(row[:width] for row in rows)] = sign

    def read(self, paper: EscPos) -> list[str]:
        """Return the lines of a paper from top to bottom, and the texts of its codes."""
        lines = []
        for is_picture, found in groupby(paper.out, lambda one: bool(one.rows)):
            if is_picture:
                lines += self._read_picture(list(found))
            else:
                lines += [one.code or one.text for one in found]
        return lines

    def _read_picture(self, bands: list[Printed]) -> list[str]:
        rows = [row for band in bands for row in _bits(band.rows, band.row_bytes)]
        lines, top = [], 0
        while top < len(rows):
            for height in (LINE, 2 * LINE):
                line = self._line(rows[top : top + height], CELL * height // LINE)
                if line is not None:
                    break
            else:
                height = _CODE_SIDE * module_dots(len(rows[0]) // CELL)
                lines += _codes(rows[top : top + height])
                top += height
                continue
            lines.append(line)
            top += height
        return lines

    def _line(self, rows: list[bytes], cell: int) -> str | None:
        """Return the text of a line, or ``None`` if it is none of this height."""
        text, left, width = "", 0, len(rows[0])
        while left < width:
            for size in (cell, 2 * cell):
                part = tuple(row[left : left + size] for row in rows)
                if part in self._known:
                    text, left = text + self._known[part], left + size
                    break
            else:
                if any(any(row[left : left + CELL]) for row in rows):
                    return None
                text, left = text + " ", left + CELL
        return text


def _codes(rows: list[bytes]) -> list[str]:
    grey = b"".join(bytes(0 if dot else 255 for dot in row) for row in rows)
    shaped = memoryview(grey).cast("B", (len(rows), len(rows[0])))
    found = zxingcpp.read_barcodes(shaped, formats=zxingcpp.BarcodeFormat.QRCode)
    return [one.text for one in found]


def _bits(rows: bytes, row_bytes: int) -> list[bytes]:
    """Return rows of a byte a dot."""
    found = []
    for start in range(0, len(rows), row_bytes):
        row = int.from_bytes(rows[start : start + row_bytes], "big")
        found.append(bytes(map(int, f"{row:0{row_bytes * 8}b}")))
    return found
