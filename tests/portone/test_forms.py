"""Retry-After, strict JSON and the shapes on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from posapp.domain.errors import EnvironmentProblem
from posapp.domain.money import Won
from posapp.domain.payments import ReportedStatus
from posapp.portone import payloads
from posapp.portone.retry_after import LONGEST, retry_after
from posapp.portone.settings import GatewaySettings
from posapp.portone.strict_json import DEEPEST, NotJson, parse
from tests.bounds import bounded
from tests.portone.toy_server import payment

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        (None, None, None),
        ("", None, None),
        ("7", None, 7),
        (" 7 ", None, 7),
        ("0", None, 0),
        ("301", None, LONGEST),
        ("9" * 5000, None, LONGEST),
        ("-5", None, None),
        ("1.5", None, None),
        ("soon", None, None),
        ("٧", None, None),
        ("Sun, 01 Mar 2026 12:00:09 GMT", None, 9),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None, 0),
        ("Mon, 01 Mar 2027 12:00:00 GMT", None, LONGEST),
        # The till's clock is an hour off; the expected time follows PortOne's own Date.
        ("Sun, 01 Mar 2026 13:00:09 GMT", "Sun, 01 Mar 2026 13:00:00 GMT", 9),
        ("Sun, 99 Mar 2026 12:00:09 GMT", None, None),
        ("Sun, 01 Mar 2026 12:00:09 -0000", None, 9),
        ("Sat, 01 Jan 9999 00:00:00 -2359", None, LONGEST),
        ("x" * 100_000, None, None),
    ],
)
def test_fault_19_retry_after_in_every_form(
    header: str | None, date: str | None, seconds: int | None
) -> None:
    assert retry_after(header, date, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b'{"a":' * 100_000,
        b'{"a": 1} {"b": 2}',
        b'{"a": "\xff"}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
def test_fault_21_json_that_is_not_believed(text: bytes) -> None:
    with pytest.raises(NotJson):
        parse(text)


def test_brackets_inside_texts_do_not_count_as_depth() -> None:
    value = {"a": "[" * 100, "b": '"' + "{" * 100, "c": "\\"}
    import json

    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize("text", [b'"' + b'\\"' * 500_000, b'"' * 1_000_000, b"[]" * 500_000])
def test_the_depth_of_a_hostile_megabyte_is_counted_quickly(text: bytes) -> None:
    with bounded(0.2), pytest.raises(NotJson):
        parse(text)


def test_a_payment_with_nulls_and_new_fields_is_read() -> None:
    read = payloads.payment(
        payment(name=None, fail_reason=None, paid_at=None, cancel_history=None, brand_new=[{}])
    )
    assert (read.amount, read.paid_at, read.cancellations) == (Won(12000), None, ())
    assert read.name == read.fail_reason == ""


def test_a_time_of_0_is_never_and_others_are_utc() -> None:
    assert payloads.payment(payment(paid_at=0)).paid_at is None
    assert payloads.payment(payment(paid_at=1)).paid_at == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


def test_fault_22_an_unknown_status_is_unknown() -> None:
    assert payloads.payment(payment(status="pending")).status is ReportedStatus.UNKNOWN
    assert payloads.payment(payment(status="unknown")).status is ReportedStatus.UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": value}
        for value in (None, "12000", 12000.5, True, -1, 10**13, [], {}, 1e400, Decimal("1e999999"))
    ]
    + [
        {"cancel_amount": None},
        {"cancel_amount": 12001},
        {"cancel_amount": "0"},
        {"imp_uid": None},
        {"imp_uid": ""},
        {"imp_uid": "i" * 33},
        {"imp_uid": 5},
        {"imp_uid": "imp\n1"},
        {"imp_uid": "imp\ud800"},
        {"merchant_uid": "m" * 41},
        {"merchant_uid": None},
        {"status": None},
        {"status": 3},
        {"currency": None},
        {"currency": 410},
        {"sandbox": None},
        {"sandbox": "false"},
        {"sandbox": 0},
        {"paid_at": -1},
        {"paid_at": "1700000000"},
        {"paid_at": 10**12},
        {"paid_at": 1.5},
        {"paid_at": 1.0},
        {"cancel_history": {}},
        {"cancel_history": [None]},
        {"cancel_history": [{"amount": None}]},
        {"cancel_history": [{"amount": 1, "reason": 5}]},
        {"name": ["a"]},
    ],
)
def test_fault_21_a_payment_of_wrong_types_is_not_believed(changes: dict[str, Any]) -> None:
    with pytest.raises(payloads.InvalidPayload):
        payloads.payment(payment(**changes))


@pytest.mark.parametrize(
    "text", ["5000", "5000.0", "5000.00", "5e3", "5.0E3", "50000e-1", "5000.000000000000000000"]
)
def test_whole_amount_is_read_in_any_notation(text: str) -> None:
    value = parse(f'{{"amount": {text}, "cancel_amount": 0.0}}'.encode())
    assert isinstance(value, dict)
    read = payloads.payment(payment(**value))
    assert (read.amount, read.cancelled) == (5000, 0)
    assert isinstance(read.amount, Won)


@pytest.mark.parametrize(
    "text", ["5000.5", "5000.0000000000000000001", "4999.99999999999999999999", "1e13", "-0.5"]
)
def test_an_amount_that_is_not_whole_is_not_rounded(text: str) -> None:
    value = parse(f'{{"amount": {text}}}'.encode())
    assert isinstance(value, dict)
    with pytest.raises(payloads.InvalidPayload, match="amount"):
        payloads.payment(payment(**value))


@pytest.mark.parametrize("value", [None, 5, "x", [], [payment()]])
def test_something_else_is_no_payment(value: object) -> None:
    with pytest.raises(payloads.InvalidPayload):
        payloads.payment(value)


def test_texts_lose_unstorable_characters() -> None:
    line = {"amount": 5, "reason": "a\0b\ud800" + "x" * 5000, "cancellation_id": None}
    read = payloads.payment(payment(cancel_amount=5, cancel_history=[line])).cancellations[0]
    read.reason.encode("utf-8")
    assert read.reason.startswith("ab?")
    assert len(read.reason) <= payloads.TEXT_LIMIT


def test_history_lines_without_number_get_the_same_one_each_time() -> None:
    def line(amount: int, number: str | None, at: int = 1_700_000_000) -> dict[str, Any]:
        return {"amount": amount, "reason": "x", "cancellation_id": number, "cancelled_at": at}

    def names(*lines: dict[str, Any]) -> list[str]:
        total = sum(each["amount"] for each in lines)
        read = payloads.payment(payment(cancel_amount=total, cancel_history=list(lines)))
        return [each.cancellation_id for each in read.cancellations]

    before = names(line(5, None), line(5, None), line(7, "A1"))
    after = names(line(5, None), line(5, None), line(7, "A1"), line(5, None, 1_700_000_009))
    assert len(set(after)) == 4
    assert before == after[:3]
    assert before[2] == "A1"


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": "a b"},
        {"access_token": "a\r\nX: y"},
        {"access_token": "x" * 5000},
        {"expired_at": 1},
        {"expired_at": None},
        {"now": 0},
        {"now": 1e9},
    ],
)
def test_a_token_that_cannot_be_is_not_believed(changes: dict[str, Any]) -> None:
    good = {"access_token": "t", "expired_at": 1_700_001_800, "now": 1_700_000_000}
    assert payloads.token(good).life == 1800
    with pytest.raises(payloads.InvalidPayload):
        payloads.token({**good, **changes})


@pytest.mark.parametrize(
    "base",
    [
        "http://api.iamport.kr",
        "https://",
        "ftp://api.iamport.kr",
        "https://api.iamport.kr/",
        "https://user:pw@api.iamport.kr",
        "https://api.iamport.kr?x=1",
        "https://api.iamport.kr:0",
        "https://api.iamport.kr:x",
        "http://localhost.evil.example",
        "https://api iamport.kr",
        "",
    ],
)
def test_keys_are_sent_to_no_unsafe_address(base: str) -> None:
    with pytest.raises(EnvironmentProblem, match="api_base"):
        GatewaySettings(api_base=base)


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:5000", "http://localhost:1", "http://[::1]:1", "http://10.0.0.7:80"]
)
def test_a_sandbox_of_ones_own_may_be_plain_http(base: str) -> None:
    assert GatewaySettings(api_base=base, link_base=base + "/link").api_base == base
