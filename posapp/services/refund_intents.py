"""The first step of every refund: intent, outbox entry and ledger fact, kept together."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO, Won, positive
from posapp.domain.refunds import Refund, RefundOrigin
from posapp.services.ports.store import UnitOfWork

TILL = "till"
"""The actor of what the till does by itself."""

PERSON = "person"
"""The actor of what somebody at the till decided where PortOne's history leaves it open."""


def keep_intent(
    uow: UnitOfWork,
    *,
    imp_uid: str,
    order_id: int,
    item_id: int | None,
    amount: Won,
    reason: str,
    tag: str,
    actor: str,
    now: datetime,
    asked_by: str = "",
    due_at: datetime | None = None,
) -> Refund:
    """Keep the intent to send money back in the caller's unit of work.

    Args:
        actor: who approved it.
        asked_by: who asked for it, if that was somebody else.
        due_at: when it is sent at the earliest; at once if it is not said.
        item_id: the item whose money it is, or ``None`` for a payment that was not accepted.
        amount: won, above 0.

    Raises:
        UserError: ``REFUND_IN_FLIGHT``: the item has a refund already.
        InvalidAmount: not above 0, or more than was captured.
    """
    origin = RefundOrigin.REJECTED_PAYMENT if item_id is None else RefundOrigin.ITEM
    refund = uow.refunds.add(
        Refund(
            id=0,
            imp_uid=imp_uid,
            order_id=order_id,
            item_id=item_id,
            origin=origin,
            amount=positive(amount),
            reason=reason,
            tag=tag,
            asked_by=asked_by or actor,
            approved_by=actor,
            created_at=now,
        )
    )
    uow.outbox.enqueue(refund, due_at or now)
    uow.ledger.append(refund_fact(Fact.REFUND_APPROVED, refund, ZERO, now))
    return refund


def refund_fact(fact: Fact, refund: Refund, amount: Won, now: datetime) -> NewEntry:
    """A ledger fact about a refund; ``amount`` is the won that moved by it."""
    return NewEntry(
        fact=fact,
        amount=amount,
        actor=refund.approved_by,
        at=now,
        order_id=refund.order_id,
        item_id=refund.item_id,
        imp_uid=refund.imp_uid,
        reference=refund.cancellation_id or refund.tag,
        reason=refund.reason,
    )
