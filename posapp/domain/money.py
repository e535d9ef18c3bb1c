"""Money: a whole number of won."""

from __future__ import annotations

from typing import NoReturn

from posapp.domain.errors import InvalidAmount

LARGEST = 10**12
"""No single amount of a shop reaches a trillion won; more is a typing or wire error."""


class Won(int):
    """An amount in won: an ``int`` that refuses everything that is no whole number.

    Won may be negative (money that went out in the ledger). Adding and subtracting amounts and
    multiplying by a count stay ``Won``; dividing is refused, because a shop never splits a won.

    Raises:
        InvalidAmount: the value is no ``int`` (a float, a bool, text, ``None``) or is beyond
            ``LARGEST`` in either direction.
    """

    __slots__ = ()

    def __new__(cls, value: int) -> Won:
        """Check and make an amount; raises ``InvalidAmount`` as the class says."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidAmount(value)
        if not -LARGEST <= value <= LARGEST:
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


def positive(value: int) -> Won:
    """Return ``value`` as an amount above 0, the only amounts that are ever sent to PortOne.

    Raises:
        InvalidAmount: not a whole number, 0, or below 0. (PortOne reads a missing or zero amount
            as *everything*: docs/portone.md, "Cancel".)
    """
    amount = Won(value)
    if amount <= 0:
        raise InvalidAmount(value)
    return amount


def _whole(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidAmount(value)
    return value
