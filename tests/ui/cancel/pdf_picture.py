"""Draws the pages of a PDF that Qt wrote as pictures: what a printer or a viewer makes of it.

Qt's own reader of PDFs is no part of PySide6-Essentials. This one knows the few operators that Qt
writes, and fails at any other.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QRawFont, QTransform

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.S)
_TOKEN = re.compile(rb"\[[^\]]*\]|<[0-9a-fA-F]*>|/\S+|[^\s\[\]<>/]+")
_POINTS_PER_INCH = 72
_FONT_PIXELS = 100.0
_IGNORED = frozenset("gs cs CS J j".split())


def pdf_pictures(path: Path, dots_per_inch: int) -> list[QImage]:
    """Return each page in black, white and greys, white where nothing is painted."""
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(path.read_bytes())}
    pages = [body for body in objects.values() if re.match(rb"<<\s*/Type /Page\b", body)]
    return [_picture(objects, page, dots_per_inch) for page in pages]


def _picture(objects: dict[int, bytes], page: bytes, dots_per_inch: int) -> QImage:
    box = re.search(rb"/MediaBox \[0 0 (\S+) (\S+)\]", page)
    assert box is not None
    scale, height = dots_per_inch / _POINTS_PER_INCH, float(box[2])
    picture = QImage(
        round(float(box[1]) * scale), round(height * scale), QImage.Format.Format_Grayscale8
    )
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setTransform(QTransform(scale, 0, 0, -scale, 0, height * scale))
    resources = objects[_reference(rb"/Resources", page)]
    fonts = {
        name.decode(): _font(objects, objects[int(number)])
        for name, number in re.findall(rb"(/F\d+) (\d+) 0 R", resources)
    }
    _Page(painter, fonts).paint(_stream(objects[_reference(rb"/Contents", page)]))
    painter.end()
    return picture


class _Page:
    """What the operators of one page have set."""

    def __init__(self, painter: QPainter, fonts: dict[str, QRawFont]) -> None:
        self._painter, self._fonts = painter, fonts
        self._path, self._clips = QPainterPath(), False
        self._fill, self._pen = QColor("black"), QPen()
        self._kept: list[tuple[QColor, QPen]] = []
        self._font, self._size = QRawFont(), 0.0
        self._text, self._at = QTransform(), QPointF()

    def paint(self, content: bytes) -> None:
        """Carry out all operators."""
        given: list[str] = []
        for token in (one.decode() for one in _TOKEN.findall(content)):
            if not re.fullmatch(r"[A-Za-z]+\*?", token):
                given.append(token)
                continue
            if token not in _IGNORED:
                self._carry_out(token, given)
            given = []

    def _carry_out(self, name: str, given: list[str]) -> None:
        painter, path = self._painter, self._path
        if name in ("d", "Tf", "Tj"):
            self._with_text(name, given)
            return
        numbers = [float(one) for one in given]
        match name:
            case "q":
                painter.save()
                self._kept.append((QColor(self._fill), QPen(self._pen)))
            case "Q":
                painter.restore()
                self._fill, self._pen = self._kept.pop()
            case "cm":
                painter.setTransform(QTransform(*numbers), combine=True)
            case "w":
                self._pen.setWidthF(numbers[0])
            case "scn":
                self._fill = QColor.fromRgbF(*numbers)
            case "SCN":
                self._pen.setColor(QColor.fromRgbF(*numbers))
            case "m":
                path.moveTo(*numbers)
            case "l":
                path.lineTo(*numbers)
            case "c":
                path.cubicTo(*numbers)
            case "h":
                path.closeSubpath()
            case "re":
                path.addRect(QRectF(*numbers))
            case "W" | "W*":
                self._clips = True
                path.setFillRule(_rule(name))
            case "S" | "f" | "f*" | "B" | "B*" | "n":
                self._finish(name)
            case "BT":
                self._at = QPointF()
            case "Tm":
                self._text, self._at = QTransform(*numbers), QPointF()
            case "Td":
                self._at += QPointF(*numbers)
            case "ET":
                pass
            case _:
                raise AssertionError(f"the operator {name} of {given}")

    def _with_text(self, name: str, given: list[str]) -> None:
        if name == "d":
            lengths = [float(one) for one in given[0].strip("[]").split()]
            if lengths:
                width = self._pen.widthF() or 1
                self._pen.setDashPattern([length / width for length in lengths])
            else:
                self._pen.setStyle(Qt.PenStyle.SolidLine)
        elif name == "Tf":
            self._font, self._size = self._fonts[given[0]], float(given[1])
        else:
            glyphs = given[0].strip("<>")
            for at in range(0, len(glyphs), 4):
                self._glyph(int(glyphs[at : at + 4], 16))

    def _glyph(self, number: int) -> None:
        size = self._size / _FONT_PIXELS
        outline = self._font.pathForGlyph(number)
        place = QTransform(size, 0, 0, -size, 0, 0)  # in Qt the text goes up with falling y
        place *= QTransform.fromTranslate(self._at.x(), self._at.y()) * self._text
        self._painter.fillPath(place.map(outline), self._fill)

    def _finish(self, name: str) -> None:
        if name != "n":
            self._path.setFillRule(_rule(name))
        if name in ("f", "f*", "B", "B*"):
            self._painter.fillPath(self._path, self._fill)
        if name in ("S", "B", "B*"):
            self._painter.strokePath(self._path, self._pen)
        if self._clips:
            self._painter.setClipPath(self._path, Qt.ClipOperation.IntersectClip)
        self._path, self._clips = QPainterPath(), False


def _rule(operator: str) -> Qt.FillRule:
    return Qt.FillRule.OddEvenFill if operator.endswith("*") else Qt.FillRule.WindingFill


def _font(objects: dict[int, bytes], font: bytes) -> QRawFont:
    for key in (rb"/DescendantFonts \[", rb"/FontDescriptor", rb"/FontFile2"):
        font = objects[_reference(key, font)]
    loaded = QRawFont(QByteArray(_stream(font)), _FONT_PIXELS)
    assert loaded.isValid()
    return loaded


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1])


def _reference(key: bytes, body: bytes) -> int:
    found = re.search(key + rb" ?(\d+) 0 R", body)
    assert found is not None, key
    return int(found[1])
