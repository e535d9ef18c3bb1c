"""Search tokens (marks) of a request for a full-text index.

Hangul words of two syllables are usual, and an index of three letters would not find them. So every
letter and every pair of neighbours is a mark (``p…`` of the product's name and the reason, ``n…``
of the buyer's name), and so are the seller (``s7``), the buyer's id (``i12``) and the week
(``w2931``). Letters are encoded as code points, so no character has a special meaning.

A match of three letters and more is a candidate only: the order of the pairs is not indexed. A
search compares the text itself too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from posapp.domain.users import find_id
from posapp.store.columns import to_storable_text

WEEK = 7 * 24 * 3600 * 1_000_000
"""In microseconds: requests are read from the index in portions of weeks."""

MARKED = 2
"""Letters of the longest text that is a mark itself: an index match is no candidate but exact."""

MOST_PAIRS = 24
"""Maximum pairs of a long text that are looked up; the text comparison covers the rest."""


def normalise(text: str) -> str:
    """Return text as stored and compared: composed syllables (NFC), and as
    ``to_storable_text`` leaves it."""
    return to_storable_text(unicodedata.normalize("NFC", text))


def lowered(text: str) -> str:
    """Convert Latin letters only to lower case, as SQLite's lower() does."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def seller_mark(seller_id: int) -> str:
    """Return the mark of a seller's requests."""
    return f"s{seller_id}"


def week_mark(week: int) -> str:
    """Return the mark of one week's requests; weeks are counted from 1970."""
    return f"w{week}"


def tokens_of(
    seller_id: int, buyer_id: int, created_at: int, product: str, reason: str, buyer: str
) -> str:
    """Return all marks of one request; deterministic.

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


def text_query(text: str) -> str:
    """Return the index query for a part of a product's name or of a reason."""
    return _query("p", lowered(text))


def buyer_query(text: str) -> str:
    """Return the index query for a part of a buyer's name, or for the buyer's id."""
    wanted = _query("n", lowered(text))
    number = find_id(text)
    return wanted if number is None else f"(i{number} OR {wanted})"


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
