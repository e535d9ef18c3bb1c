"""Money: a whole number of won."""

from __future__ import annotations

from typing import NoReturn

from posapp.domain.errors import InvalidAmount

MAX_AMOUNT = 10**12
"""Limit of a single amount: a trillion won. A larger one is a typing or wire error."""


class Won(int):
    """An amount in won: an ``int`` that refuses everything that is not a whole number.

    Won may be negative (outgoing money in the ledger). Adding and subtracting amounts and
    multiplying by a count return ``Won``; dividing is refused, because a shop never splits a won.

    Raises:
        InvalidAmount: the value is no ``int`` (a float, a bool, text, ``None``) or is beyond
            ``MAX_AMOUNT`` in either direction.
    """

    __slots__ = ()

    def __new__(cls, value: int) -> Won:
        """Check the value and create the amount; raises ``InvalidAmount``."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidAmount(value)
        if not -MAX_AMOUNT <= value <= MAX_AMOUNT:
            raise InvalidAmount(value)
        return super().__new__(cls, value)

    def __add__(self, other: int) -> Won:
        return Won(super().__add__(_whole(other)))

    __radd__ = __add__

    def __sub__(self, other: int) -> Won:
        return Won(super().__sub__(_whole(other)))

    def __mul__(self, count: int) -> Won:
        return Won(super().__mul__(_whole(count)))

    __rmul__ = __mul__

    def __neg__(self) -> Won:
        return Won(super().__neg__())

    def __truediv__(self, other: object) -> NoReturn:
        raise InvalidAmount(other)

    __floordiv__ = __rtruediv__ = __rfloordiv__ = __truediv__

    def __repr__(self) -> str:
        return f"Won({int(self)})"

    def __str__(self) -> str:
        return str(int(self))


ZERO = Won(0)


def require_positive(value: int) -> Won:
    """Return ``value`` as an amount above 0; only such amounts are ever sent to PortOne.

    Raises:
        InvalidAmount: not a whole number, 0, or below 0. (PortOne reads a missing or zero amount as
            *everything*: docs/portone.md, "Cancel".)
    """
    amount = Won(value)
    if amount <= 0:
        raise InvalidAmount(value)
    return amount


def require_part(value: int, whole: Won) -> Won:
    """Return ``value`` as a part of an amount: from 0 to all of it.

    Raises:
        InvalidAmount: not a whole number, below 0, or more than there is.
    """
    part = Won(value)
    if not 0 <= part <= whole:
        raise InvalidAmount(value)
    return part


def _whole(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidAmount(value)
    return value
