"""Periods of Seoul's days that a list or a report is narrowed to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from posapp.ui.core.formats import seoul


class Period(StrEnum):
    """A period up to now, or one that is typed."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    TYPED = "typed"


_DAYS = {Period.TODAY: 1, Period.WEEK: 7, Period.MONTH: 30}


def period_begin(period: Period, now: datetime) -> datetime | None:
    """Return when a period that ends ``now`` begins (UTC); ``None``: every day, or a typed one."""
    if period not in _DAYS:
        return None
    midnight = seoul(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=_DAYS[period] - 1)).astimezone(UTC)
