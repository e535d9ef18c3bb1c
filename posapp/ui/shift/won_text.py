"""Amounts and counts as they are typed."""

from __future__ import annotations

_MOST_DIGITS = 12


def typed_number(text: str) -> int | None:
    """Return the whole number that is typed, with or without commas; ``None``: it is none."""
    digits = text.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
        return None
    return int(digits)
