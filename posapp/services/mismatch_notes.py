"""The one writer of mismatches: what a person has to explain, and by how much books differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.money import ZERO, Won
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Gap:
    """Won that PortOne holds more (less: below 0) than it should, of one payment.

    Attributes:
        goods: … than the order's paid items are worth.
        ledger: … than the ledger says.
    """

    goods: Won = ZERO
    ledger: Won = ZERO

    @property
    def amount(self) -> Won:
        """The won in question, for people."""
        return Won(abs(self.goods) or abs(self.ledger))

    def __bool__(self) -> bool:
        return self.goods != 0 or self.ledger != 0


NO_GAP = Gap()


def note_mismatch(
    uow: UnitOfWork,
    kind: MismatchKind,
    *,
    merchant_uid: str,
    imp_uid: str,
    amount: Won,
    evidence: str,
    found_at: datetime,
    gap: Gap = NO_GAP,
) -> bool:
    """Note a mismatch in the caller's unit of work; an open one of the same kind and numbers takes
    over amount, evidence and gap.

    Args:
        amount: the won in question, for people.
        gap: by how much the books differ; what differs beyond it gets a name of its own.

    Returns:
        ``False`` if just that is noted already, or a person has explained it.
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
            gap=gap.goods,
            ledger_gap=gap.ledger,
        )
    )
