"""Port for the journal: refund intents, stored beside the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.payment_ref import Provider
from posapp.domain.refunds import Refund, RefundState


@dataclass(frozen=True, slots=True)
class Intent:
    """A decided refund, stored independently of the database.

    Attributes:
        item_id: the order item, or ``None`` for a refund that is not for a single one.
        amount: won, above 0.
        created_at: UTC.
        provider: the provider through which the payment is refunded.
        till: number of the till that decided it.
    """

    tag: str
    imp_uid: str
    order_id: int
    item_id: int | None
    amount: Won
    reason: str
    requested_by: Actor
    approved_by: Actor
    created_at: datetime
    provider: Provider = Provider.PORTONE_V1
    till: int = 0


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """Position up to which the journal has followed the ledger: number and hash of the last row
    seen."""

    seq: int
    hash: str


class RefundJournal(Protocol):
    """Append-only file of lines. Raises ``EnvironmentProblem`` for disk errors."""

    def open_intents(self) -> tuple[Intent, ...]:
        """Return the intents without a recorded end, in the order in which they were added."""
        ...

    def contains(self, tag: str) -> bool:
        """Return whether an intent, ended or not, was added since the journal was last
        compacted."""
        ...

    def mark(self) -> LedgerPosition | None:
        """Return the position in the ledger; ``None`` in a new journal."""
        ...

    def till(self) -> str:
        """Return the code of the journal's till; empty in a new or an older journal."""
        ...

    def unreadable(self) -> int:
        """Return the number of unreadable lines, without a last line that was cut short."""
        ...

    def add(
        self,
        intents: Sequence[Intent] = (),
        ends: Mapping[str, RefundState] | None = None,
        mark: LedgerPosition | None = None,
        till: str = "",
    ) -> None:
        """Append intents, ends (by tag), a mark and the till's code; they are on the disk when it
        returns."""
        ...

    def compact(self) -> None:
        """Rewrite the file without ended intents. Unreadable lines stay in a file set aside."""
        ...


def intent_of(refund: Refund, provider: Provider) -> Intent:
    """Return the journal's intent for a refund of a payment of this provider."""
    return Intent(
        tag=refund.tag,
        imp_uid=refund.imp_uid,
        order_id=refund.order_id,
        item_id=refund.item_id,
        amount=refund.amount,
        reason=refund.reason,
        requested_by=refund.requested_by,
        approved_by=refund.approved_by,
        created_at=refund.created_at,
        provider=provider,
        till=refund.till,
    )
