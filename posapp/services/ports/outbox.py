"""Ports of what waits: refunds to be sent, and mismatches for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.refunds import Refund


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

    def release_leases(self) -> None:
        """Let every claimed entry be claimed again: at a start, when nobody else can hold one."""
        ...

    def waiting(self, limit: int) -> tuple[OutboxEntry, ...]:
        """Entries that are neither settled nor abandoned, the soonest first."""
        ...

    def next_due(self) -> datetime | None:
        """When ``claim`` will next find something, or ``None``: entries that wait behind another
        one of their payment do not count, a claimed one counts from the end of its lease."""
        ...


class MismatchKind(StrEnum):
    """Money that a rule could not decide on."""

    FOREIGN_PAYMENT = "FOREIGN_PAYMENT"
    UNKNOWN_STATUS = "UNKNOWN_STATUS"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A named item with evidence, for a person (design.md: reconcile, mismatch)."""

    id: int
    kind: MismatchKind
    merchant_uid: str
    imp_uid: str
    amount: Won
    evidence: str
    found_at: datetime
    settled_at: datetime | None = None


class Mismatches(Protocol):
    """What a person has to look at."""

    def note(self, mismatch: Mismatch) -> bool:
        """Store it unless the same (kind, merchant_uid, imp_uid) is open, or a person has closed
        the same with the same amount and evidence; ``False`` if it was not stored."""
        ...

    def open(self, limit: int) -> tuple[Mismatch, ...]:
        """The open ones, oldest first."""
        ...

    def settle(self, mismatch_id: int, now: datetime) -> bool:
        """A person has looked: it is open no more. ``False`` if it was not open."""
        ...
