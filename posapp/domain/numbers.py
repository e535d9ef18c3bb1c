"""The numbers that travel to PortOne and come back: each says what it is about.

A ``merchant_uid`` carries its order and a refund's tag its item, so that money which PortOne knows
and a restored older database does not can be put back where it belongs, by rule. What makes them
unguessable is the random part behind it.
"""

from __future__ import annotations

import re

from posapp.domain.payments import MERCHANT_UID_LIMIT

MERCHANT_PREFIX = "pos-"
"""How every merchant_uid of ours begins; PortOne's list may hold another system's payments too."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MERCHANT = re.compile(r"pos-([0-9a-z]{1,13})-[0-9a-z]+")
_TAG = re.compile(r"\[RF-([0-9A-Z]{1,13})-[0-9A-Z]+\]")


def merchant_uid_of(order_id: int, random: str) -> str:
    """Return the number of a new attempt: ``pos-``, the order in base 36, and what is random, cut
    to the 40 characters that PortOne takes."""
    return f"{MERCHANT_PREFIX}{_base36(order_id)}-{random}"[:MERCHANT_UID_LIMIT]


def order_in(merchant_uid: str) -> int | None:
    """Return the order that a number of ours is about, or ``None`` if it does not say."""
    found = _MERCHANT.fullmatch(merchant_uid)
    return int(found[1], 36) if found else None


def is_ours(merchant_uid: str) -> bool:
    """Whether a number was made by this program, on this till or by an earlier file of it."""
    return merchant_uid.startswith(MERCHANT_PREFIX)


def tag_of(item_id: int | None, random: str) -> str:
    """Return the tag of a new refund: ``[RF-<item in base 36>-<random>]``, 0 for a whole payment
    that was not accepted."""
    return f"[RF-{_base36(item_id or 0).upper()}-{random.upper()}]"


def tag_at_end(reason: str) -> str:
    """Return the tag that a reason ends in, or empty. What stands before it are a person's words,
    whatever they look like: ours puts the tag last."""
    words = reason.rstrip()
    start = words.rfind("[")
    return words[start:] if start >= 0 and _TAG.fullmatch(words[start:]) else ""


def item_in(tag: str) -> int | None:
    """Return the item that a tag is about; ``None`` for a whole payment.

    Raises:
        ValueError: it is no tag of this form.
    """
    found = _TAG.fullmatch(tag)
    if not found:
        raise ValueError(f"no tag: {tag!r}")
    return int(found[1], 36) or None


def _base36(number: int) -> str:
    if number < 0:
        raise ValueError("a number below 0")
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text
