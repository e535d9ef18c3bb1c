"""Ports for the outbox (refunds to send) and for mismatches that a person resolves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.explanations import Explanation
from posapp.domain.money import ZERO, Won
from posapp.domain.refunds import Refund, RefundState


class OutboxState(StrEnum):
    """State of an outbox entry."""

    WAITING = "WAITING"
    CLAIMED = "CLAIMED"
    SETTLED = "SETTLED"
    ABANDONED = "ABANDONED"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A refund that waits to be executed.

    Attributes:
        payment_key: entries with the same key (the imp_uid) are executed in order, one at a time.
        attempts: how often it was claimed.
        lease: number of the claim that holds it; an older claim may not settle it.
        till: number of the till that decided the refund.
    """

    id: int
    refund_id: int
    payment_key: str
    state: OutboxState
    due_at: datetime
    attempts: int
    lease: int
    last_error: str = ""
    till: int = 0


@dataclass(frozen=True, slots=True)
class PendingRefund:
    """An unsettled entry, with details for display.

    Attributes:
        item_name: empty when the refund is not for a single item.
        buyer_name: empty when the buyer was deleted.
        since: when the refund was decided (UTC).
        due_at: when the next try is due, if it waits and nothing precedes it (UTC).
        attempts: how often it was tried.
        why: the result of the last try: a cause's value, or plain text; may be empty.
        waits_behind: the first open refund of the same payment that was decided earlier: this one
            is not sent before that one ends.
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
        """Whether it cannot proceed without a person."""
        return self.state is OutboxState.ABANDONED or self.refund_state is RefundState.NEEDS_REVIEW


@dataclass(frozen=True, slots=True)
class PendingTotals:
    """Number of unsettled entries and their total in won (a sum, which may exceed the limit of a
    single amount)."""

    count: int = 0
    amount: int = 0
    claimed: int = 0
    for_person: int = 0
    amount_for_person: int = 0


class Outbox(Protocol):
    """Queue of refunds to send."""

    def enqueue(self, refund: Refund, due_at: datetime) -> OutboxEntry:
        """Add an entry in the caller's unit of work: stored if and only if the intent is."""
        ...

    def claim(self, now: datetime, lease_until: datetime) -> OutboxEntry | None:
        """Claim the first due entry whose payment has no earlier unsettled one, or return ``None``.

        An abandoned entry is unsettled: while a refund needs a person, no other refund of the same
        payment is sent. It does not block other payments.

        An entry whose lease has expired can be claimed again, under a new lease number.
        """
        ...

    def settle(self, entry: OutboxEntry) -> bool:
        """Mark as done. ``False`` if another claim holds it by now; then nothing was written."""
        ...

    def postpone(self, entry: OutboxEntry, due_at: datetime, error: str) -> bool:
        """Return the entry to the queue for a later try. ``False`` if another claim holds it by
        now."""
        ...

    def abandon(self, entry: OutboxEntry, error: str) -> bool:
        """Stop trying: the entry needs a person. ``False`` if another claim holds it."""
        ...

    def requeue(self, refund_id: int, due_at: datetime) -> bool:
        """Make an abandoned or waiting entry due again at ``due_at``."""
        ...

    def withdraw(self, refund_id: int) -> bool:
        """Settle an entry without a claim, so that nothing more is sent for it. ``False``, and
        nothing was written, if it is claimed, settled or abandoned."""
        ...

    def close(self, refund_id: int) -> bool:
        """Settle an abandoned or waiting entry whose refund a person ended, so that the next one of
        its payment can proceed. ``False``, and nothing was written, if it is claimed or settled."""
        ...

    def expedite_all(self, now: datetime) -> int:
        """Make every waiting entry due at ``now``; return their number."""
        ...

    def escalate(self, refund_id: int, why: str) -> bool:
        """Abandon an entry without a claim, so that a person handles it. ``False``, and nothing was
        written, if it is claimed, settled or abandoned."""
        ...

    def pending(self, limit: int) -> tuple[PendingRefund, ...]:
        """Return unsettled entries, including abandoned ones: those that need a person first, then
        the oldest."""
        ...

    def get_pending(self, refund_id: int) -> PendingRefund | None:
        """Return the same for one refund; ``None`` if it has no unsettled entry."""
        ...

    def pending_totals(self) -> PendingTotals:
        """Return the totals of all unsettled entries."""
        ...

    def expedite_offline(self, now: datetime, causes: Collection[str]) -> int:
        """Make waiting entries due at ``now`` whose ``last_error`` is one of these causes: they
        waited only for the network. Return their number."""
        ...

    def release_leases(self) -> None:
        """Release all claims: at a start, when no other worker can hold one."""
        ...

    def waiting(self, limit: int) -> tuple[OutboxEntry, ...]:
        """Return entries that are neither settled nor abandoned, the soonest due first."""
        ...

    def shift_times(self, by: timedelta) -> int:
        """Shift the due times of waiting entries and the ends of leases by a change of the wall
        clock. Return the number of entries."""
        ...

    def next_due(self) -> datetime | None:
        """Return when ``claim`` will next find an entry, or ``None``: entries that wait behind
        another one of their payment do not count, a claimed one counts from the end of its
        lease."""
        ...


class MismatchKind(StrEnum):
    """Kind of a mismatch, which no rule could resolve.

    ``FOREIGN_PAYMENT``: money under another number, or that already paid for something else.
    ``UNKNOWN_STATUS``: PortOne reports a status that is not known.
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
    """A mismatch with its evidence, for a person (docs/specification.md 7.2).

    Attributes:
        amount: won in question, 0 or more; an explanation has to name the same amount.
        resolved_at: when it was explained (UTC).
        goods_gap: won that PortOne holds more (less: below 0) than our orders are worth because
            of it.
        ledger_gap: won that PortOne holds more (less: below 0) than the ledger says because of it.
        explained_by: the explaining person; ``NOBODY`` while it is open.
        explanation: the reason, in that person's own text.
    """

    id: int
    kind: MismatchKind
    merchant_uid: str
    imp_uid: str
    amount: Won
    evidence: str
    found_at: datetime
    resolved_at: datetime | None = None
    goods_gap: Won = ZERO
    ledger_gap: Won = ZERO
    explained_by: Actor = NOBODY
    explanation: str = ""


class Mismatches(Protocol):
    """Mismatches for review by a person. A mismatch stays open until it is explained."""

    def note(self, mismatch: Mismatch) -> bool:
        """Store a mismatch unless a person has explained the same (kind, merchant_uid, imp_uid)
        with the same amount and evidence. An open one of the same is updated with amounts and
        evidence. ``False`` if there was nothing new."""
        ...

    def get(self, mismatch_id: int) -> Mismatch | None:
        """Return the mismatch, or ``None``."""
        ...

    def count_open(self, cap: int) -> int:
        """Return the number of open mismatches; ``cap + 1`` means more than ``cap``."""
        ...

    def open(self, limit: int) -> tuple[Mismatch, ...]:
        """Return open mismatches, oldest first."""
        ...

    def explain(self, mismatch_id: int, explanation: Explanation, now: datetime) -> bool:
        """Close an open mismatch by its explanation. ``False`` if it was not open."""
        ...

    def explained(self, since: datetime, until: datetime, limit: int) -> tuple[Mismatch, ...]:
        """Return those explained in ``since`` ≤ time < ``until``, in the order of their
        explanations."""
        ...

    def is_open_under(
        self, kinds: Collection[MismatchKind], numbers: Collection[str], beginning: str
    ) -> bool:
        """Return whether a mismatch of these kinds is open under one of these merchant_uids, or
        under one that starts with ``beginning`` (not empty). Fast for any number of open ones."""
        ...

    def of_payment(self, imp_uid: str) -> tuple[Mismatch, ...]:
        """Return those of one payment, open or explained, oldest first."""
        ...

    def explained_payments(self) -> frozenset[str]:
        """Return the imp_uids of payments with an explained ``goods_gap`` or ``ledger_gap`` other
        than 0."""
        ...

    def set_goods_gap(self, mismatch_id: int, gap: Won) -> None:
        """Change the ``goods_gap`` of a mismatch, open or explained."""
        ...

    def forget_gaps(self, imp_uid: str) -> None:
        """Set the explained gaps of a payment to 0, since it no longer differs."""
        ...
