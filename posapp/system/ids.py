"""Unguessable numbers."""

from __future__ import annotations

import base64
import secrets

from posapp.domain.merchant_numbers import build_merchant_uid, build_refund_tag


class RandomIds:
    """The ``IdGenerator`` of a running program, from the system's random numbers.

    Base32 in one case: upper and lower case are easily confused when a number is read out over the
    phone.

    Args:
        till: the code of the database that stores the numbers.
    """

    def __init__(self, till: str) -> None:
        self._till = till

    def merchant_uid(self, order_id: int) -> str:
        """Return a number with at least 100 random bits; how many more fit into PortOne's 40
        characters depends on the order's digits."""
        return build_merchant_uid(self._till, order_id, _base32(17))

    def refund_tag(self, item_id: int | None) -> str:
        """Return a tag with 16 random characters, 80 bits: it is unique; it need not be secret."""
        return build_refund_tag(item_id, _base32(10))

    def recovery_letters(self) -> str:
        """Return 24 letters and digits of base 32: 120 random bits."""
        return _base32(15).upper()


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode("ascii").rstrip("=").lower()
