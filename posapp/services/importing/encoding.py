"""Which letters a file is written in: UTF-8, what Excel saves in Korea, or nothing readable."""

from __future__ import annotations

import codecs

from posapp.services.importing.complaints import Cause, FileUnusable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(data: bytes) -> str:
    """Return the codec that reads every byte of ``data``.

    A byte order mark decides; without one it is UTF-8 if all of it is, else CP949, which is what
    Korean Excel writes as "CSV". A file that is partly UTF-8 and partly CP949 (two exports copied
    together) would be readable as CP949, but as nonsense: it is refused instead.

    Raises:
        FileUnusable: ``ENCODING_BROKEN`` or ``ENCODING_MIXED``, with the first line that does not
            fit.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _proven(data, codec)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as first:
        mixed = _first_utf8_hangul_line(data)
        if mixed:
            line = _line_at(data, first.start)
            raise FileUnusable(Cause.ENCODING_MIXED, min(line, mixed)) from None
        return _proven(data, "cp949")
    return "utf-8"


def _proven(data: bytes, codec: str) -> str:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        raise FileUnusable(Cause.ENCODING_BROKEN, _line_at(data, error.start)) from None
    return codec


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _first_utf8_hangul_line(data: bytes) -> int:
    """The first line that holds Hangul in UTF-8; 0 if none does.

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
