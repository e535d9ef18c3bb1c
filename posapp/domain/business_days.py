"""Days of business: what is sold after midnight is of the day before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from posapp.domain.time_zone import SEOUL


def business_date(at: datetime, starts: timedelta) -> date:
    """Return the business date of a moment (UTC).

    Args:
        starts: time of the shop's day at which a day of business begins.
    """
    return (at.astimezone(SEOUL) - starts).date()
