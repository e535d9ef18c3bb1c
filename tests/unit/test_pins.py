"""PINs: which are too easy, how long the next entry waits, and what no clock can shorten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.pins import LOCKED_AT, PinTries, delay_after, guard_pin
from tests.fakes.world import START


def refusal(pin: str, digits: int = 4, phone: str = "") -> ErrorCode | None:
    try:
        guard_pin(pin, digits, phone)
    except UserError as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("pin", "digits", "code"),
    [
        ("2580", 4, None),
        ("270936", 4, None),
        ("270936", 6, None),
        ("2580", 6, ErrorCode.PIN_FORM),
        ("258", 4, ErrorCode.PIN_FORM),
        ("25801", 4, ErrorCode.PIN_FORM),
        ("", 4, ErrorCode.PIN_FORM),
        ("25 0", 4, ErrorCode.PIN_FORM),
        ("２５８０", 4, ErrorCode.PIN_FORM),
        ("7777", 4, ErrorCode.PIN_WEAK),
        ("000000", 6, ErrorCode.PIN_WEAK),
        ("1234", 4, ErrorCode.PIN_WEAK),
        ("7890", 4, ErrorCode.PIN_WEAK),
        ("987654", 6, ErrorCode.PIN_WEAK),
        ("2109", 4, ErrorCode.PIN_WEAK),
        ("900229", 6, ErrorCode.PIN_WEAK),
        ("011231", 6, ErrorCode.PIN_WEAK),
        ("901301", 6, None),
        ("900132", 6, None),
        ("900001", 6, None),
    ],
)
def test_form_and_easy_pins(pin: str, digits: int, code: ErrorCode | None) -> None:
    assert refusal(pin, digits) is code


def test_end_of_the_own_phone_number_is_too_easy() -> None:
    phone = "01036270854"
    assert refusal("0854", 4, phone) is ErrorCode.PIN_WEAK
    assert refusal("270854", 6, phone) is ErrorCode.PIN_WEAK
    assert refusal("3627", 4, phone) is None


def test_delays_are_the_table() -> None:
    table = [delay_after(tries) for tries in range(0, 13)]
    assert table == [0, 0, 0, 5, 15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert delay_after(10**6) == 900
    assert LOCKED_AT == 20


def test_who_is_told_how_many_are_left() -> None:
    assert [PinTries(tries).left for tries in (0, 15, 19, 20, 25)] == [20, 5, 1, 0, 0]


TRIED = PinTries(5, START, 1_000_000)


@pytest.mark.parametrize(
    ("wall_s", "boot_ms", "waits_ms"),
    [
        (0, 1_000_000, 30_000),
        (29, 1_029_000, 1_000),
        (30, 1_030_000, 0),
        (31_536_000, 1_001_000, 29_000),  # the wall clock was set a year forward
        (-31_536_000, 1_031_000, 30_000),  # and a year back
        (10, 1_031_000, 20_000),  # the longer one rules
        (31_536_000, 0, 30_000),  # started anew just now
        (31_536_000, 12_000, 18_000),
        (31_536_000, 30_000, 0),
    ],
)
def test_longer_of_both_clocks_rules(wall_s: int, boot_ms: int, waits_ms: int) -> None:
    assert TRIED.wait_ms(START + timedelta(seconds=wall_s), boot_ms) == waits_ms


@given(
    tries=st.integers(3, 30),
    wall=st.integers(-(10**9), 10**9),
    at_boot=st.integers(0, 10**9),
    passed=st.integers(0, 10**7),
    anew=st.booleans(),
)
def test_no_clock_shortens_a_delay(
    tries: int, wall: int, at_boot: int, passed: int, anew: bool
) -> None:
    """``passed`` ms go by for certain; the wall clock says anything, and the machine may start."""
    tried = PinTries(tries, START, at_boot)
    boot = passed if anew else at_boot + passed
    waits = tried.wait_ms(START + timedelta(milliseconds=wall), boot)
    assert waits >= max(delay_after(tries) * 1000 - passed, 0)
    assert waits <= delay_after(tries) * 1000
