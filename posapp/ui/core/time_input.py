"""Parses dates and times as typed, in Seoul time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from posapp.domain.time_zone import SEOUL
from posapp.ui.core.formats import seoul

_FORM = re.compile(
    r"(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})\.?"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?",
    re.ASCII,
)

_INSTANT = timedelta(microseconds=1)
"""Time resolution of the records."""


def parse_time(text: str, *, to_the_end: bool) -> datetime:
    """Parse ``2026-11-23``, ``2026-11-23 14:05`` or ``2026-11-23 14:05:09`` into UTC.

    Points, slashes and a ``T`` are accepted as separators too.

    Args:
        to_the_end: fill omitted parts to their end: a day to its last instant, a minute to its
            last. Otherwise to their beginning.

    Raises:
        ValueError: the text is no such time.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError("no time")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    at = datetime(year, month, day, hour, minute, second, tzinfo=SEOUL)
    try:
        return (at + _left_open(found) - _INSTANT if to_the_end else at).astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def typed_form(at: datetime, *, to_the_end: bool) -> str:
    """Return the shortest text that ``parse_time`` reads as the same time."""
    local = seoul(at)
    whole = f"{local:%Y-%m-%d %H:%M:%S}"
    for form in (f"{local:%Y-%m-%d}", f"{local:%Y-%m-%d %H:%M}"):
        if parse_time(form, to_the_end=to_the_end) == at:
            return form
    return whole


def _left_open(found: re.Match[str]) -> timedelta:
    if found[4] is None:
        return timedelta(days=1)
    return timedelta(minutes=1) if found[6] is None else timedelta(seconds=1)
