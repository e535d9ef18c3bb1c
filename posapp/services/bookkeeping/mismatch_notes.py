"""Writes mismatches: differences in money that a person must explain. The only writer of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.money import ZERO, Won
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PaymentGap:
    """Won that PortOne holds of one payment in excess of our records; below 0: it holds less.

    Attributes:
        goods: excess over the value of the order's paid items.
        ledger: excess over what the ledger says.
    """

    goods: Won = ZERO
    ledger: Won = ZERO

    @property
    def amount(self) -> Won:
        """Size of the gap in won, to show to people."""
        return Won(abs(self.goods) or abs(self.ledger))

    def __bool__(self) -> bool:
        return self.goods != 0 or self.ledger != 0


NO_GAP = PaymentGap()


def note_mismatch(
    uow: UnitOfWork,
    kind: MismatchKind,
    *,
    merchant_uid: str,
    imp_uid: str,
    amount: Won,
    evidence: str,
    found_at: datetime,
    gap: PaymentGap = NO_GAP,
) -> bool:
    """Note a mismatch in the caller's unit of work.

    An open mismatch of the same kind and numbers takes over amount, evidence and gap.

    Args:
        amount: the won in question, to show to people.
        gap: the gap that this mismatch accounts for; a gap beyond it becomes another mismatch.

    Returns:
        ``False`` if exactly this is noted already, or a person has explained it.
    """
    return uow.mismatches.note(
        Mismatch(
            id=0,
            kind=kind,
            merchant_uid=merchant_uid,
            imp_uid=imp_uid,
            amount=amount,
            evidence=evidence,
            found_at=found_at,
            goods_gap=gap.goods,
            ledger_gap=gap.ledger,
        )
    )
