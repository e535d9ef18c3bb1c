"""Options of a product (샷 추가), chosen when it is sold. They have a price and no stock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO, Won


@dataclass(frozen=True, slots=True)
class Option:
    """One option; its price is added to the product's."""

    id: int
    name: str
    price: Won = ZERO


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Options of which from ``least`` to ``most`` are chosen."""

    id: int
    name: str
    least: int
    most: int
    options: tuple[Option, ...] = ()


def choose_options(groups: Sequence[OptionGroup], chosen: Collection[int]) -> tuple[Option, ...]:
    """Return the chosen options, in the order of groups and options.

    Args:
        chosen: ids of options.

    Raises:
        UserError: ``OPTION_UNKNOWN``: one belongs to none of the groups, or is chosen twice;
            ``OPTIONS_FEW``, ``OPTIONS_MANY``: with the first ``group`` and its ``least`` or
            ``most``.
    """
    known = {option.id for group in groups for option in group.options}
    if len(set(chosen)) != len(chosen) or not known.issuperset(chosen):
        raise UserError(ErrorCode.OPTION_UNKNOWN)
    found: list[Option] = []
    for group in groups:
        options = [option for option in group.options if option.id in chosen]
        if len(options) < group.least:
            raise UserError(ErrorCode.OPTIONS_FEW, group=group.name, least=group.least)
        if len(options) > group.most:
            raise UserError(ErrorCode.OPTIONS_MANY, group=group.name, most=group.most)
        found += options
    return tuple(found)


def name_with_options(name: str, options: Sequence[Option]) -> str:
    """Return the name of what is ordered: ``라떼 (샷 추가, 연하게)``."""
    return f"{name} ({', '.join(option.name for option in options)})" if options else name


def price_with_options(price: Won, options: Sequence[Option]) -> Won:
    """Return the price of one piece with its options, in won."""
    return sum((option.price for option in options), price)
