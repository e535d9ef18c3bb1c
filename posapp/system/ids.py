"""Numbers that nobody can guess."""

from __future__ import annotations

import base64
import secrets

from posapp.domain.numbers import merchant_uid_of, tag_of


class RandomIds:
    """The ``Ids`` of a running program, from the system's random numbers.

    Base32: no upper and lower case to be mixed up when a number is read out over the phone.
    """

    def merchant_uid(self, order_id: int) -> str:
        """26 random characters, 128 bits; of an order whose id has more than nine digits in base
        36, at least 22 characters, 110 bits, fit into what PortOne takes."""
        return merchant_uid_of(order_id, _base32(16))

    def refund_tag(self, item_id: int | None) -> str:
        """16 random characters, 80 bits: it is unique, it need not be secret."""
        return tag_of(item_id, _base32(10))


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode("ascii").rstrip("=").lower()
