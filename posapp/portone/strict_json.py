"""Strict JSON parser for answers about money.

The standard library accepts ``NaN``, keeps the last of two equal keys and nests until the
interpreter fails; here each of these makes the whole answer invalid.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NoReturn

DEEPEST = 32
"""Limit of nesting levels; PortOne's answers have five."""

# An unterminated string is matched to the end of the body at once: a new try from each of its
# quotes would take quadratic time.
_MARK = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class NotJson(ValueError):
    """The text is not valid strict JSON."""


def parse(body: bytes) -> object:
    """Return the value of a UTF-8 JSON text; numbers with a point are ``Decimal``, exact.

    Raises:
        NotJson: not UTF-8, not JSON, a key twice in an object, NaN or infinity, or nested deeper
            than ``DEEPEST``.
    """
    _refuse_depth(body)
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=Decimal,
        )
    except (ValueError, RecursionError) as error:
        # The library's own message quotes the text; an answer may hold what no log should.
        raise NotJson(type(error).__name__) from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotJson("a key twice")
    return value


def _no_constant(name: str) -> NoReturn:
    raise NotJson(name)


def _refuse_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return  # the usual case: an answer about one payment
    depth = 0
    for mark in _MARK.finditer(body):
        first = body[mark.start()]
        if first in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise NotJson("nested too deep")
        elif first in b"]}":
            depth -= 1
