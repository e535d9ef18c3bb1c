"""Detect the encoding of a file: UTF-8, UTF-16, or the CP949 that Korean Excel saves."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from posapp.services.importing.import_errors import Cause, FileUnusable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """The text of a file: its bytes without byte order marks and without the mark of its end.

    Attributes:
        encoding: a codec that reads every byte.
    """

    data: bytes
    encoding: str

    @property
    def text(self) -> str:
        """The whole text."""
        return self.data.decode(self.encoding)


def text_of(data: bytes) -> TextFile:
    """Find the encoding of a file.

    A byte order mark decides. Without one it is UTF-8 if all bytes decode as UTF-8, else CP949,
    which Korean Excel writes as "CSV". A mixture of UTF-8 and CP949 (two exports copied together)
    would decode as CP949, but into garbage: it is refused. Further byte order marks, as files have
    that were written twice, are dropped; and so is the sign of DOS for the end of a file (0x1A).

    Raises:
        FileUnusable: ``ENCODING_BROKEN`` or ``ENCODING_MIXED``, with the first line that does not
            fit; ``NUL_TAIL``: the file ends with NULs, as after a power failure.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            while data.startswith(mark):
                data = data[len(mark) :]
            return _proven(_without_end(data, codec), codec)
    data = _without_end(data, "utf-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as first:
        mixed = _first_utf8_hangul_line(data)
        if mixed:
            line = _line_at(data, first.start)
            raise FileUnusable(Cause.ENCODING_MIXED, min(line, mixed)) from None
        return _proven(data, "cp949")
    return TextFile(data, "utf-8")


def _without_end(data: bytes, codec: str) -> bytes:
    """Take DOS's sign of the end off, with the blanks around it, and refuse a tail of NULs."""
    width = 2 if codec.startswith("utf-16") else 1
    blanks = [sign.encode(codec) for sign in "\x1a\r\n\t "]
    end = len(data) - len(data) % width
    has_sign = False
    while end and data[end - width : end] in blanks:
        has_sign = has_sign or data[end - width : end] == blanks[0]
        end -= width
    if end and data[end - width : end] == b"\0" * width:
        raise FileUnusable(Cause.NUL_TAIL, _line_at(data, len(data.rstrip(b"\0"))))
    return data[:end] if has_sign else data


def _proven(data: bytes, codec: str) -> TextFile:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        raise FileUnusable(Cause.ENCODING_BROKEN, _line_at(data, error.start)) from None
    return TextFile(data, codec)


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _first_utf8_hangul_line(data: bytes) -> int:
    """Return the first line that holds Hangul in UTF-8; 0 if there is none.

    UTF-8 Hangul starts with EA…ED, which in CP949 are rare Chinese characters only.
    """
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if any("\uac00" <= character <= "\ud7a3" for character in text):
            return number
    return 0
