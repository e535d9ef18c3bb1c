"""Text that came from outside (names, reasons, PortOne's messages), ready to be put on a screen."""

from __future__ import annotations

from posapp.domain.refunds import plain

LINE = 200
"""Characters that a line of a screen shows of something that may be of any length."""

RUN = 40
"""Longest run without a place to break. PortOne's and our own numbers are not longer, so that a
number that is copied from the screen stays whole."""

_BREAK = "\u200b"


def shown(text: str, limit: int = LINE, *, run: int = RUN) -> str:
    """Return ``text`` on one line, without control and direction marks, cut with an ellipsis.

    Args:
        run: a longer run without a blank may be broken after so many characters; a label cannot
            be narrower than its longest run.
    """
    line = plain(text[: limit * 8])
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return " ".join(_breakable(word, run) for word in line.split(" "))


def _breakable(word: str, run: int) -> str:
    if len(word) <= run:
        return word
    return _BREAK.join(word[at : at + run] for at in range(0, len(word), run))
