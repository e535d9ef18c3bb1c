"""Numbers of receipts: by day of business and till, without a gap."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from posapp.domain.business_days import business_date
from posapp.domain.receipt_numbers import DAY_STARTS, next_receipt_no, receipts_of


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 28, 5, 4, tzinfo=UTC), date(2026, 11, 28)),
        (datetime(2026, 11, 28, 20, 59, 59, tzinfo=UTC), date(2026, 11, 28)),
        (datetime(2026, 11, 28, 21, 0, tzinfo=UTC), date(2026, 11, 29)),
        (datetime(2026, 12, 31, 15, 30, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_a_day_of_business_begins_at_six(at: datetime, day: date) -> None:
    assert business_date(at, DAY_STARTS) == day


@pytest.mark.parametrize(
    ("till", "beginning"), [(0, "261128-01-"), (1, "261128-01-"), (12, "261128-12-")]
)
def test_a_number_names_its_day_and_till(till: int, beginning: str) -> None:
    assert receipts_of(date(2026, 11, 28), till) == beginning


@pytest.mark.parametrize(
    ("last", "following"),
    [(None, "0001"), ("0001", "0002"), ("0999", "1000"), ("9999", "10000"), ("10000", "10001")],
)
def test_numbers_follow_each_other(last: str | None, following: str) -> None:
    beginning = "261128-01-"
    before = None if last is None else beginning + last
    assert next_receipt_no(beginning, before) == beginning + following
