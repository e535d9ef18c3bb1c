"""What a shop decides about its counter's own sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.domain.label_patterns import LabelPattern
from posapp.domain.money import ZERO, Won
from posapp.domain.sale_amounts import LineAmount, SaleAmounts, percent_payable

DISCOUNT_PERCENT, DISCOUNT_WON = 30, Won(50_000)
"""Defaults of the limits of a discount that one person gives alone."""


@dataclass(frozen=True, slots=True)
class SaleRules:
    """Rules of the counter's own sale; the values here are the defaults of the settings.

    Attributes:
        round_to: unit to which amounts are rounded down, in won.
        reserve_minutes: how long an order that is not paid keeps its stock.
        discount_percent, discount_won: up to both of these, one person alone gives a discount.
        is_exempt: all goods are sold as exempt ones (면세사업자).
        labels: patterns of the labels that a scale or the shop prints.
        hand_over: what is paid while the buyer is there is delivered at once.
        day_starts: hour at which a business date begins.
        blind_count: what a drawer came to is shown before the count only to who may see it.
    """

    round_to: int = 10
    reserve_minutes: int = 20
    discount_percent: int = DISCOUNT_PERCENT
    discount_won: Won = DISCOUNT_WON
    labels: tuple[LabelPattern, ...] = ()
    is_exempt: bool = False
    hand_over: bool = True
    day_starts: int = 6
    blind_count: bool = True

    def is_above_limit(self, lines: Sequence[LineAmount], amounts: SaleAmounts) -> bool:
        """Return whether the discounts of a sale need a second person: all together, or that of
        one line. What rounding adds to a percentage counts for nobody."""
        of_lines = [self._most_of(line.amount) for line in lines]
        most = max(self._most_of(amounts.subtotal), sum(of_lines, ZERO))
        return (
            amounts.given > self.discount_won
            or amounts.given > most
            or any(line.discount > limit for line, limit in zip(lines, of_lines, strict=True))
        )

    def _most_of(self, amount: Won) -> Won:
        """Return the largest discount of an amount within ``discount_percent``, in won."""
        return amount - percent_payable(amount, self.discount_percent, self.round_to)
