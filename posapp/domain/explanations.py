"""Explanation of a money mismatch: by whom, why, and how many won."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import Won
from posapp.domain.text import strip_controls

MAX_EXPLANATION_LENGTH = 500
"""Characters of a note that are kept; longer notes are cut, never refused."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Explanation of a difference between PortOne and our records. It moves no money, and it cannot
    be empty.

    Attributes:
        by: the explaining person; the name is put on one line.
        note: why, on one line.
        amount: the won that are explained, 0 or more.

    Raises:
        UserError: ``EXPLANATION_REQUIRED``: no person, or no text.
        InvalidAmount: no whole number of won, or one below 0.
    """

    by: Actor
    note: str
    amount: Won

    def __post_init__(self) -> None:
        """Normalise the texts, and raise as the class documents."""
        by = Actor.parse(strip_controls(str(self.by)))
        note = strip_controls(self.note)[:MAX_EXPLANATION_LENGTH].rstrip()
        if not by.is_named or not note:
            raise UserError(ErrorCode.EXPLANATION_REQUIRED)
        amount = Won(self.amount)
        if amount < 0:
            raise InvalidAmount(self.amount)
        object.__setattr__(self, "by", by)
        object.__setattr__(self, "note", note)
        object.__setattr__(self, "amount", amount)
