"""Amounts of a sale: weighed goods, discounts, and their spread over the lines.

All of it is whole numbers: nothing is ever rounded twice, and each part is exact. Rounding favours
the buyer only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won
from posapp.domain.text import strip_controls

ROUND_TO = (1, 10, 100)
"""The units to which a shop rounds amounts down, in won."""

GRAMS_PER_KILO = 1000
MAX_DISCOUNT_REASON = 100
"""Characters of the reason of a discount; longer ones are cut."""


class DiscountKind(StrEnum):
    """How a discount is given: in won, or in percent."""

    AMOUNT = "AMOUNT"
    PERCENT = "PERCENT"


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of a line or of a whole sale, as it was given.

    Attributes:
        value: won, or percent.
    """

    kind: DiscountKind
    value: int
    reason: str = ""

    @classmethod
    def given(cls, kind: DiscountKind, value: int, reason: str) -> Discount:
        """Return a discount as a person gives it.

        Raises:
            UserError: ``DISCOUNT_VALUE``: not from 1 to 100 percent, or below 1 won.
        """
        if value < 1 or (kind is DiscountKind.PERCENT and value > 100):
            raise UserError(ErrorCode.DISCOUNT_VALUE)
        return cls(kind, value, strip_controls(reason)[:MAX_DISCOUNT_REASON])

    def of(self, amount: Won, round_to: int) -> Won:
        """Return the discount of an amount, in won. What is left of a percentage is rounded down to
        ``round_to``: the discount is the difference.

        Raises:
            UserError: ``DISCOUNT_ABOVE``: it is more than the amount.
        """
        if self.kind is DiscountKind.PERCENT:
            return amount - percent_payable(amount, self.value, round_to)
        if self.value > amount:
            raise UserError(ErrorCode.DISCOUNT_ABOVE)
        return Won(self.value)


def round_down(amount: Won, round_to: int) -> Won:
    """Return the largest multiple of ``round_to`` that is not above an amount of at least 0."""
    return Won(int(amount) // round_to * round_to)


def percent_payable(amount: Won, percent: int, round_to: int) -> Won:
    """Return what is left to pay of an amount without some percent: ⌊A·(100−p)/100 ÷ u⌋·u."""
    return Won(int(amount) * (100 - percent) // (100 * round_to) * round_to)


def weight_price(per_kilo: Won, grams: int, round_to: int) -> Won:
    """Return the price of some grams, rounded down to ``round_to``."""
    return Won(int(per_kilo) * grams // (GRAMS_PER_KILO * round_to) * round_to)


def measure_text(per_kilo: Won, grams: int) -> str:
    """Return how a weighed line was measured: ``0.532kg × 12,900원/kg``."""
    return f"{grams // GRAMS_PER_KILO}.{grams % GRAMS_PER_KILO:03}kg × {int(per_kilo):,}원/kg"


def spread(amount: Won, over: Sequence[Won]) -> tuple[Won, ...]:
    """Return an amount spread over others by their size: whole won, and together exactly it.

    Each gets its share rounded down; the won that are left go to the largest remainders, of equal
    ones to the earlier.

    Raises:
        ValueError: the amount is below 0 or above the sum, or one of the others is below 0.
    """
    total = sum(over, ZERO)
    if not 0 <= amount <= total or any(each < 0 for each in over):
        raise ValueError(f"{amount} cannot be spread over {total}")
    if total == 0:
        return tuple(ZERO for _ in over)
    shares = [int(amount) * int(each) // int(total) for each in over]
    rest = [int(amount) * int(each) % int(total) for each in over]
    left = int(amount) - sum(shares)
    for at in sorted(range(len(over)), key=lambda at: (-rest[at], at))[:left]:
        shares[at] += 1
    return tuple(map(Won, shares))


@dataclass(frozen=True, slots=True)
class LineAmount:
    """A line before discounts of the whole sale.

    Attributes:
        amount: price × count, in won.
        discount: of the line, in won.
        is_weighed: its price follows from a weight.
    """

    amount: Won
    discount: Won = ZERO
    is_weighed: bool = False

    @property
    def net(self) -> Won:
        """What is left of the line, in won."""
        return self.amount - self.discount


@dataclass(frozen=True, slots=True)
class SaleAmounts:
    """What a sale comes to, in won.

    Attributes:
        subtotal: Σ price × count.
        given: the discounts of lines and sale, as they were given.
        rounding: 단수 조정, what the total was rounded down by.
        discounts: of each line in its order: its own, and its share of the others.
    """

    subtotal: Won
    given: Won
    rounding: Won
    discounts: tuple[Won, ...]

    @property
    def payable(self) -> Won:
        """What is to be paid."""
        return self.subtotal - self.given - self.rounding


def sale_amounts(
    lines: Iterable[LineAmount], discount: Discount | None, round_to: int
) -> SaleAmounts:
    """Return what a sale comes to. Its discount and its rounding are spread over the lines.

    The total is rounded down where a discount or a weight made it no multiple of ``round_to``:
    prices that the shop set stay as they are.

    Raises:
        UserError: ``DISCOUNT_ABOVE``: the sale's discount is more than its lines come to.
    """
    lines = tuple(lines)
    nets = [line.net for line in lines]
    net = sum(nets, ZERO)
    off = discount.of(net, round_to) if discount is not None else ZERO
    own = sum((line.discount for line in lines), ZERO)
    is_rounded = bool(off or own) or any(line.is_weighed for line in lines)
    payable = round_down(net - off, round_to) if is_rounded else net - off
    shares = spread(net - payable, nets)
    return SaleAmounts(
        subtotal=sum((line.amount for line in lines), ZERO),
        given=own + off,
        rounding=net - off - payable,
        discounts=tuple(line.discount + share for line, share in zip(lines, shares, strict=True)),
    )
