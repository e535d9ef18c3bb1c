"""JSON reader that records line numbers: Python's reader reports the position of an error, but not
the line of a valid record."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder

from posapp.services.importing.import_errors import Cause, FileUnusable

DEPTH_LIMIT = 16
_BLANK = re.compile(r"[ \t\n\r]*")
_CUT_LITERAL = re.compile(r"[\\\w-]{0,8}\s*")
"""Rest of a text that was cut inside ``false`` or ``\\u1234``."""


class Located(dict[str, object]):
    """A JSON object with its first line and its duplicate keys."""

    __slots__ = ("line", "twice")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.twice: list[str] = []


def read_json(text: str) -> object:
    """Return the value of a JSON text; objects are ``Located``, lists are lists.

    Numbers with a point, NaN and Infinity are ``Decimal``; floats never occur.

    Raises:
        FileUnusable: ``JSON_TRUNCATED``, ``JSON_BROKEN`` with line and column, ``JSON_TOO_DEEP``.
    """
    return _Text(text).whole()


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._decoder = JSONDecoder(parse_float=Decimal, parse_constant=Decimal)

    def whole(self) -> object:
        value, end = self._value(self._skip(0), 0)
        if self._skip(end) != len(self._text):
            raise self._broken(self._skip(end))
        return value

    def _value(self, at: int, depth: int) -> tuple[object, int]:
        if depth > DEPTH_LIMIT:
            raise FileUnusable(Cause.JSON_TOO_DEEP, self._line(at), limit=DEPTH_LIMIT)
        first = self._text[at : at + 1]
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._list(at, depth)
        try:
            return self._decoder.raw_decode(self._text, at)
        except JSONDecodeError as error:
            if error.msg.startswith("Unterminated string"):
                raise FileUnusable(Cause.JSON_TRUNCATED, self._line(len(self._text))) from None
            raise self._broken(error.pos) from None
        except ValueError:  # a number of thousands of digits, which Python refuses to read
            raise self._broken(at) from None

    def _object(self, at: int, depth: int) -> tuple[Located, int]:
        found = Located(self._line(at))
        at = self._skip(at + 1)
        if self._text[at : at + 1] == "}":
            return found, at + 1
        while True:
            if self._text[at : at + 1] != '"':
                raise self._broken(at)
            key, at = self._value(at, depth + 1)
            at = self._skip(at)
            if self._text[at : at + 1] != ":":
                raise self._broken(at)
            value, at = self._value(self._skip(at + 1), depth + 1)
            name = str(key)
            if name in found:
                found.twice.append(name)
            found[name] = value
            at, more = self._next(at, "}")
            if not more:
                return found, at

    def _list(self, at: int, depth: int) -> tuple[list[object], int]:
        found: list[object] = []
        at = self._skip(at + 1)
        if self._text[at : at + 1] == "]":
            return found, at + 1
        while True:
            value, at = self._value(at, depth + 1)
            found.append(value)
            at, more = self._next(at, "]")
            if not more:
                return found, at

    def _next(self, at: int, close: str) -> tuple[int, bool]:
        """After a value: return the start of the next one, or the end of the container."""
        at = self._skip(at)
        mark = self._text[at : at + 1]
        if mark == close:
            return at + 1, False
        if mark != ",":
            raise self._broken(at)
        return self._skip(at + 1), True

    def _skip(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _broken(self, at: int) -> FileUnusable:
        """Distinguish a truncated text from invalid JSON: the advice differs."""
        line = self._line(at)
        if at and _CUT_LITERAL.fullmatch(self._text, at):
            return FileUnusable(Cause.JSON_TRUNCATED, line)
        column = at - self._starts[line - 1] + 1
        return FileUnusable(Cause.JSON_BROKEN, line, value=self._text[at : at + 20], column=column)
