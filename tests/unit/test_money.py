"""Won: whole numbers, and nothing that could hide a part of one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import InvalidAmount
from posapp.domain.money import MAX_AMOUNT, Won, require_positive

amounts = st.integers(min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    "value", [None, 1.0, "1000", Decimal(1), True, MAX_AMOUNT + 1, -MAX_AMOUNT - 1]
)
def test_only_whole_won_are_won(value):
    with pytest.raises(InvalidAmount):
        Won(value)


@pytest.mark.parametrize("value", [None, 0, -1, 1.5, "1", True, MAX_AMOUNT + 1])
def test_fault_14_an_amount_that_is_sent_is_above_zero(value):
    """docs/faults.md, row 14: None, 0, negative or float is refused in the type, before any I/O."""
    with pytest.raises(InvalidAmount):
        require_positive(value)


@given(amounts, amounts)
def test_sums_and_differences_stay_won(first, second):
    total = Won(first) + Won(second)
    assert type(total) is Won
    assert total - Won(second) == first
    assert type(Won(first) - second) is Won
    assert sum([Won(first), Won(second)]) == first + second
    assert type(sum([Won(first), Won(second)])) is Won


@given(st.integers(0, 10**6), st.integers(0, 1000))
def test_a_price_times_a_count_is_won(price, count):
    assert Won(price) * count == price * count
    assert type(count * Won(price)) is Won


def test_no_won_is_ever_split():
    for split in (lambda: Won(10) / 3, lambda: Won(10) // 3, lambda: 10 / Won(3)):
        with pytest.raises(InvalidAmount):
            split()


def test_a_float_never_joins_a_sum():
    for join in (lambda: Won(1) + 0.5, lambda: Won(1) * 1.5, lambda: Won(1) - 0.5):
        with pytest.raises(InvalidAmount):
            join()
