"""How a typed text may be written in a record that keeps its text as it came."""

from __future__ import annotations

from posapp.store.order_marks import folded
from posapp.store.search_tokens import lowered, normalise

LONGEST_TEXT = 100
"""Maximum length of a search text; the rest is ignored."""


def spellings(text: str) -> tuple[str, ...]:
    """Return the spellings of a typed text that a part of a stored text is compared with, Latin
    letters in lower case: as it was typed, and as the search of orders reads it (usual width, no
    invisible characters, single blanks). Empty if the text shows nothing.
    """
    plain = folded(text)[:LONGEST_TEXT].strip()
    if not plain:
        return ()
    return tuple(dict.fromkeys((lowered(normalise(text).strip()[:LONGEST_TEXT]), plain)))
