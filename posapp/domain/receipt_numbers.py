"""Numbers of receipts: ``261128-01-0042``, without a gap per till and day of business."""

from __future__ import annotations

from datetime import date, timedelta

DAY_STARTS = timedelta(hours=6)
"""A day of business begins at this time of the shop, as the numbers count."""


def receipts_of(day: date, till: int) -> str:
    """Return the beginning of the numbers of a till's receipts on a day. A shop with one till (0)
    has till 01."""
    return f"{day:%y%m%d}-{till or 1:02}-"


def next_receipt_no(beginning: str, last: str | None) -> str:
    """Return the number after the last one with this beginning; the first one without any."""
    number = 1 if last is None else int(last.removeprefix(beginning)) + 1
    return f"{beginning}{number:04}"
