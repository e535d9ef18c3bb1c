"""The time zone of the shop."""

from __future__ import annotations

from datetime import timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "KST")
"""Korean standard time, UTC+9. Fixed: Korea has had no summer time since 1988, and a zone database
may be missing (Windows)."""
