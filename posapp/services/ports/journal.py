"""Port of the journal: intents to send money back, kept beside the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.refunds import Refund, RefundState


@dataclass(frozen=True, slots=True)
class Intent:
    """What was decided about a refund, whatever becomes of the database.

    Attributes:
        item_id: the order item, or ``None`` for a payment that was not accepted.
        amount: won, above 0.
        created_at: UTC.
    """

    tag: str
    imp_uid: str
    order_id: int
    item_id: int | None
    amount: Won
    reason: str
    asked_by: str
    approved_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the ledger was followed: the number and hash of the last row that was seen."""

    seq: int
    hash: str


class IntentJournal(Protocol):
    """Lines that are added to a file. Raises ``EnvironmentProblem`` for what the disk says."""

    def without_end(self) -> tuple[Intent, ...]:
        """Intents of which no end was noted, in the order in which they were kept."""
        ...

    def knows(self, tag: str) -> bool:
        """Tell whether an intent, ended or not, was kept since the journal was last tidied up."""
        ...

    def mark(self) -> Mark | None:
        """How far the ledger was followed; ``None`` in a new journal."""
        ...

    def till(self) -> str:
        """The code of the till whose intents these are; empty in a new or an older journal."""
        ...

    def unreadable(self) -> int:
        """How many lines cannot be read; a last one that was cut short is not among them."""
        ...

    def add(
        self,
        intents: Sequence[Intent] = (),
        ends: Mapping[str, RefundState] | None = None,
        mark: Mark | None = None,
        till: str = "",
    ) -> None:
        """Keep intents, ends (by tag), a mark, the till's code; on the disk when it returns."""
        ...

    def tidy_up(self) -> None:
        """Write the file anew without what has ended. Lines that could not be read stay in a file
        set aside."""
        ...


def intent_of(refund: Refund) -> Intent:
    """Return what the journal keeps of a refund."""
    return Intent(
        tag=refund.tag,
        imp_uid=refund.imp_uid,
        order_id=refund.order_id,
        item_id=refund.item_id,
        amount=refund.amount,
        reason=refund.reason,
        asked_by=refund.asked_by,
        approved_by=refund.approved_by,
        created_at=refund.created_at,
    )
