"""Sanitising of foreign text."""

from __future__ import annotations

import re
import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
"""Joins emoji to one picture; the only format character that a name keeps."""

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing: fillers of Hangul, the empty Braille pattern, and others."""

_EXCEL_COAT = re.compile(
    r"""\s*(?:=\s*["“](?P<formula>[^"”]*)["”]|=\s*(?P<bare>[0-9]+)"""
    r"""|["“](?P<quoted>[^"”]*)["”]|['’‘](?P<mark>[^'’‘]*))\s*"""
)
"""Forms in which a cell holds digits as text: ``="010"``, ``=010``, ``"010"`` and ``'010``."""


def strip_controls(text: str) -> str:
    """Return ``text`` on one line without control and direction marks: for the wire and printed
    slips."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clean_name(text: str) -> str:
    """Return a name on one line without control characters and what ``without_invisible`` drops;
    joined emoji stay. Empty if it shows nothing."""
    kept = without_invisible(text)
    plain = (c if c == ZERO_WIDTH_JOINER or c.isprintable() else " " for c in kept)
    return " ".join("".join(plain).split())


def without_invisible(text: str) -> str:
    """Return ``text`` without format characters (zero-width blanks, byte order marks, direction
    marks, soft hyphens), but with joined emoji; empty if what is left shows nothing."""
    if text.isascii():
        return text
    kept = text
    if not text.isprintable():
        kept = "".join(c for c in text if c == ZERO_WIDTH_JOINER or unicodedata.category(c) != "Cf")
    return kept if any(_is_visible(c) for c in kept) else ""


def without_coat(text: str) -> str:
    """Return the text in a cell that was written so that a spreadsheet keeps it as text
    (``="010"``, ``'010``); other text as it is."""
    found = _EXCEL_COAT.fullmatch(text)
    return text if found is None else next(one for one in found.groups() if one is not None)


def _is_visible(character: str) -> bool:
    if character in _BLANK_LETTERS or character.isspace():
        return False
    category = unicodedata.category(character)
    return category[0] not in "CM" or category in ("Cc", "Cs", "Co")
