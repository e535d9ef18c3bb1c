"""Business registration number (사업자등록번호): ten digits, the last a check digit."""

from __future__ import annotations

import unicodedata

_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_DIGITS = 10


def format_business_number(text: str) -> str:
    """Return the number as ``123-45-67891``; dashes, blanks and full-width digits are taken.

    Raises:
        ValueError: it has not ten digits, or the check digit is wrong.
    """
    given = unicodedata.normalize("NFKC", text)
    digits = "".join(c for c in given if c not in "-‐‑–—.") if given else ""
    digits = "".join(digits.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
        raise ValueError("a business registration number of 10 digits")
    if int(digits[-1]) != _check_digit(digits):
        raise ValueError("a business registration number with a right check digit")
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def _check_digit(digits: str) -> int:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    total += _WEIGHTS[-1] * int(digits[8]) // 10
    return -total % 10
