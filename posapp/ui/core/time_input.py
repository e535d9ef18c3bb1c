"""Parses dates and times as typed, in Seoul time."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from posapp.domain.time_zone import SEOUL
from posapp.ui.core.formats import seoul

_FORM = re.compile(
    r"(?P<year>\d{4})[-./ ]?\s*(?P<month>\d{1,2})[-./ ]?\s*(?P<day>\d{1,2})\.?"
    r"(?:[ T]+(?:(?P<half>오전|오후|AM|PM)\s*)?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.(?P<part>\d{1,6}))?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)

_INSTANT = timedelta(microseconds=1)
"""Time resolution of the records."""


def parse_time(text: str, *, to_the_end: bool) -> datetime:
    """Parse ``2026-11-23``, ``2026-11-23 14:05`` or ``2026-11-23 14:05:09`` into UTC.

    Points, slashes and a ``T`` are accepted as separators too, and 오전 and 오후, digits of full
    width, parts of a second, and a zone. Without a zone it is Seoul time.

    Args:
        to_the_end: fill omitted parts to their end: a day to its last instant, a minute to its
            last. Otherwise to their beginning.

    Raises:
        ValueError: the text is no such time.
    """
    found = _FORM.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise ValueError("no time")
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    minute, second = (int(found[name] or 0) for name in ("minute", "second"))
    part = int((found["part"] or "0").ljust(6, "0"))
    zone = _zone(found["zone"])
    at = datetime(year, month, day, _hour(found), minute, second, part, tzinfo=zone)
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


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"] or 0)
    if not found["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + 12 * (found["half"].upper() in ("오후", "PM"))


def _zone(text: str | None) -> tzinfo:
    if text is None:
        return SEOUL
    if text in "zZ":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead)


def _left_open(found: re.Match[str]) -> timedelta:
    if found["hour"] is None:
        return timedelta(days=1)
    if found["second"] is None:
        return timedelta(minutes=1)
    return timedelta(seconds=1) if found["part"] is None else _INSTANT
