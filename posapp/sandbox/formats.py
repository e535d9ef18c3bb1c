"""Amounts and times of the pages in Korean form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "KST")
"""Korea's time zone. Fixed: Korea has had no summer time since 1988, and a zone database may be
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
    # A caller may send a time beyond the range of a datetime.
    bounded = min(max(seconds, 0), 253_402_000_000)
    return datetime.fromtimestamp(bounded, UTC).astimezone(SEOUL)
