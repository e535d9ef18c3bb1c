"""A person's word on a difference in money: who, why, and which won."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import Won
from posapp.domain.refunds import plain

LONGEST_EXPLANATION = 500
"""Characters that are kept; more is cut, never refused."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why PortOne and our records differ. It moves no money, and it cannot be empty.

    Attributes:
        by: who explains, as the ledger names people.
        note: why, on one line.
        amount: the won that are explained, 0 or more.

    Raises:
        UserError: ``EXPLANATION_REQUIRED``: nobody, or no words.
        InvalidAmount: no whole number of won, or one below 0.
    """

    by: str
    note: str
    amount: Won

    def __post_init__(self) -> None:
        """Tidy the words, and refuse what the class says."""
        by = plain(self.by)
        note = plain(self.note)[:LONGEST_EXPLANATION].rstrip()
        if not by or not note:
            raise UserError(ErrorCode.EXPLANATION_REQUIRED)
        amount = Won(self.amount)
        if amount < 0:
            raise InvalidAmount(self.amount)
        object.__setattr__(self, "by", by)
        object.__setattr__(self, "note", note)
        object.__setattr__(self, "amount", amount)
