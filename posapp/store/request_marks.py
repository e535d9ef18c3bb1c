"""What a request can be found by, as marks in an index of words.

Hangul words of two syllables are usual, so that an index of three letters finds nothing: every
letter and every pair of neighbours is a mark (``p…`` of the product's name and the reason, ``n…``
of the buyer's name), and so are the seller (``s7``), the buyer's number (``i12``) and the week
(``w2931``). Letters stand in them as numbers: no sign means anything but itself.

A mark says *may be*: pairs are not told to stand in a row. Whoever searches compares the text
itself as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from posapp.store.columns import storable

WEEK = 7 * 24 * 3600 * 1_000_000
"""Microseconds: requests are taken from the index in portions of weeks, the newest first."""

MOST_PAIRS = 24
"""Pairs of a long text that are looked up; the rest is left to the comparison."""


def comparable(text: str) -> str:
    """Text as it is stored and compared: whole syllables, what UTF-8 can hold."""
    return storable(unicodedata.normalize("NFC", text))


def lowered(text: str) -> str:
    """Lower Latin letters only, as SQLite's lower() does."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def seller_mark(seller_id: int) -> str:
    """The mark of a seller's requests."""
    return f"s{seller_id}"


def week_mark(week: int) -> str:
    """The mark of the requests of one week since 1970."""
    return f"w{week}"


def marks_of(
    seller_id: int, buyer_id: int, created_at: int, product: str, reason: str, buyer: str
) -> str:
    """Return all marks of one request; the same words always give the same marks.

    Args:
        created_at: microseconds since 1970.
    """
    marks = {
        seller_mark(seller_id),
        f"i{buyer_id}",
        week_mark(created_at // WEEK),
        *_letters("p", product),
        *_letters("p", reason),
        *_letters("n", buyer),
    }
    return " ".join(sorted(marks))


def words_query(text: str) -> str:
    """What the index is asked for part of a product's name or of a reason."""
    return _query("p", lowered(text))


def buyer_query(text: str) -> str:
    """What the index is asked for part of a buyer's name, or the buyer's number."""
    wanted = _query("n", lowered(text))
    if text.isascii() and text.isdigit():
        return f"(i{int(text)} OR {wanted})"
    return wanted


def _letters(kind: str, text: str) -> Iterator[str]:
    low = lowered(text)
    for one in low:
        yield f"{kind}{ord(one):x}"
    for one, other in pairwise(low):
        yield f"{kind}{ord(one):x}x{ord(other):x}"


def _query(kind: str, low: str) -> str:
    if len(low) == 1:
        return f"{kind}{ord(low):x}"
    pairs = dict.fromkeys(pairwise(low))
    marks = [f"{kind}{ord(one):x}x{ord(other):x}" for one, other in list(pairs)[:MOST_PAIRS]]
    return f"({' AND '.join(marks)})"
