"""Numbers that nobody can guess."""

from __future__ import annotations

import base64
import secrets

MERCHANT_PREFIX = "pos-"
TAG_PREFIX = "RF-"


class RandomIds:
    """The ``Ids`` of a running program, from the system's random numbers.

    Base32: no upper and lower case to be mixed up when a number is read out over the phone.
    """

    def merchant_uid(self) -> str:
        """``pos-`` and 26 characters: 30 of the 40 that PortOne takes, 128 random bits."""
        return MERCHANT_PREFIX + _base32(16)

    def refund_tag(self) -> str:
        """``[RF-…]`` with 16 characters, 80 random bits: it is unique, it need not be secret."""
        return f"[{TAG_PREFIX}{_base32(10).upper()}]"


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode("ascii").rstrip("=").lower()
