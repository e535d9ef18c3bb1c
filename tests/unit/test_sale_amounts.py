"""Amounts of a sale and its tax, against exact fractions: each part exact, and the parts sum up."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.sale_amounts import (
    ROUND_TO,
    Discount,
    DiscountKind,
    LineAmount,
    SaleAmounts,
    measure_text,
    percent_payable,
    sale_amounts,
    spread,
    weight_price,
)
from posapp.domain.vat import TaxKind, TaxSplit, vat_of

PRICES = st.integers(0, 99_999_999)
UNITS = st.sampled_from(ROUND_TO)
TAXABLE, EXEMPT = TaxKind.TAXABLE, TaxKind.EXEMPT
AMOUNT, PERCENT = DiscountKind.AMOUNT, DiscountKind.PERCENT


def half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def floor_to(exact: Fraction, unit: int) -> int:
    return math.floor(exact / unit) * unit


@given(PRICES)
def test_the_tax_is_an_eleventh_half_up(taxable: int) -> None:
    assert vat_of(Won(taxable)) == half_up(Fraction(taxable, 11))


@given(PRICES, st.integers(1, 100), UNITS)
def test_a_percentage_favours_the_buyer_by_less_than_a_unit(
    amount: int, percent: int, unit: int
) -> None:
    exact = Fraction(amount * (100 - percent), 100)
    payable = percent_payable(Won(amount), percent, unit)
    assert payable == floor_to(exact, unit)
    assert exact - unit < payable <= exact
    off = Discount.given(PERCENT, percent, "").of(Won(amount), unit)
    assert off + payable == amount


@given(PRICES, st.integers(0, 99_999), UNITS)
def test_a_weight_is_rounded_down_once(per_kilo: int, grams: int, unit: int) -> None:
    price = weight_price(Won(per_kilo), grams, unit)
    assert price == floor_to(Fraction(per_kilo * grams, 1000), unit)


def test_a_weight_as_it_is_written() -> None:
    assert measure_text(Won(12_900), 532) == "0.532kg × 12,900원/kg"
    assert measure_text(Won(900), 12_005) == "12.005kg × 900원/kg"
    assert weight_price(Won(12_900), 532, 10) == 6_860


@given(st.lists(PRICES, min_size=1, max_size=30), st.data())
def test_what_is_spread_sums_up_and_each_part_is_the_nearest(
    over: list[int], data: st.DataObject
) -> None:
    total = sum(over)
    amount = data.draw(st.integers(0, total))
    parts = spread(Won(amount), [Won(each) for each in over])
    assert sum(parts) == amount
    for part, each in zip(parts, over, strict=True):
        exact = Fraction(amount * each, total) if total else Fraction(0)
        assert math.floor(exact) <= part <= math.ceil(exact)
        assert 0 <= part <= each
    rounded_up = [
        (Fraction(amount * each % total, total), -at)
        for at, (part, each) in enumerate(zip(parts, over, strict=True))
        if total and part > Fraction(amount * each, total)
    ]
    rounded_down = [
        (Fraction(amount * each % total, total), -at)
        for at, (part, each) in enumerate(zip(parts, over, strict=True))
        if total and part < Fraction(amount * each, total)
    ]
    # The larger remainders are rounded up, of equal ones the earlier.
    assert not rounded_up or not rounded_down or min(rounded_up) > max(rounded_down)


def test_equal_remainders_go_to_the_earlier_line() -> None:
    assert spread(Won(2), [Won(10)] * 3) == (1, 1, 0)
    assert spread(Won(0), [Won(0), Won(0)]) == (0, 0)


@pytest.mark.parametrize(("amount", "over"), [(-1, [1]), (2, [1]), (1, [2, -1]), (1, [])])
def test_what_cannot_be_spread(amount: int, over: list[int]) -> None:
    with pytest.raises(ValueError, match="spread"):
        spread(Won(amount), [Won(each) for each in over])


@pytest.mark.parametrize(
    ("kind", "value"), [(AMOUNT, 0), (AMOUNT, -1), (PERCENT, 0), (PERCENT, 101)]
)
def test_a_discount_that_is_none_is_refused(kind: DiscountKind, value: int) -> None:
    with pytest.raises(UserError) as refused:
        Discount.given(kind, value, "")
    assert refused.value.code is ErrorCode.DISCOUNT_VALUE


def test_a_discount_above_the_amount_is_refused() -> None:
    assert Discount.given(AMOUNT, 500, "").of(Won(500), 10) == 500
    with pytest.raises(UserError) as refused:
        Discount.given(AMOUNT, 501, "").of(Won(500), 10)
    assert refused.value.code is ErrorCode.DISCOUNT_ABOVE


def test_prices_of_the_shop_are_rounded_only_beside_a_discount_or_a_weight() -> None:
    lines = [LineAmount(Won(1_234)), LineAmount(Won(1))]
    assert sale_amounts(lines, None, 10).payable == 1_235
    discounted = sale_amounts(lines, Discount(AMOUNT, 1), 10)
    assert (discounted.given, discounted.rounding, discounted.payable) == (1, 4, 1_230)
    weighed = sale_amounts([*lines, LineAmount(Won(10), is_weighed=True)], None, 10)
    assert (weighed.rounding, weighed.payable) == (5, 1_240)
    assert sale_amounts((), None, 10).payable == 0


def test_the_worked_example() -> None:
    """15,400 and 8,800 taxable, 12,000 exempt, 1,000 off; line 2 and then line 1 go back."""
    lines = [LineAmount(Won(15_400)), LineAmount(Won(8_800)), LineAmount(Won(12_000))]
    sale = sale_amounts(lines, Discount(AMOUNT, 1_000), 10)
    assert sale.discounts == (425, 243, 332)
    nets = [line.amount - off for line, off in zip(lines, sale.discounts, strict=True)]
    assert nets == [14_975, 8_557, 11_668]
    split = TaxSplit.of(zip((TAXABLE, TAXABLE, EXEMPT), nets, strict=True))
    assert (split.taxable, split.vat, split.supply) == (23_532, 2_139, 21_393)
    assert (split.exempt, split.total, sale.payable) == (11_668, 35_200, 35_200)
    assert split.vat_of_refund(TAXABLE, nets[1]) == 778
    left = split.without(TAXABLE, nets[1])
    assert left.vat_of_refund(TAXABLE, nets[0]) == 1_361
    assert left.without(TAXABLE, nets[0]).vat_of_refund(EXEMPT, nets[2]) == 0


def test_no_more_goes_back_than_there_is() -> None:
    split = TaxSplit(Won(100), Won(50))
    for kind, net in ((TAXABLE, 101), (EXEMPT, 51), (TAXABLE, -1)):
        with pytest.raises(ValueError, match="of TaxSplit"):
            split.vat_of_refund(kind, Won(net))
    for qr in (-1, 151):
        with pytest.raises(ValueError, match="of 150"):
            split.tax_free_of(Won(qr))


@given(PRICES, PRICES, st.data())
def test_the_exempt_part_of_a_mixed_payment(taxable: int, exempt: int, data: st.DataObject) -> None:
    split = TaxSplit(Won(taxable), Won(exempt))
    qr = data.draw(st.integers(0, taxable + exempt))
    free = split.tax_free_of(Won(qr))
    assert 0 <= free <= exempt
    assert 0 <= qr - free <= taxable
    share = half_up(Fraction(exempt * qr, split.total)) if split.total else 0
    assert free == share


# A whole sale, at random.


def random_sale(rng: random.Random) -> tuple[list[tuple[LineAmount, TaxKind]], SaleAmounts, int]:
    unit = rng.choice(ROUND_TO)
    lines: list[tuple[LineAmount, TaxKind]] = []
    for _ in range(rng.randint(1, 12)):
        is_weighed = rng.random() < 0.2
        price = rng.randint(1, 10 ** rng.randint(1, 6))
        amount = (
            weight_price(Won(price), rng.randint(1, 9_999), unit)
            if is_weighed
            else Won(price * rng.randint(1, 30))
        )
        off = Won(0)
        if rng.random() < 0.3 and amount:
            off = random_discount(rng, amount).of(amount, unit)
        lines.append((LineAmount(amount, off, is_weighed), rng.choice((TAXABLE, EXEMPT))))
    net = sum((line.net for line, _ in lines), Won(0))
    discount = random_discount(rng, net) if rng.random() < 0.6 and net else None
    return lines, sale_amounts([line for line, _ in lines], discount, unit), unit


def random_discount(rng: random.Random, amount: Won) -> Discount:
    if rng.random() < 0.5:
        return Discount.given(PERCENT, rng.randint(1, 100), "")
    return Discount.given(AMOUNT, rng.randint(1, amount), "")


def exact_parts(nets: list[tuple[TaxKind, Won]]) -> Iterator[int]:
    """Naive: the tax of what is left before and after each refund, in fractions."""
    left = Fraction(sum(net for kind, net in nets if kind is TAXABLE))
    for kind, net in nets:
        before = half_up(left / 11)
        left -= net if kind is TAXABLE else 0
        yield before - half_up(left / 11)


def test_random_sales_are_exact(request: pytest.FixtureRequest) -> None:
    """Every share of a discount, and every part of the tax in any order of refunds, is exact."""
    rng = random.Random(14)
    for _ in range(request.config.getoption("--sales")):
        lines, sale, unit = random_sale(rng)
        nets = [
            (kind, line.amount - off)
            for (line, kind), off in zip(lines, sale.discounts, strict=True)
        ]
        assert all(0 <= net <= line.net for (_, net), (line, _) in zip(nets, lines, strict=True))
        assert sum(net for _, net in nets) == sale.payable
        assert sale.subtotal == sum(line.amount for line, _ in lines)
        assert sum(sale.discounts) == sale.given + sale.rounding
        assert 0 <= sale.rounding < unit
        over = sum(int(line.net) for line, _ in lines)
        spread_off = over - int(sale.payable)
        for (line, _), (_, net) in zip(lines, nets, strict=True):
            exact = Fraction(spread_off * int(line.net), over) if over else Fraction(0)
            assert abs(int(line.net) - int(net) - exact) < 1
        split = TaxSplit.of(nets)
        assert split.total == sale.payable == split.supply + split.vat + split.exempt
        rng.shuffle(nets)
        parts, left = [], split
        for kind, net in nets:
            parts.append(left.vat_of_refund(kind, net))
            left = left.without(kind, net)
        assert parts == list(exact_parts(nets))
        assert sum(parts) == split.vat
        assert left == TaxSplit()
        for (kind, net), part in zip(nets, parts, strict=True):
            expected = half_up(Fraction(net, 11)) if kind is TAXABLE else 0
            assert abs(part - expected) <= 1
