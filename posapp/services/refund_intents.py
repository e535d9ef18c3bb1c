"""The first and the last step of every refund, each in the caller's unit of work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO, Won, positive
from posapp.domain.numbers import tag_after
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    guard_approval,
)
from posapp.services.ports.store import UnitOfWork

TILL = "till"
"""The actor of what the till does by itself."""

PORTONE = "portone"
"""The actor of what PortOne's history shows and our records did not."""

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
    follows: int | None = None,
    approval_needed: bool = False,
    covers: tuple[int, ...] = (),
) -> Refund:
    """Keep the intent to send money back in the caller's unit of work.

    Args:
        actor: who approved it.
        asked_by: who asked for it, if that was somebody else.
        due_at: when it is sent at the earliest; at once if it is not said.
        item_id: the item whose money it is, or ``None`` for a payment that was not accepted.
        amount: won, above 0.
        follows: the refund whose rest it sends back.
        approval_needed: approval is asked for: ``actor`` has to be another than ``asked_by``, who
            is then never left out.
        covers: the items that are left, if it sends back all that is left of an accepted payment.

    Raises:
        UserError: ``REFUND_IN_FLIGHT``: the item has a refund already; ``REFUND_OWN_APPROVAL``.
        InvalidAmount: not above 0, or more than was captured.
    """
    guard_approval(asked_by, actor, needed=approval_needed)
    of_items = item_id is not None or covers
    origin = RefundOrigin.ITEM if of_items else RefundOrigin.REJECTED_PAYMENT
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
            follows=follows,
            approval_needed=approval_needed,
            covers=" ".join(map(str, covers)),
        )
    )
    uow.outbox.enqueue(refund, due_at or now)
    uow.ledger.append(refund_fact(Fact.REFUND_APPROVED, refund, ZERO, now))
    return refund


def keep_rest(uow: UnitOfWork, ended: Refund, left: int, now: datetime) -> Refund | None:
    """Keep the intent to send back what is left of a rejected payment after a return of it ended
    without sending: money that is not the shop's goes back to the last won.

    Args:
        left: won that PortOne still holds of the payment and no other refund is to send.

    Returns:
        The new intent; ``None`` where nothing is left, another return is open, or the refund was
        of an item.
    """
    if ended.origin is not RefundOrigin.REJECTED_PAYMENT or left <= 0:
        return None
    others = uow.refunds.of_payment(ended.imp_uid)
    if any(one.origin is RefundOrigin.REJECTED_PAYMENT and one.is_open for one in others):
        return None
    rest = Won(left)
    tag = tag_after(ended.tag, rest)
    while any(one.tag == tag for one in others):
        tag = tag_after(tag, rest)
    return keep_intent(
        uow,
        imp_uid=ended.imp_uid,
        order_id=ended.order_id,
        item_id=None,
        amount=rest,
        reason=ended.reason,
        tag=tag,
        actor=TILL,
        now=now,
        follows=ended.id,
    )


def enter_refunded(
    uow: UnitOfWork, refund: Refund, cancellation_id: str, now: datetime, *, actor: str
) -> Refund:
    """The money is back: refund, item, stock and ledger change together, once.

    Args:
        cancellation_id: the line of PortOne's history that is this refund, or empty.
        actor: who the ledger names for it.
    """
    trigger = _CONFIRMED_BY.get(refund.state, RefundTrigger.FOUND_DONE)
    done = replace(refund.after(trigger), confirmed_at=now, cancellation_id=cancellation_id)
    uow.refunds.save(done)
    _cancel_items(uow, done)
    fact = refund_fact(Fact.REFUND_CONFIRMED, done, -done.amount, now)
    uow.ledger.append(replace(fact, actor=actor))
    return done


def enter_made_elsewhere(
    uow: UnitOfWork, refund: Refund, cancellation_id: str, now: datetime, *, actor: str
) -> Refund:
    """The money of a refund went back by a cancel that is recorded as another's already: the
    refund ends without sending, and its item, if it has one, is cancelled.

    Args:
        cancellation_id: that cancel.
        actor: who says so.
    """
    over = refund.after(RefundTrigger.FOUND_IMPOSSIBLE)
    uow.refunds.save(over)
    uow.ledger.append(refund_fact(Fact.REFUND_REFUSED, over, ZERO, now))
    for item_id in _cancel_items(uow, over):
        fact = refund_fact(Fact.ITEM_CANCELLED, over, ZERO, now)
        uow.ledger.append(replace(fact, actor=actor, item_id=item_id, reference=cancellation_id))
    return over


_CONFIRMED_BY = {
    RefundState.SENDING: RefundTrigger.CONFIRMED,
    RefundState.REFUSED: RefundTrigger.FOUND_LATE,
}


def _cancel_items(uow: UnitOfWork, refund: Refund) -> tuple[int, ...]:
    """Cancel the items whose money went back; returns those that were not cancelled already."""
    items = [uow.orders.item(item_id) for item_id in refund.item_ids]
    cancelled = tuple(
        item
        for item in items
        if item is not None and ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED)
    )
    uow.orders.save_items(
        [item.after(ItemTrigger.REFUND_CONFIRMED, reason=refund.reason) for item in cancelled]
    )
    for item in cancelled:
        # A deleted product never blocks a refund; its stock is left alone
        # (docs/specification.md 2.5).
        uow.orders.restock(item.product_id, item.count)
    return tuple(item.id for item in cancelled)


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
