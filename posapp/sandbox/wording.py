"""Korean writing of amounts and times on the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "KST")
"""Korea's time; fixed, since Korea has had no summer time after 1988 and a zone database may be
missing (Windows)."""


def won(amount: int) -> str:
    """``12,000원``."""
    return f"{amount:,}원"


def seoul_time(seconds: int) -> str:
    """``2026-03-01 14:05:09`` in Korea; empty for 0, which means never."""
    return _seoul(seconds).strftime("%Y-%m-%d %H:%M:%S") if seconds else ""


def seoul_clock(seconds: int) -> str:
    """``14:05`` in Korea."""
    return _seoul(seconds).strftime("%H:%M")


def _seoul(seconds: int) -> datetime:
    # Far times that a caller may send lie outside of what a datetime holds.
    bounded = min(max(seconds, 0), 253_402_000_000)
    return datetime.fromtimestamp(bounded, UTC).astimezone(SEOUL)
