"""Ports of what waits: refunds to be sent, and mismatches for a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from posapp.domain.explanations import Explanation
from posapp.domain.money import ZERO, Won
from posapp.domain.refunds import Refund, RefundState


class OutboxState(StrEnum):
    """Where an outbox entry stands."""

    WAITING = "WAITING"
    CLAIMED = "CLAIMED"
    SETTLED = "SETTLED"
    ABANDONED = "ABANDONED"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A refund that is to be carried out.

    Attributes:
        payment_key: entries with the same key (the imp_uid) are carried out in order, one at a
            time.
        attempts: how often it was claimed.
        lease: number of the claim that holds it; an older claim may not settle it.
    """

    id: int
    refund_id: int
    payment_key: str
    state: OutboxState
    due_at: datetime
    attempts: int
    lease: int
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Unsent:
    """An entry that is not settled, with what people know it by.

    Attributes:
        item_name: empty when the whole payment goes back.
        buyer_name: empty when the buyer is gone.
        since: when the refund was decided (UTC).
        due_at: when it is tried next, if it waits and nothing is before it (UTC).
        attempts: how often it was tried.
        why: what the last try ended with: a cause's value, or plain text; may be empty.
        waits_behind: the first refund of the same payment that is not over and was decided
            earlier: this one is not sent before that.
    """

    refund_id: int
    order_id: int
    item_name: str
    buyer_name: str
    amount: Won
    tag: str
    refund_state: RefundState
    state: OutboxState
    why: str
    since: datetime
    due_at: datetime
    attempts: int
    waits_behind: int | None

    @property
    def needs_person(self) -> bool:
        """Nothing goes on by itself."""
        return self.state is OutboxState.ABANDONED or self.refund_state is RefundState.NEEDS_PERSON


@dataclass(frozen=True, slots=True)
class UnsentTotals:
    """How many entries are not settled, and how much money that is, in won (a sum, which may be
    more than any single amount)."""

    count: int = 0
    amount: int = 0
    claimed: int = 0
    for_person: int = 0
    amount_for_person: int = 0


class Outbox(Protocol):
    """What waits to be sent."""

    def enqueue(self, refund: Refund, due_at: datetime) -> OutboxEntry:
        """Add an entry in the caller's unit of work: kept exactly if the intent is kept."""
        ...

    def claim(self, now: datetime, lease_until: datetime) -> OutboxEntry | None:
        """Take the first due entry whose payment has no earlier unsettled one, or ``None``.

        An abandoned entry is unsettled: while a person has to look at a refund, no other refund
        of the same payment is sent. It holds up no other payment.

        A claim whose lease is over can be taken again: by a new lease number.
        """
        ...

    def settle(self, entry: OutboxEntry) -> bool:
        """Mark as done. ``False`` if another claim holds it by now: then nothing was written."""
        ...

    def postpone(self, entry: OutboxEntry, due_at: datetime, error: str) -> bool:
        """Give back for a later try. ``False`` if another claim holds it by now."""
        ...

    def abandon(self, entry: OutboxEntry, error: str) -> bool:
        """Stop trying, loudly: a person has to look. ``False`` if another claim holds it."""
        ...

    def requeue(self, refund_id: int, due_at: datetime) -> bool:
        """Let an abandoned or waiting entry be due again at ``due_at``."""
        ...

    def withdraw(self, refund_id: int) -> bool:
        """Settle an entry that nobody holds, so that nothing is sent for it any more. ``False``,
        and nothing was written, if it is claimed, settled or abandoned."""
        ...

    def close(self, refund_id: int) -> bool:
        """Settle an abandoned or waiting entry whose refund was ended by a person, so that the
        next one of its payment can go. ``False``, and nothing was written, if it is claimed or
        settled."""
        ...

    def hasten(self, now: datetime) -> int:
        """Let every waiting entry be due at ``now``; returns how many there are."""
        ...

    def hand_over(self, refund_id: int, why: str) -> bool:
        """Abandon an entry that nobody holds: a person takes it. ``False``, and nothing was
        written, if it is claimed, settled or abandoned."""
        ...

    def unsent(self, limit: int) -> tuple[Unsent, ...]:
        """Entries that are not settled, abandoned ones too: those that need a person first, then
        the oldest."""
        ...

    def unsent_one(self, refund_id: int) -> Unsent | None:
        """The same for one refund; ``None`` if there is no such entry that is not settled."""
        ...

    def unsent_totals(self) -> UnsentTotals:
        """All of them, counted."""
        ...

    def network_back(self, now: datetime, causes: Collection[str]) -> int:
        """Let waiting entries be due at ``now`` whose ``last_error`` is one of these causes: they
        waited for a network and for nothing else. Returns how many there were."""
        ...

    def release_leases(self) -> None:
        """Let every claimed entry be claimed again: at a start, when nobody else can hold one."""
        ...

    def waiting(self, limit: int) -> tuple[OutboxEntry, ...]:
        """Entries that are neither settled nor abandoned, the soonest first."""
        ...

    def shift(self, by: timedelta) -> int:
        """Move what waits, and the ends of leases, as far as the wall clock was moved. Returns how
        many entries there were."""
        ...

    def next_due(self) -> datetime | None:
        """When ``claim`` will next find something, or ``None``: entries that wait behind another
        one of their payment do not count, a claimed one counts from the end of its lease."""
        ...


class MismatchKind(StrEnum):
    """What a rule could not decide on.

    ``FOREIGN_PAYMENT``: money under another number, or that paid something else already.
    ``UNKNOWN_STATUS``: PortOne's word for it means nothing here.
    ``AMOUNT_DIFFERS``: PortOne has another amount captured than our records.
    ``CANCELS_DIFFER``: PortOne's cancels of a payment do not add up to our refunds.
    ``NOT_AT_PORTONE``: PortOne does not know a payment of ours.
    ``LOST_PAYMENT``: a number of ours that our records do not have, and that fits no order.
    ``LOST_REFUND``: a tag of ours that our records do not have, and that fits no item.
    ``LOST_INTENT``: an approved refund of the journal whose payment our records do not have.
    ``ANOTHER_TILL``: payments of another till of this program in the same account.
    """

    FOREIGN_PAYMENT = "FOREIGN_PAYMENT"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    CANCELS_DIFFER = "CANCELS_DIFFER"
    NOT_AT_PORTONE = "NOT_AT_PORTONE"
    LOST_PAYMENT = "LOST_PAYMENT"
    LOST_REFUND = "LOST_REFUND"
    LOST_INTENT = "LOST_INTENT"
    ANOTHER_TILL = "ANOTHER_TILL"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A named item with evidence, for a person (docs/specification.md 7.2).

    Attributes:
        amount: won in question, 0 or more; whoever explains the mismatch names them.
        settled_at: when it was explained (UTC).
        gap: won that PortOne holds more (less: below 0) than our orders are worth by it.
        ledger_gap: won that PortOne holds more (less: below 0) than the ledger says by it.
        explained_by: who explained it; empty while it is open.
        explanation: why it is so, in that person's words.
    """

    id: int
    kind: MismatchKind
    merchant_uid: str
    imp_uid: str
    amount: Won
    evidence: str
    found_at: datetime
    settled_at: datetime | None = None
    gap: Won = ZERO
    ledger_gap: Won = ZERO
    explained_by: str = ""
    explanation: str = ""


class Mismatches(Protocol):
    """What a person has to look at. What was named stays until it is explained."""

    def note(self, mismatch: Mismatch) -> bool:
        """Store it unless a person has explained the same (kind, merchant_uid, imp_uid) with the
        same amount and evidence. One of them that is open takes over amounts and evidence.
        ``False`` if there was nothing new."""
        ...

    def get(self, mismatch_id: int) -> Mismatch | None:
        """The mismatch, or ``None``."""
        ...

    def open(self, limit: int) -> tuple[Mismatch, ...]:
        """The open ones, oldest first."""
        ...

    def explain(self, mismatch_id: int, explanation: Explanation, now: datetime) -> bool:
        """Close an open one by its explanation. ``False`` if it was not open."""
        ...

    def explained(self, since: datetime, until: datetime, limit: int) -> tuple[Mismatch, ...]:
        """Those explained in ``since`` ≤ time < ``until``, in the order of their explanations."""
        ...

    def is_open_under(
        self, kinds: Collection[MismatchKind], numbers: Collection[str], beginning: str
    ) -> bool:
        """Whether one of these kinds is open under one of these merchant_uids, or under one that
        begins so (not empty). Quick however many are open."""
        ...

    def of_payment(self, imp_uid: str) -> tuple[Mismatch, ...]:
        """Those of one payment, open or explained, oldest first."""
        ...

    def explained_payments(self) -> frozenset[str]:
        """The imp_uids of payments of which an explained ``gap`` or ``ledger_gap`` is not 0."""
        ...

    def set_gap(self, mismatch_id: int, gap: Won) -> None:
        """Let the ``gap`` of one, open or explained, be another."""
        ...

    def forget_gaps(self, imp_uid: str) -> None:
        """A payment differs no more: the gaps that were explained of it are 0."""
        ...
