"""Ledger entries of requests."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.requests import Request


def reference_of(request: Request) -> str:
    """Return the reference by which the ledger names a request."""
    return f"request:{request.id}"


def request_entry(
    event: LedgerEvent, request: Request, actor: Actor, now: datetime, text: str = ""
) -> NewEntry:
    """Return a ledger entry about a request; it moves no money itself.

    Args:
        text: the decider's note; if empty, the entry has the buyer's reason.
    """
    return NewEntry(
        event=event,
        amount=ZERO,
        actor=actor,
        at=now,
        order_id=request.order_id,
        item_id=request.item_id,
        reference=reference_of(request),
        reason=text or request.reason,
    )
