"""Phone numbers of Korea in one form, however people, files and spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata

from posapp.domain.text import without_coat, without_invisible

_SEPARATORS = " \t-‐‑‒–—―−－~.()/·"
_WITHOUT_SEPARATORS = {ord(c): None for c in _SEPARATORS}

_PHONE = re.compile(r"\+?[0-9]+")
_DECIMALS = re.compile(r"\.0+")
"""What a number has at its end that a program wrote as a fraction."""

_LOST_ZERO = re.compile(
    r"1[016789][0-9]{7,8}|2[0-9]{7,8}|(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])[0-9]{7,8}"
    r"|(?:70|80)[0-9]{7,8}|50[0-9]{8,9}"
)
"""A number of Korea whose first 0 a spreadsheet took off: mobile, Seoul, other areas, services."""

_COUNTRY = re.compile(r"(?:\+|00)?82(?P<rest>0?[1-9][0-9]{7,10})")

_SHAPES = (
    (re.compile(r"(02)([0-9]{3,4})([0-9]{4})"), "{}-{}-{}"),
    (re.compile(r"(050[0-9])([0-9]{3,4})([0-9]{4})"), "{}-{}-{}"),
    (re.compile(r"(0[0-9]{2})([0-9]{3,4})([0-9]{4})"), "{}-{}-{}"),
    (re.compile(r"(1[0-9]{3})([0-9]{4})"), "{}-{}"),
)

_ROUNDED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")


def is_rounded(text: str) -> bool:
    """Return whether a spreadsheet wrote a long number in short: ``1.01235E+09``. Its last digits
    are lost."""
    plain = without_coat(unicodedata.normalize("NFKC", without_invisible(text)))
    return _ROUNDED.fullmatch(plain.strip()) is not None


def phone_digits(text: str) -> str:
    """Return the digits of a phone number in the form that is stored and searched: those of
    Korea begin with 0, also if they were written with +82 or lost their zero.

    ``010-1234-5678``, ``+82 10 1234 5678``, ``1012345678`` and ``０１０１２３４５６７８`` are
    ``01012345678``. Other text gives the digits that it has.
    """
    plain = unicodedata.normalize("NFKC", without_coat(without_invisible(text)))
    bare = _DECIMALS.sub("", plain.strip(), count=1) if plain.count(".") == 1 else plain.strip()
    digits = bare.translate(_WITHOUT_SEPARATORS)
    if _PHONE.fullmatch(digits) is None:
        return "".join(c for c in plain if c.isascii() and c.isdigit())
    foreign = _COUNTRY.fullmatch(digits)
    if foreign is not None:
        rest = foreign["rest"]
        return rest if rest.startswith("0") else f"0{rest}"
    digits = digits.lstrip("+")
    return f"0{digits}" if _LOST_ZERO.fullmatch(digits) else digits


def normal_phone(text: str) -> str:
    """Return a phone number as it is stored and shown: ``010-1234-5678``.

    A number of an unknown form keeps its writing, without a spreadsheet's coat and invisible
    characters.
    """
    plain = without_coat(without_invisible(text))
    bare = unicodedata.normalize("NFKC", plain).strip().translate(_WITHOUT_SEPARATORS)
    if _PHONE.fullmatch(_DECIMALS.sub("", bare, count=1)) is None:
        return plain.strip()
    digits = phone_digits(plain)
    for shape, form in _SHAPES:
        found = shape.fullmatch(digits)
        if found is not None:
            return form.format(*found.groups())
    return unicodedata.normalize("NFKC", plain).strip()
