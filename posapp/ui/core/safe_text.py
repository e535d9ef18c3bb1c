"""Makes external text (names, reasons, PortOne's messages) safe to display."""

from __future__ import annotations

from posapp.domain.text import strip_controls

LINE = 200
"""Default limit in characters for a text of any length on one line."""

RUN = 40
"""Longest run in characters without a line break.

PortOne's numbers and ours are not longer, so a number copied from the screen stays whole.
"""

_BREAK = "\u200b"


def display_text(text: str, limit: int = LINE, *, run: int = RUN) -> str:
    """Return ``text`` on one line, without control and direction marks, cut with an ellipsis.

    Args:
        run: a longer run without a blank may be broken after this many characters; a label cannot
            be narrower than its longest run.
    """
    line = strip_controls(text[: limit * 8])
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return breakable(line, run)


def breakable(text: str, run: int) -> str:
    """Return a text of which a run without a blank may be broken after ``run`` characters."""
    return " ".join(_broken(part, run) for part in text.split(" "))


def unbroken(text: str) -> str:
    """Return a text without the breaks of ``breakable``, as it is copied."""
    return text.replace(_BREAK, "")


def single_line(text: str, limit: int = LINE) -> str:
    """Return external text on one line, without invisible characters, cut with an ellipsis.

    For cells of tables: it is faster than ``display_text``, and breaks no long run.
    """
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(sign if sign.isprintable() else " " for sign in cut)


def _broken(run_of_text: str, run: int) -> str:
    if len(run_of_text) <= run:
        return run_of_text
    return _BREAK.join(run_of_text[at : at + run] for at in range(0, len(run_of_text), run))
