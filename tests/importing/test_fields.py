"""Single values: forms that people and Excel write, and refused values with their reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from posapp.domain.orders import ItemStatus
from posapp.services.importing.fields import (
    FieldError,
    read_count,
    read_flag,
    read_id,
    read_item_status,
    read_name,
    read_text,
    read_time,
    read_url,
    read_won,
)
from posapp.services.importing.import_errors import Cause


@pytest.mark.parametrize(
    ("written", "won"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("1,200원", 1200),
        (" 1,200 원 ", 1200),
        ("₩1,234,567", 1234567),
        ("0", 0),
        (3800, 3800),
        ("0012", 12),
    ],
)
def test_amounts_are_read_as_people_write_them(written: object, won: int) -> None:
    assert read_won(written) == won


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("", Cause.EMPTY),
        (None, Cause.EMPTY),
        ("abc", Cause.NOT_A_NUMBER),
        ("1,20", Cause.NOT_A_NUMBER),
        ("12,00원", Cause.NOT_A_NUMBER),
        ("+5", Cause.NOT_A_NUMBER),
        ("１２００", Cause.NOT_A_NUMBER),
        ("1.2E+5", Cause.NOT_A_NUMBER),
        (True, Cause.NOT_A_NUMBER),
        (Decimal("NaN"), Cause.NOT_A_NUMBER),
        ("1200.50", Cause.DECIMALS),
        ("1200.", Cause.DECIMALS),
        (Decimal("1200.5"), Cause.DECIMALS),
        (Decimal("1e999999999"), Cause.DECIMALS),
        ("-5", Cause.NEGATIVE),
        (-5, Cause.NEGATIVE),
        ("-" + "9" * 5000, Cause.NEGATIVE),
        ("1000000000001", Cause.AMOUNT_RANGE),
        ("9" * 5000, Cause.AMOUNT_RANGE),
        ([], Cause.WRONG_SHAPE),
    ],
)
def test_no_amount(written: object, cause: Cause) -> None:
    with pytest.raises(FieldError) as caught:
        read_won(written)
    assert caught.value.cause is cause


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("0", Cause.ID_RANGE),
        (10**18, Cause.ID_RANGE),
        ("9" * 40, Cause.ID_RANGE),
        ("-3", Cause.NEGATIVE),
        ("1,001", Cause.NOT_A_NUMBER),
        ("12.0", Cause.DECIMALS),
        ("8.8E+12", Cause.ROUNDED),
    ],
)
def test_no_id(written: object, cause: Cause) -> None:
    with pytest.raises(FieldError) as caught:
        read_id(written)
    assert caught.value.cause is cause


def test_ids_and_counts() -> None:
    assert read_id(" 17 ") == 17
    assert read_id("999999999999999999") == 10**18 - 1
    assert read_count("2개") == 2
    for written in ("0", "100001"):
        with pytest.raises(FieldError) as caught:
            read_count(written)
        assert caught.value.cause is Cause.COUNT_RANGE


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-05T14:30:00+09:00",
        "2026-01-05T05:30:00Z",
        "2026-01-05 05:30+00:00",
        "2026-01-05T04:30:00-0100",
        "2026-01-05 14:30",
        "2026-1-5 14:30:00.000",
        "2026/01/05 14:30:00",
        "2026.01.05 14:30",
        "2026. 1. 5. 14:30",
        "2026-01-05 오후 2:30",
        "2026-01-05 PM 2:30:00",
    ],
)
def test_times_without_a_zone_are_seoul_time(written: str) -> None:
    assert read_time(written) == datetime(2026, 1, 5, 5, 30, tzinfo=UTC)


def test_noon_midnight_and_a_day_alone() -> None:
    assert read_time("2026-01-05 오전 12:10") == datetime(2026, 1, 4, 15, 10, tzinfo=UTC)
    assert read_time("2026-01-05 오후 12:10") == datetime(2026, 1, 5, 3, 10, tzinfo=UTC)
    assert read_time("2026-01-05") == datetime(2026, 1, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "05-01-2026 14:30",
        "31/12/2025",
        "2026-13-01",
        "2026-02-30 10:00",
        "2026-01-05 25:00",
        "2026-01-05 오후 13:00",
        "1999-12-31",
        "2200-01-01",
        "9999-12-31T23:59:59-23:59",
        "2026-01-05T14:30:00+99:99",
        "46027.604",
        "어제",
        "2026-01-05 14",
        "２０２６-01-05",
    ],
)
def test_no_time(written: str) -> None:
    """Also not the day first, and not Excel's day numbers: nothing is guessed."""
    with pytest.raises(FieldError) as caught:
        read_time(written)
    assert caught.value.cause is Cause.TIME_UNKNOWN


def test_statuses_by_value_and_by_label() -> None:
    assert read_item_status("shipping") is ItemStatus.SHIPPING
    assert read_item_status("배송 준비중") is ItemStatus.WAITING_FOR_DELIVERY
    with pytest.raises(FieldError) as caught:
        read_item_status("배송")
    assert caught.value.cause is Cause.STATUS_UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "<b>라떼</b>",
        "=SUM(A1:A9)",
        "@cmd|' /C calc'!A0",
        "+82",
        "'; DROP TABLE users; --",
        "☕️👩‍🍳",
        "가족\u200d",
    ],
)
def test_text_is_kept_unchanged(text: str) -> None:
    assert read_name(text) == text


def test_line_breaks_in_a_cell_become_a_space_and_single_letters_a_syllable() -> None:
    assert read_text(" 소금빵\r\n(2개입)\t") == "소금빵 (2개입)"
    assert read_text("\u1112\u1161\u11ab") == "한"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", Cause.EMPTY),
        (" \n ", Cause.EMPTY),
        ("가" * 201, Cause.TOO_LONG),
        ("가" * 10_000, Cause.TOO_LONG),
        ("a\x00b", Cause.CONTROL_CHARACTER),
        ("a\x1b[31m", Cause.CONTROL_CHARACTER),
        ("a\x85b", Cause.CONTROL_CHARACTER),
        ("\ud800", Cause.CONTROL_CHARACTER),
        (7, Cause.WRONG_SHAPE),
    ],
)
def test_no_name(text: object, cause: Cause) -> None:
    with pytest.raises(FieldError) as caught:
        read_name(text)
    assert caught.value.cause is cause


def test_only_web_addresses_and_only_flags() -> None:
    assert read_url(None) == ""
    with pytest.raises(FieldError):
        read_url("javascript:alert(1)")
    with pytest.raises(FieldError):
        read_flag("true")
