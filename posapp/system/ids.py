"""Numbers that nobody can guess."""

from __future__ import annotations

import base64
import secrets

from posapp.domain.numbers import merchant_uid_of, tag_of


class RandomIds:
    """The ``Ids`` of a running program, from the system's random numbers.

    Base32: no upper and lower case to be mixed up when a number is read out over the phone.

    Args:
        till: the code of the database that the numbers are kept in.
    """

    def __init__(self, till: str) -> None:
        self._till = till

    def merchant_uid(self, order_id: int) -> str:
        """At least 100 random bits; how many more fit into PortOne's 40 characters depends on the
        order's digits."""
        return merchant_uid_of(self._till, order_id, _base32(17))

    def refund_tag(self, item_id: int | None) -> str:
        """16 random characters, 80 bits: it is unique, it need not be secret."""
        return tag_of(item_id, _base32(10))


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode("ascii").rstrip("=").lower()
