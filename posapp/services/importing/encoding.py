"""Detect the encoding of a file: UTF-8, UTF-16, or the CP949 that Korean Excel saves."""

from __future__ import annotations

import codecs

from posapp.services.importing.import_errors import Cause, FileUnusable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(data: bytes) -> str:
    """Return the codec that reads every byte of ``data``.

    A byte order mark decides. Without one it is UTF-8 if all bytes decode as UTF-8, else CP949,
    which Korean Excel writes as "CSV". A mixture of UTF-8 and CP949 (two exports copied together)
    would decode as CP949, but into garbage: it is refused.

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
