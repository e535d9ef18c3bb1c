"""Reads the codes on a picture of a paper, and measures them."""

from __future__ import annotations

from dataclasses import dataclass

import zxingcpp
from PySide6.QtGui import QImage

_MM_PER_INCH = 25.4
_QUIET = 4
_FINDER = 7
"""Modules of a finder pattern's side."""

_WHITE = 250


@dataclass(frozen=True)
class PaperCode:
    """A code that was read.

    Attributes:
        side_mm: side with the quiet zone.
        is_quiet: four modules around it are white.
    """

    text: str
    side_mm: float
    is_quiet: bool


def codes_on(picture: QImage, dots_per_inch: int) -> list[PaperCode]:
    """Return the codes that zxing-cpp finds, which is another make than what drew them."""
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    view, step = memoryview(grey.constBits()).cast("B"), grey.bytesPerLine()
    rows = [bytes(view[y * step : y * step + grey.width()]) for y in range(grey.height())]
    shaped = memoryview(b"".join(rows)).cast("B", (grey.height(), grey.width()))
    found = zxingcpp.read_barcodes(shaped, formats=zxingcpp.BarcodeFormat.QRCode)
    return [_measured(one, rows, dots_per_inch) for one in found]


def _measured(code: zxingcpp.Barcode, rows: list[bytes], dots_per_inch: int) -> PaperCode:
    corners = code.position
    left, top = corners.top_left.x, corners.top_left.y
    right, bottom = corners.bottom_right.x, corners.bottom_right.y
    module = _finder_width(rows[top + 1 : bottom], left, right) / _FINDER
    width = right - left
    quiet = round(_QUIET * module) - 2  # the decoder's corners are up to a dot off
    parts = [row[max(0, left - quiet) : right + quiet] for row in rows[top - quiet : top - 2]]
    parts += [row[left - quiet : left - 2] for row in rows[top:bottom]]
    parts += [row[right + 3 : right + quiet] for row in rows[top:bottom]]
    parts += [row[left - quiet : right + quiet] for row in rows[bottom + 3 : bottom + quiet]]
    return PaperCode(
        code.text,
        (width + 2 * _QUIET * module) / dots_per_inch * _MM_PER_INCH,
        left >= quiet and top >= quiet and min(map(min, filter(None, parts))) > _WHITE,
    )


def _finder_width(rows: list[bytes], left: int, right: int) -> int:
    """Return the dots of the dark line on top of the left finder pattern."""
    row = rows[0][left : right + 1]
    return next((at for at, grey in enumerate(row) if at > 2 and grey > _WHITE // 2), len(row))
