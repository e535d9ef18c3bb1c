"""Waiting time that PortOne requests (RFC 9110, 10.2.3: seconds or a date)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 300
"""Seconds: upper limit, because a header must not make a counter wait longer."""


def retry_after(header: str | None, answered_at: str | None, now: datetime) -> int | None:
    """Return the seconds to wait, 0 to ``LONGEST``, or ``None`` without a usable header.

    Args:
        header: the ``Retry-After`` header.
        answered_at: the ``Date`` header of the same answer; a date is measured against it, because
            the till's own clock may be wrong.
        now: the till's clock, for an answer without a date.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return LONGEST if len(text) > len(str(LONGEST)) + 6 else min(int(text), LONGEST)
    until = moment_of(text)
    if until is None:
        return None
    seconds = int((until - (moment_of(answered_at or "") or now)).total_seconds())
    return max(0, min(seconds, LONGEST))


def moment_of(text: str) -> datetime | None:
    """Return the time (UTC) in a header, or ``None``."""
    if not text or len(text) > 64:
        return None
    try:
        moment = parsedate_to_datetime(text)
        # A date without a zone is one of the old forms, which are in GMT.
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
