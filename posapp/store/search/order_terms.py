"""The words of an order search: what each of them is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from posapp.domain.codes import is_order_code, order_number
from posapp.domain.users import LARGEST_ID
from posapp.store.order_marks import folded, phone_key

SHORTEST_PHONE = 3
"""Minimum digits for a match inside a phone number: one or two occur in nearly every one, and are
meant as an order number."""

LONGEST_TEXT = 100
"""Maximum length of a search text; the rest is ignored."""

MOST_TERMS = 6
"""Maximum words of a search text; further ones are ignored."""

_NUMBER = re.compile(
    r"(?:주문\s*(?:번호)?|no\.?|#|₩)?\s*(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\s*(?:번|원)?"
)
_PHONE = re.compile(r"[0-9\s\-().+]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a search; an order matches it by any of these.

    Attributes:
        word: part of a product's or the buyer's name; empty for the code of an order.
        phone: part of the buyer's phone number, as ``phone_key`` writes it, or empty.
        number: number or amount of the order.
        code: a product's barcode, or the provider's number of the order's payment, or empty.
    """

    word: str
    phone: str = ""
    number: int | None = None
    code: str = ""


def terms_of(text: str) -> tuple[Term, ...]:
    """Return the words of a search text. One number, or one phone number, is one word with the
    blanks and signs that people write in it."""
    whole = folded(text)[:LONGEST_TEXT].strip()
    if not whole:
        return ()
    if is_order_code(whole):
        return (Term("", number=order_number(whole)),)
    term = _numeric(whole)
    if term is not None:
        return (term,)
    split = whole.split()[:MOST_TERMS]
    return tuple(_numeric(word) or Term(word, code=word) for word in split)


def _numeric(text: str) -> Term | None:
    number = _NUMBER.fullmatch(text)
    if number is not None:
        digits = number["digits"].replace(",", "")
        is_id = int(digits) <= LARGEST_ID
        phone = phone_key(digits) if len(digits) >= SHORTEST_PHONE else ""
        return Term(digits, phone, int(digits) if is_id else None, digits)
    if _PHONE.fullmatch(text):
        digits = phone_key(text)
        if len(digits) >= SHORTEST_PHONE:
            return Term(text, digits, code=text)
    return None
