"""Codes that a scanner reads: order numbers and barcodes of products."""

from __future__ import annotations

import re
import unicodedata

from posapp.domain.errors import UserError
from posapp.domain.text import without_coat, without_invisible
from posapp.domain.users import parse_id

LONGEST_BARCODE = 48
"""Characters of a product's barcode at most."""

ORDER_PREFIX = "po"
"""Prefix of an order number in our codes, compared without case.

Hangul mode of the keyboard loses the case.
"""

_AROUND_NUMBER = re.compile(
    r"\s*(?:주문\s*(?:번호)?|no\.?|#)?\s*(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\s*번?\s*",
    re.IGNORECASE,
)

GTIN_LENGTHS = (8, 12, 13, 14)
"""Digits of a trade item number: EAN-8, UPC-A, EAN-13, GTIN-14."""

_SHORTEST_GTIN = 6
"""Digits of a GTIN whose zeros at the front a spreadsheet took off, at least."""

_DECIMALS = re.compile(r"([0-9]+)\.0+")


def is_order_code(code: str) -> bool:
    """Return whether the code can only name an order: ``PO`` and its number."""
    return code[: len(ORDER_PREFIX)].lower() == ORDER_PREFIX and order_number(code) is not None


def order_code(number: int) -> str:
    """Return the code of an order, as its papers show it: ``PO1024``."""
    return f"{ORDER_PREFIX.upper()}{number}"


def order_number(code: str) -> int | None:
    """Return the order number in a code, ``PO`` and digits or digits alone, or ``None``."""
    has_prefix = code[: len(ORDER_PREFIX)].lower() == ORDER_PREFIX
    try:
        return parse_id(code[len(ORDER_PREFIX) :] if has_prefix else code)
    except UserError:
        return None


def typed_number(text: str) -> int | None:
    """Return the order number that a person typed, or ``None``: ``1,200``, ``1200번``, ``No.1200``
    and ``１２００`` are 1200, like ``1200``."""
    typed = _AROUND_NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    return None if typed is None else order_number(typed["digits"].replace(",", ""))


def is_gtin(code: str) -> bool:
    """Return whether it is a trade item number of GS1 (EAN-8, UPC-A, EAN-13, GTIN-14).

    The check digit decides: the others, weighted 3, 1, 3 … from the right, and it sum up to a
    multiple of 10.
    """
    if len(code) not in GTIN_LENGTHS or not (code.isascii() and code.isdigit()):
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(code[::-1])) % 10 == 0


def normal_barcode(text: str) -> str:
    """Return a barcode as it is stored: digits and letters of usual width, without a spreadsheet's
    coat, blanks around it and invisible characters."""
    plain = unicodedata.normalize("NFKC", without_coat(without_invisible(text).strip())).strip()
    number = _DECIMALS.fullmatch(plain)
    return number[1] if number is not None else plain


def gtin14(code: str) -> str | None:
    """Return the trade item number in 14 digits, or ``None`` if the code is none.

    EAN-8, UPC-A, EAN-13 and GTIN-14 of one item are the same number, also without the zeros at
    its front.
    """
    if not (code.isascii() and code.isdigit() and _SHORTEST_GTIN <= len(code) <= 14):
        return None
    number = code.zfill(14)
    return number if is_gtin(number) else None


def barcode_spellings(code: str) -> tuple[str, ...]:
    """Return the spellings under which a product's barcode may be stored, in lower case.

    Barcodes are compared as GTIN-14: a GTIN may stand there in each of its widths, and without the
    zeros that a spreadsheet took off. Empty if it is no barcode: 1 to ``LONGEST_BARCODE`` printable
    characters of ASCII.
    """
    if not (0 < len(code) <= LONGEST_BARCODE and code.isascii() and code.isprintable()):
        return ()
    number = gtin14(code)
    if number is None:
        return (code.lower(),)
    bare = number.lstrip("0")
    widths = (bare.zfill(width) for width in GTIN_LENGTHS if width >= len(bare))
    return tuple(dict.fromkeys((code, bare, *widths)))
