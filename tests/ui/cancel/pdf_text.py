"""Reads the words and the inks of a PDF that Qt wrote: what is really on the paper."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.S)


class PdfText:
    """``pages``: the text of each page without blanks, in the order it was painted. ``inks``: the
    colours it was painted in. ``dotted``: how many dotted lines each page has."""

    def __init__(self, path: Path) -> None:
        found = {int(m[1]): m[2] for m in _OBJECT.finditer(path.read_bytes())}
        self._objects = found
        self.colours: set[bytes] = set()
        self.dotted: list[int] = []
        pages = [body for body in found.values() if re.match(rb"<<\s*/Type /Page\b", body)]
        self.pages = [self._page(body) for body in pages]

    def _page(self, body: bytes) -> str:
        resources = self._objects[_reference(rb"/Resources", body)]
        fonts = {
            name: self._letters(self._objects[int(number)])
            for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", resources)
        }
        stream = _STREAM.search(self._objects[_reference(rb"/Contents", body)])
        assert stream is not None
        content = zlib.decompress(stream[1])
        self.colours |= set(re.findall(rb"([\d. ]+) scn\b", content))
        self.colours |= set(re.findall(rb"([\d. ]+) SCN\b", content))
        self.dotted.append(len(re.findall(rb"\[[\d.]+ [\d. ]+\]\s*\d*\s*d\b", content)))
        text, font = [], b""
        for name, shown in re.findall(rb"/(F\d+) \S+ Tf|<([0-9a-fA-F]+)> Tj", content):
            font = name or font
            glyphs = [shown[at : at + 4] for at in range(0, len(shown), 4)]
            text += [fonts[font].get(int(glyph, 16), "?") for glyph in glyphs]
        return "".join("".join(text).split())

    def _letters(self, font: bytes) -> dict[int, str]:
        table = self._objects[_reference(rb"/ToUnicode", font)]
        letters: dict[int, str] = {}
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
            for first, last, to in re.findall(rb"<(\w+)> <(\w+)> (<\w+>|\[.*?\])", block, re.S):
                targets = [int(one, 16) for one in re.findall(rb"<(\w+)>", to)]
                for at, glyph in enumerate(range(int(first, 16), int(last, 16) + 1)):
                    letters[glyph] = chr(targets[at] if len(targets) > 1 else targets[0] + at)
        return letters


def _reference(key: bytes, body: bytes) -> int:
    found = re.search(key + rb" (\d+) 0 R", body)
    assert found is not None
    return int(found[1])


def pdf_printer(path: Path) -> QPrinter:
    """Return a printer that writes a PDF."""
    made = QPrinter()
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    return made
