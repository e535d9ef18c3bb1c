"""Merchant numbers and refund tags: builds and parses the ids that PortOne keeps for the till.

A ``merchant_uid`` carries its till and its order; a refund tag carries its item. With them, a
restored older database can attribute by rule the money that only PortOne knows. A random part makes
both unguessable. The till code separates tills that share one PortOne account and have the same
order ids.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from posapp.domain.money import Won
from posapp.domain.payments import MERCHANT_UID_LIMIT

TAG = "[RF-"
"""Start of every refund tag."""

FIRST_PART = 900_000_000_000_000
"""Smallest number of an item that is a part of another one."""

PREFIX = "pos-"
"""Start of every merchant_uid that any till of this program makes."""

UNKNOWN_TILL = "?"
"""Till code of a merchant_uid whose form contains none."""

MAX_ORDER_DIGITS = 8
"""Limit of base-36 digits of an order that leaves 20 random characters (100 bits)."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MERCHANT = re.compile(r"pos-([0-9a-f]{6})-([0-9a-z]{1,8})-[0-9a-z]+")
_WHOLE = f"{TAG}0-"
_REST = f"{_WHOLE}9R"
_NUMBER = re.compile(r"([0-9A-Z]{0,13})(-?)")
_TAG = re.compile(r"\[RF-([0-9A-Z]{1,13})-[0-9A-Z]+\]")
_PART = re.compile(r"\[RF-([0-9A-Z]{1,13})-9P([0-9]{1,19})X([0-9]{1,9})X[0-9A-Z]+\]")
_CUT_PART = re.compile(r"\[RF-[0-9A-Z]{1,13}-(?![A-Z2-7])(?:9(?:P([0-9]{0,19}))?(X)?)?")
"""No random part begins so: base 32 has the letters and 2 to 7."""
_PARTS = 100_000_000_000_000
_SPOILT = re.compile(r"RF[^0-9A-Z]([0-9A-Z]{1,13})[^0-9A-Z]")


def build_merchant_uid(till: str, order_id: int, random: str) -> str:
    """Return the merchant_uid of a new attempt, cut to PortOne's limit of 40 characters.

    Args:
        till: six hexadecimal digits, the database's own.
        order_id: replaced by 0 if it has more than ``MAX_ORDER_DIGITS`` digits. A person then has
            to attribute a lost payment of the order; the number stays as hard to guess.
        random: lower-case letters and digits.
    """
    order = _base36(order_id)
    if len(order) > MAX_ORDER_DIGITS:
        order = "0"
    return f"{PREFIX}{till}-{order}-{random}"[:MERCHANT_UID_LIMIT]


def order_id_of(merchant_uid: str, till: str) -> int | None:
    """Return the order of this till's merchant_uid; 0 if it contains no order, ``None`` if the
    number is not this till's."""
    found = _MERCHANT.fullmatch(merchant_uid)
    return int(found[2], 36) if found and found[1] == till else None


def beginning_of(till: str, order_id: int) -> str:
    """Return the prefix of this till's merchant_uids of an order; no other merchant_uid of ours has
    it."""
    return f"{PREFIX}{till}-{_base36(order_id)}-"


def till_code_of(merchant_uid: str) -> str:
    """Return the code of the till that made a merchant_uid. ``UNKNOWN_TILL``: it starts with
    ``PREFIX`` but has another form. Empty: no till of this program made it."""
    found = _MERCHANT.fullmatch(merchant_uid)
    if found:
        return found[1]
    return UNKNOWN_TILL if merchant_uid.startswith(PREFIX) else ""


def may_be_merchant_uid_of(merchant_uid: str, till: str) -> bool:
    """Return whether a merchant_uid, possibly cut or damaged, may be this till's: it starts with
    ``PREFIX`` and names no other till."""
    found = _MERCHANT.fullmatch(merchant_uid)
    return found[1] == till if found else merchant_uid.startswith(PREFIX)


def build_refund_tag(item_id: int | None, random: str) -> str:
    """Return the tag of a new refund: ``[RF-<item in base 36>-<random>]``, 0 for a whole payment
    that was not accepted."""
    return f"{TAG}{_base36(item_id or 0).upper()}-{random.upper()}]"


def build_remainder_tag(tag: str) -> str:
    """Return the tag of a refund of all that is left of an accepted payment, made from a fresh tag
    for a whole payment. It has to differ from the tag of a refund of a payment that was *not*
    accepted. No random part begins with ``9R`` (base 32 has no 9)."""
    return tag.replace(_WHOLE, _REST, 1)


def is_remainder_tag(tag: str) -> bool:
    """Return whether a tag belongs to a refund of all that is left of an accepted payment."""
    return tag.startswith(_REST)


@dataclass(frozen=True, slots=True)
class TaggedPart:
    """A part of an item, as the tag of its refund names it.

    Attributes:
        number: the part's number as an item.
        of_item: the item that it was a part of.
        count: its pieces.
    """

    number: int
    of_item: int
    count: int


def build_part_tag(tag: str, of_item: int, count: int, number: int | None = None) -> str:
    """Return the tag of the refund of a part of an item, made from a fresh tag for a whole payment.

    It names the part as any tag names its item, and before its random letters the item and the
    pieces, so that a database that does not know the part can make it anew. No random part begins
    with ``9P`` (base 32 has no 9).

    Args:
        number: the part's, if there is one already; a new one follows from the random letters.

    Raises:
        ValueError: the tag is not one for a whole payment.
    """
    if not tag.startswith(_WHOLE) or is_remainder_tag(tag):
        raise ValueError(f"no fresh tag: {tag!r}")
    random = tag.removeprefix(_WHOLE)
    if number is None:
        digest = int.from_bytes(hashlib.sha256(random.encode()).digest()[:8], "big")
        number = FIRST_PART + digest % _PARTS
    return f"{TAG}{_base36(number).upper()}-9P{of_item}X{count}X{random}"


def part_of(tag: str) -> TaggedPart | None:
    """Return the part of an item that a tag names; ``None`` if it names none."""
    found = _PART.fullmatch(tag)
    if found is None:
        return None
    part = TaggedPart(int(found[1], 36), int(found[2]), int(found[3]))
    return part if _is_of_part(part.number) else None


def _is_of_part(number: int) -> bool:
    return FIRST_PART <= number < FIRST_PART + _PARTS


def trailing_tag(reason: str) -> str:
    """Return the tag at the end of a reason, or an empty string. The text before it is free text,
    even where it looks like a tag: the till always puts its tag last."""
    text = reason.rstrip()
    start = text.rfind("[")
    return text[start:] if start >= 0 and _TAG.fullmatch(text[start:]) else ""


def item_id_of(tag: str) -> int | None:
    """Return the item of a tag; ``None`` for a whole payment.

    Raises:
        ValueError: the text is not a tag of this form.
    """
    found = _TAG.fullmatch(tag)
    if not found:
        raise ValueError(f"no tag: {tag!r}")
    return int(found[1], 36) or None


def tag_after(tag: str, amount: Won) -> str:
    """Return the tag of a refund of the remainder of the refund with ``tag``. It names the same
    item or payment, and neither tag is a prefix of the other.

    The amount is part of the tag, because a database and an older copy of it derive the tag
    independently: the same remainder gets the same tag in both, another remainder another tag.
    Decimal digits keep the amount unambiguous.

    Args:
        amount: won, the remainder.
    """
    return f"{tag.removesuffix(']')}N{int(amount)}]"


def may_name_item(reason: str, item_id: int | None) -> bool:
    """Return whether a reason without a whole tag contains a cut or damaged tag that may name this
    item, or a part of it (``None``: the payment as a whole)."""
    if trailing_tag(reason):
        return False
    number = _base36(item_id or 0).upper()
    start = reason.rfind(TAG)
    if start < 0:
        named = _SPOILT.findall(reason)
        may_be_part = item_id is not None and any(_is_of_part(int(one, 36)) for one in named)
        return _may_be_begun(reason) or number in named or may_be_part
    left = _NUMBER.match(reason, start + len(TAG))
    digits = left[1] if left else ""
    whole = bool(left and left[2])
    if digits == number if whole else number.startswith(digits):
        return True
    return item_id is not None and _may_be_part_of(reason[start:], digits, item_id, whole=whole)


def _may_be_part_of(cut: str, digits: str, item_id: int, *, whole: bool) -> bool:
    """Return whether a cut tag may be of a part of this item.

    Args:
        digits: all that is left of the part's number.
        whole: the number is whole, and what follows it may name the item.
    """
    if not whole:
        return _may_begin_part(digits)
    found = _CUT_PART.match(cut)
    if found is None or not _is_of_part(int(digits, 36)):
        return False
    of_item, is_whole = found[1] or "", bool(found[2])
    return of_item == str(item_id) if is_whole else str(item_id).startswith(of_item)


def _may_begin_part(digits: str) -> bool:
    """Return whether the number of a part may begin with these digits of base 36; all of them have
    the same number of digits, and 0 to 9 come before the letters."""
    first, last = (_base36(one).upper() for one in (FIRST_PART, FIRST_PART + _PARTS - 1))
    size = len(digits)
    return size <= len(first) and first[:size] <= digits <= last[:size]


def _may_be_begun(reason: str) -> bool:
    """Return whether the reason ends in what may be the first characters of a cut tag."""
    text = reason.rstrip()
    return any(text.endswith(TAG[:size]) for size in range(2, len(TAG)))


def _base36(number: int) -> str:
    if number < 0:
        raise ValueError("a number below 0")
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if not number:
            return text
