"""What products are found by: the folded name, and its marks for a full-text index.

Letters and pairs of neighbours of the name (``n…``) and of its initials (``i…``) are marks, as
those of a request are (``search_tokens``). A match is a candidate only: the order of the pairs is
not indexed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from posapp.domain.product_terms import INITIALS, ProductTerm, folded_name, initials_of
from posapp.store.columns import to_storable_text
from posapp.store.search_tokens import MOST_PAIRS

LONGEST_TERM = 100
"""Maximum length of a search text; the rest is ignored."""


def found_by(name: str) -> str:
    """Return a product's name as it is stored for comparing."""
    return to_storable_text(folded_name(name))


@dataclass(frozen=True, slots=True)
class IndexedProduct:
    """What a product is found by.

    Attributes:
        found_by: the folded name.
    """

    id: int
    found_by: str

    @property
    def marks(self) -> str:
        """All marks of the product; deterministic."""
        marks = {*_marks("n", self.found_by), *_marks("i", initials_of(self.found_by))}
        return " ".join(sorted(marks))


def term_query(term: ProductTerm) -> str:
    """Return the index query for a term of at least one letter."""
    wanted = dict.fromkeys(_longest("i", initials_of(term.folded))) if term.has_initials else {}
    # Of a mixed term the letters that are no initials have to be in the name itself.
    for part in _without_initials(term.folded):
        wanted.update(dict.fromkeys(_longest("n", part)))
    return " AND ".join(list(wanted)[:MOST_PAIRS])


def _without_initials(text: str) -> list[str]:
    return "".join(" " if letter in INITIALS else letter for letter in text).split()


def _longest(kind: str, text: str) -> Iterator[str]:
    """Return the pairs of a text, or the mark of its only letter."""
    if len(text) == 1:
        yield f"{kind}{ord(text):x}"
    for one, other in pairwise(text):
        yield f"{kind}{ord(one):x}x{ord(other):x}"


def _marks(kind: str, text: str) -> Iterator[str]:
    for letter in text:
        yield from _longest(kind, letter)
    yield from _longest(kind, text)
