"""Codes of products: how they are typed, stored, scanned and made.

A trade item number of GS1 is stored in 14 digits, so that EAN-8, UPC-A, EAN-13 and GTIN-14 of one
product are one code. Any other code is 1 to ``LONGEST_BARCODE`` printable characters of ASCII,
stored in lower case: Hangul mode of the keyboard loses the case.
"""

from __future__ import annotations

import re

from posapp.domain.codes import GTIN_LENGTHS, LONGEST_BARCODE, gtin14, is_gtin, normal_barcode
from posapp.domain.errors import ErrorCode, UserError

OWN_PREFIX = "20"
"""Prefix of the codes that the shop makes: one that GS1 leaves to shops."""

MOST_OWN_CODES = 10**10
"""Own codes have ten digits between prefix and check digit."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""Symbology identifier that some scanners send before each code: ``]C1``, ``]E0``."""


def check_digit(digits: str) -> int:
    """Return the check digit of GS1 for the digits before it: they are weighted 3, 1, 3 … from the
    right, and all together sum up to a multiple of 10."""
    total = sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(digits[::-1]))
    return -total % 10


def code_key(code: str) -> str:
    """Return a code as it is stored and compared: a trade item number in 14 digits, any other code
    in lower case."""
    return gtin14(code) or code.lower()


def typed_code(text: str) -> str:
    """Return the key of a code that a person typed.

    Raises:
        UserError: ``CODE_CHECK_DIGIT`` with the right ``digit``: a number of the length of an EAN
            or UPC whose check digit is wrong; ``CODE_FORM``: no code.
    """
    code = normal_barcode(text)
    if len(code) in GTIN_LENGTHS and code.isascii() and code.isdigit() and not is_gtin(code):
        raise UserError(ErrorCode.CODE_CHECK_DIGIT, digit=check_digit(code[:-1]))
    return _valid_key(code)


def scanned_key(code: str) -> str:
    """Return the key of a scanned code that is to be stored. The scanner verified it: a number
    whose check digit is no GS1's is a text.

    Raises:
        UserError: ``CODE_FORM``: no code.
    """
    return _valid_key(scanned_code(code))


def scanned_code(text: str) -> str:
    """Return what a scanner sent as a code: without its identifier (``]C1``), control characters
    and blanks around it, at most ``LONGEST_BARCODE`` characters. Empty if nothing is left."""
    # Nothing of a longer text is looked up, so no more of it is read.
    printable = "".join(c for c in text[: 4 * LONGEST_BARCODE] if c.isprintable()).strip()
    identifier = _AIM.match(printable)
    bare = printable[identifier.end() :] if identifier else printable
    return bare[:LONGEST_BARCODE].strip()


def own_code(number: int) -> str:
    """Return the shop's own code of a number: 13 digits, ``20``, the number and a check digit.

    Args:
        number: from 1 to ``MOST_OWN_CODES`` - 1.

    Raises:
        ValueError: another number.
    """
    if not 0 < number < MOST_OWN_CODES:
        raise ValueError(f"no own code has the number {number}")
    digits = f"{OWN_PREFIX}{number:010}"
    return f"{digits}{check_digit(digits)}"


def _valid_key(code: str) -> str:
    if not (0 < len(code) <= LONGEST_BARCODE and code.isascii() and code.isprintable()):
        raise UserError(ErrorCode.CODE_FORM, longest=LONGEST_BARCODE)
    return code_key(code)
