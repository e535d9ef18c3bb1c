"""Draws parts of a roll as dots, for letters that a printer does not have."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from posapp.domain.bars import modules_of
from posapp.domain.cells import cells, glyph_cells, glyphs
from posapp.domain.roll import (
    BAR_HEIGHT,
    CELL,
    LINE,
    RollBars,
    RollCode,
    RollLine,
    RollPart,
    RollPicture,
    bar_dots,
    module_dots,
)
from posapp.ui.core.fonts import FAMILIES
from posapp.ui.printing.order_code import code_matrix

_LETTER = 22
"""Size of a letter in dots: a syllable of it fits two cells."""

_BASE = 23
"""Dots from the top of a line to the foot of its letters."""

_PAPER, _DARK = 255, 128
"""Grey of the paper, and below which a dot is black."""


def draw_parts(parts: Sequence[RollPart], columns: int) -> RollPicture:
    """Draw some parts, one below the other; callable in any thread.

    Letters stand in their cells as the printer's own ones do, so that amounts end at one edge
    whoever writes them; a letter that is wider than its cells is narrowed.
    """
    heights = [_height(part, columns) for part in parts]
    image = QImage(columns * CELL, sum(heights), QImage.Format.Format_Grayscale8)
    image.fill(_PAPER)
    painter = QPainter(image)
    pen = _Pen(painter)
    top = 0
    for part, height in zip(parts, heights, strict=True):
        if isinstance(part, RollCode):
            _draw_code(painter, part, columns, top)
        elif isinstance(part, RollBars):
            _draw_bars(painter, part, columns, top)
        else:
            pen.draw(part, columns, top)
        top += height
    painter.end()
    return _dots(image)


class _Pen:
    """Draws lines of letters, each in its cells."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self._fonts = {is_bold: _font(is_bold=is_bold) for is_bold in (False, True)}
        self._metrics = {is_bold: QFontMetricsF(font) for is_bold, font in self._fonts.items()}

    def draw(self, line: RollLine, columns: int, top: int) -> None:
        """Draw a line below ``top``."""
        scale = _scale(line)
        left = (columns - cells(line.text) * scale) // 2 * CELL if line.is_centred else 0
        painter, metrics = self._painter, self._metrics[line.is_bold]
        painter.setFont(self._fonts[line.is_bold])
        for glyph in glyphs(line.text):
            room = glyph_cells(glyph) * CELL
            if not glyph.isspace():
                width = metrics.horizontalAdvance(glyph)
                narrowed = min(1.0, room / width) if width else 1.0
                shift = (room - width * narrowed) / 2
                painter.resetTransform()
                painter.translate(left + shift * scale, top)
                painter.scale(scale * narrowed, scale)
                painter.drawText(0, _BASE, glyph)
            left += room * scale
        painter.resetTransform()


def _draw_code(painter: QPainter, code: RollCode, columns: int, top: int) -> None:
    matrix, module = code_matrix(code.text), module_dots(columns)
    image = QImage(
        matrix.pixels, matrix.side, matrix.side, matrix.side, QImage.Format.Format_Grayscale8
    )
    side = matrix.side * module
    painter.drawImage(QRect((columns * CELL - side) // 2, top, side, side), image)


def _draw_bars(painter: QPainter, bars: RollBars, columns: int, top: int) -> None:
    modules, dots = modules_of(bars.text), bar_dots(bars.text, columns)
    left = (columns * CELL - len(modules) * dots) // 2
    for at, module in enumerate(modules):
        if module == "1":
            painter.fillRect(left + at * dots, top, dots, BAR_HEIGHT, painter.pen().color())


def _height(part: RollPart, columns: int) -> int:
    if isinstance(part, RollCode):
        return code_matrix(part.text).side * module_dots(columns)
    if isinstance(part, RollBars):
        return BAR_HEIGHT
    return LINE * _scale(part)


def _scale(line: RollLine) -> int:
    return 2 if line.is_large else 1


def _font(*, is_bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(_LETTER)
    font.setBold(is_bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _dots(image: QImage) -> RollPicture:
    """Return a grey picture as dots: what is darker than half is black."""
    threshold = Qt.ImageConversionFlag.ThresholdDither
    mono = image.convertToFormat(QImage.Format.Format_Mono, threshold)
    if mono.color(0) & 0xFF < _DARK:
        mono.invertPixels()
    step, used = mono.bytesPerLine(), image.width() // 8
    bits = memoryview(mono.constBits()).cast("B")
    rows = b"".join(bits[y * step : y * step + used] for y in range(mono.height()))
    return RollPicture(used, bytes(rows))
