"""The limit of discounts: of the sale, in percent and won, and of each line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Won
from posapp.domain.sale_amounts import Discount, DiscountKind, LineAmount, sale_amounts
from posapp.domain.sale_rules import SaleRules

RULES = SaleRules()
PERCENT, AMOUNT = DiscountKind.PERCENT, DiscountKind.AMOUNT


def is_above(
    lines: list[tuple[int, int]], sale: Discount | None = None, rules: SaleRules = RULES
) -> bool:
    """Whether lines of an amount with a discount, and a discount of the sale, are above it."""
    amounts = [LineAmount(Won(each), Won(off)) for each, off in lines]
    return rules.is_above_limit(amounts, sale_amounts(amounts, sale, rules.round_to))


@pytest.mark.parametrize(
    ("lines", "sale", "above"),
    [
        ([(10_000, 0)], None, False),
        ([(10_000, 3_000)], None, False),
        ([(10_000, 3_001)], None, True),
        ([(10_000, 0)], Discount(PERCENT, 30), False),
        ([(10_000, 0)], Discount(PERCENT, 31), True),
        ([(10_000, 3_000), (10_000, 0)], Discount(AMOUNT, 3_000), False),
        ([(10_000, 3_000), (10_000, 0)], Discount(AMOUNT, 3_001), True),
        ([(95, 35), (100_000, 0)], None, False),
        ([(95, 36), (100_000, 0)], None, True),
        ([(1_000_000, 50_000)], None, False),
        ([(1_000_000, 50_001)], None, True),
        ([(1_000_000, 25_000)], Discount(AMOUNT, 25_001), True),
        ([(0, 0)], None, False),
        ([], None, False),
    ],
)
def test_the_limits(lines: list[tuple[int, int]], sale: Discount | None, above: bool) -> None:
    assert is_above(lines, sale) is above


def test_a_shop_has_limits_of_its_own() -> None:
    none = SaleRules(discount_percent=0, discount_won=Won(0))
    assert is_above([(10_000, 1)], rules=none)
    assert not is_above([(10_000, 0)], rules=none)
    all_of_it = SaleRules(discount_percent=100, discount_won=Won(10**9))
    assert not is_above([(10_000, 10_000)], rules=all_of_it)


@given(
    st.lists(st.integers(0, 100_000), min_size=1, max_size=9),
    st.integers(1, 30),
    st.sampled_from((1, 10, 100)),
)
def test_a_percentage_within_the_limit_is_never_above_it(
    prices: list[int], percent: int, round_to: int
) -> None:
    """However it is rounded: of each line, or of the sale."""
    rules = SaleRules(round_to=round_to, discount_won=Won(10**9))
    discount = Discount(PERCENT, percent)
    of_lines = [(each, int(discount.of(Won(each), round_to))) for each in prices]
    assert not is_above(of_lines, rules=rules)
    assert not is_above([(each, 0) for each in prices], discount, rules)
