"""Sheets of pictures, and what is measured on them: grey differences and contrast of pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from posapp.ui.core.theme import Theme

_NAMES = 150
_HEAD = 34
_GAP = 8


def write_sheet(path: Path, pictures: Mapping[tuple[str, str], QImage], theme: Theme) -> None:
    """Write one picture of all: a row a control, in the order of its states."""
    rows: dict[str, list[tuple[str, QImage]]] = {}
    for (name, state), image in pictures.items():
        rows.setdefault(name, []).append((state, image))
    height = sum(_HEAD + max(image.height() for _, image in row) for row in rows.values())
    width = _NAMES + max(sum(image.width() + _GAP for _, image in row) for row in rows.values())
    sheet = QImage(width, height, QImage.Format.Format_RGB32)
    sheet.fill(theme.colour("surface"))
    painter = QPainter(sheet)
    painter.setPen(theme.colour("text"))
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    top = 0
    for name, row in rows.items():
        painter.drawText(QRect(_GAP, top, _NAMES, _HEAD), Qt.AlignmentFlag.AlignVCenter, name)
        left = _NAMES
        for state, image in row:
            place = QRect(left + _GAP, top, image.width(), _HEAD)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, state)
            painter.drawImage(left, top + _HEAD, image)
            left += image.width() + _GAP
        top += _HEAD + max(image.height() for _, image in row)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    assert sheet.save(str(path)), path


def in_grey(image: QImage) -> QImage:
    """Return a picture without its colours."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return grey.convertToFormat(QImage.Format.Format_RGB32)


def changed_pixels(one: QImage, other: QImage, least: int) -> int:
    """Return how many pixels of two grey pictures differ by some levels of 255."""
    difference = one.copy()
    painter = QPainter(difference)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, other)
    painter.end()
    levels = difference.convertToFormat(QImage.Format.Format_Grayscale8)
    table = bytes(1 if level >= least else 0 for level in range(256))
    stride, width = levels.bytesPerLine(), levels.width()
    data = bytes(levels.constBits()).translate(table)
    return sum(data[at : at + width].count(1) for at in range(0, len(data), stride))


def prominence(image: QImage) -> float:
    """Return the mean contrast of a picture's pixels with its corner, where the page shows."""
    colours = Counter(
        image.pixel(x, y) for y in range(image.height()) for x in range(image.width())
    )
    page = QColor(image.pixel(0, 0))
    whole = sum(contrast(QColor(colour), page) * n for colour, n in colours.items())
    return whole / colours.total()


def contrast_of_text(image: QImage, area: QRect) -> float:
    """Return the contrast of the strongest pixel of an area with the area's commonest one."""
    inside = image.copy(area.intersected(image.rect())).convertToFormat(QImage.Format.Format_RGB32)
    colours = Counter(memoryview(inside.constBits()).cast("I"))
    ground = QColor(colours.most_common(1)[0][0])
    return max(contrast(QColor(colour), ground) for colour in colours)


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
