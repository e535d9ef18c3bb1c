"""Numbers of buyers and products that a file names without a number.

The same name gives the same number in every file, so that an order that is read again is the same
order. The numbers are above those that people give.
"""

from __future__ import annotations

from hashlib import blake2b

from posapp.domain.phones import phone_digits

FIRST = 10**15
"""Smallest number that is made of a name."""

_BYTES = 6


def buyer_number(name: str, phone: str) -> int:
    """Return the number of the buyer with this name and phone number; 0 without a name."""
    return _number("buyer", name, phone_digits(phone)) if name else 0


def product_number(name: str, seller_id: int) -> int:
    """Return the number of a seller's product with this name; 0 without a name."""
    return _number("product", name, str(seller_id)) if name else 0


def _number(*parts: str) -> int:
    digest = blake2b("\0".join(parts).encode(), digest_size=_BYTES).digest()
    return FIRST + int.from_bytes(digest)
