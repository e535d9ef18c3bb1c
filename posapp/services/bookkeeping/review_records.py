"""Ledger entries of what a person decided about a refund; they move no money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.payments import ReportedCancellation
from posapp.domain.refunds import Refund
from posapp.services.bookkeeping.refund_records import refund_entry


def taken_over_entry(actor: Actor, refund: Refund, why: str, now: datetime) -> NewEntry:
    """Return the entry of a refund that a person took out of automatic processing.

    Args:
        why: what the refund waited for, as its outbox entry says; may be empty.
    """
    return _entry(LedgerEvent.REFUND_TAKEN_OVER, actor, refund, why, now)


def requeued_entry(actor: Actor, refund: Refund, why: str, now: datetime) -> NewEntry:
    """Return the entry of a refund that a person gave back to automatic processing.

    Args:
        why: why it needed a person, as its outbox entry says; may be empty.
    """
    return _entry(LedgerEvent.REFUND_REQUEUED, actor, refund, why, now)


def disowned_entry(
    actor: Actor, refund: Refund, lines: Sequence[ReportedCancellation], now: datetime
) -> NewEntry:
    """Return the entry of a person's decision that these cancellations are not this refund; its
    reason has their ids."""
    ids = ", ".join(line.cancellation_id for line in lines)
    return _entry(LedgerEvent.CANCELLATION_DISOWNED, actor, refund, ids, now)


def _entry(event: LedgerEvent, actor: Actor, refund: Refund, why: str, now: datetime) -> NewEntry:
    entry = refund_entry(event, refund, ZERO, now)
    return replace(entry, actor=actor, reference=refund.tag, reason=why)
