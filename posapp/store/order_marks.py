"""What orders are found by: folded texts, and their marks for a full-text index.

Letters and pairs of neighbours of the names (``l…``), every three neighbouring digits of the
phone number (``d…``), the number (``o1200``), the amounts (``a58600``), the products (``g12``) and
the week (``w2931``) are marks, as those of a request are (``search_tokens``). A match of the marks
of letters and digits is a candidate only: their order is not indexed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from posapp.store.columns import digits_of, to_storable_text
from posapp.store.search_tokens import MOST_PAIRS, WEEK, week_mark

MARKED = 2
"""Letters of the longest text that is a mark itself: a match is no candidate, but exact."""

_COUNTRY = "82"
_LONG = 11
"""Digits of a mobile number; with the code of the country there are more."""


def folded(text: str) -> str:
    """Return text as it is compared: composed (NFKC), in lower case, without invisible characters,
    and with single blanks."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return to_storable_text(" ".join(visible.split()))


def phone_key(phone: str) -> str:
    """Return the digits of a phone number as they are compared: without the code of the country,
    and with the zero that a spreadsheet took off."""
    digits = digits_of(unicodedata.normalize("NFKC", phone))
    if digits.startswith(_COUNTRY) and len(digits) >= _LONG:
        return "0" + digits[len(_COUNTRY) :].lstrip("0")
    if digits.startswith("10") and len(digits) == _LONG - 1:
        return "0" + digits
    return digits


def goods_text(names: Iterable[str]) -> str:
    """Return the names of an order's items as they are compared, each in a line."""
    return "\n".join(dict.fromkeys(map(folded, names)))


@dataclass(frozen=True, slots=True)
class IndexedOrder:
    """What an order is found by.

    Attributes:
        created_at: microseconds since 1970.
        amount, ordered: won of the items not cancelled (of all, if each is), and of all items.
        goods, buyer: folded names.
        phone: as ``phone_key`` writes it.
        products: ids of the products, in their order.
    """

    id: int
    created_at: int
    amount: int
    ordered: int
    goods: str
    buyer: str
    phone: str
    products: tuple[int, ...]

    @property
    def marks(self) -> str:
        """All marks of the order; deterministic."""
        found = {
            week_mark(self.created_at // WEEK),
            number_mark(self.id),
            amount_mark(self.amount),
            amount_mark(self.ordered),
            *map(product_mark, self.products),
            *_trigrams(self.phone),
        }
        for text in (*self.goods.split("\n"), self.buyer):
            found.update(f"l{ord(one):x}" for one in text)
            found.update(_pairs(text))
        return " ".join(sorted(found))


def number_mark(order_id: int) -> str:
    """Return the mark of an order's number."""
    return f"o{order_id}"


def amount_mark(amount: int) -> str:
    """Return the mark of an amount of won."""
    return f"a{amount}"


def product_mark(product_id: int) -> str:
    """Return the mark of the orders of a product."""
    return f"g{product_id}"


def word_query(word: str) -> str:
    """Return the index query for a part of a name."""
    if len(word) == 1:
        return f"l{ord(word):x}"
    return f"({' AND '.join(list(_pairs(word))[:MOST_PAIRS])})"


def phone_query(digits: str) -> str:
    """Return the index query for a part of a phone number, of three digits and more."""
    return f"({' AND '.join(list(_trigrams(digits))[:MOST_PAIRS])})"


def _pairs(text: str) -> dict[str, None]:
    return dict.fromkeys(f"l{ord(one):x}x{ord(other):x}" for one, other in pairwise(text))


def _trigrams(digits: str) -> dict[str, None]:
    return dict.fromkeys(f"d{digits[at : at + 3]}" for at in range(len(digits) - 2))
