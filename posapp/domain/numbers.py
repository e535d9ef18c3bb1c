"""The numbers that travel to PortOne and come back: each says what it is about.

A ``merchant_uid`` carries its till and its order and a refund's tag its item, so that money which
PortOne knows and a restored older database does not can be put back where it belongs, by rule. What
makes them unguessable is the random part behind it. The till is there because another one, with
orders of the same numbers, may share the shop's PortOne account.
"""

from __future__ import annotations

import re

from posapp.domain.money import Won
from posapp.domain.payments import MERCHANT_UID_LIMIT

TAG = "[RF-"
"""How every tag of ours begins."""

PREFIX = "pos-"
"""How every merchant_uid begins that any till of this program made."""

UNKNOWN_TILL = "?"
"""Stands for the code of a till in numbers whose form says none."""

LONGEST_ORDER = 8
"""Digits of an order in base 36 for which 20 random characters, 100 bits, are left."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MERCHANT = re.compile(r"pos-([0-9a-f]{6})-([0-9a-z]{1,8})-[0-9a-z]+")
_WHOLE = f"{TAG}0-"
_REST = f"{_WHOLE}9R"
_NUMBER = re.compile(r"([0-9A-Z]{0,13})(-?)")
_TAG = re.compile(r"\[RF-([0-9A-Z]{1,13})-[0-9A-Z]+\]")
_SPOILT = re.compile(r"RF[^0-9A-Z]([0-9A-Z]{1,13})[^0-9A-Z]")


def merchant_uid_of(till: str, order_id: int, random: str) -> str:
    """Return the number of a new attempt, cut to the 40 characters that PortOne takes.

    Args:
        till: six hexadecimal digits, the database's own.
        order_id: an order of more than ``LONGEST_ORDER`` digits is left out (0): then a lost
            payment of it is a person's to find, and the number is as hard to guess as any.
        random: lower-case letters and digits.
    """
    order = _base36(order_id)
    if len(order) > LONGEST_ORDER:
        order = "0"
    return f"{PREFIX}{till}-{order}-{random}"[:MERCHANT_UID_LIMIT]


def order_in(merchant_uid: str, till: str) -> int | None:
    """Return the order that a number of this till is about; ``None``: it is another's. 0: it does
    not say."""
    found = _MERCHANT.fullmatch(merchant_uid)
    return int(found[2], 36) if found and found[1] == till else None


def beginning_of(till: str, order_id: int) -> str:
    """Return what the numbers of this till about an order begin with, and no others of ours."""
    return f"{PREFIX}{till}-{_base36(order_id)}-"


def till_in(merchant_uid: str) -> str:
    """Return the code of the till that made a number; ``UNKNOWN_TILL`` of one that begins as ours
    do and has another form; empty: no till of this program made it."""
    found = _MERCHANT.fullmatch(merchant_uid)
    if found:
        return found[1]
    return UNKNOWN_TILL if merchant_uid.startswith(PREFIX) else ""


def may_be_of(merchant_uid: str, till: str) -> bool:
    """Tell whether a number, cut or spoilt as it may be, is one of this till: it begins as ours do,
    and names no other till."""
    found = _MERCHANT.fullmatch(merchant_uid)
    return found[1] == till if found else merchant_uid.startswith(PREFIX)


def tag_of(item_id: int | None, random: str) -> str:
    """Return the tag of a new refund: ``[RF-<item in base 36>-<random>]``, 0 for a whole payment
    that was not accepted."""
    return f"{TAG}{_base36(item_id or 0).upper()}-{random.upper()}]"


def tag_of_rest(tag: str) -> str:
    """Return the tag of a refund of all that is left of an accepted payment, out of a fresh tag
    for a whole payment: what is sent back of a payment that was *not* accepted must never be taken
    for it. No random part begins with these two signs (base 32 has no 9)."""
    return tag.replace(_WHOLE, _REST, 1)


def is_of_rest(tag: str) -> bool:
    """Tell whether a tag is of a refund of all that is left of an accepted payment."""
    return tag.startswith(_REST)


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


def tag_after(tag: str, amount: Won) -> str:
    """Return the tag of a refund that sends back the rest of the one with ``tag``: about the same
    item or payment, and never its beginning.

    The amount is part of it, as a file and an older copy of it make it each for itself: the same
    rest has the same tag in both, another rest another one. In decimal digits, so that no amount
    reads like two.

    Args:
        amount: won, the rest.
    """
    return f"{tag.removesuffix(']')}N{int(amount)}]"


def may_name_item(reason: str, item_id: int | None) -> bool:
    """Tell whether a reason without a whole tag holds what is left of one, cut off or with its
    punctuation lost, that may be about this item (``None``: about a payment as a whole)."""
    if tag_at_end(reason):
        return False
    number = _base36(item_id or 0).upper()
    start = reason.rfind(TAG)
    if start < 0:
        return _may_be_begun(reason) or number in _SPOILT.findall(reason)
    left = _NUMBER.match(reason, start + len(TAG))
    digits = left[1] if left else ""
    whole = bool(left and left[2])
    return digits == number if whole else number.startswith(digits)


def _may_be_begun(reason: str) -> bool:
    """It ends in what may be the first characters of a tag: cut off there."""
    words = reason.rstrip()
    return any(words.endswith(TAG[:size]) for size in range(2, len(TAG)))


def _base36(number: int) -> str:
    if number < 0:
        raise ValueError("a number below 0")
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text
