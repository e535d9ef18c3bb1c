"""Creates and ends refunds, in the caller's unit of work."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from posapp.domain.actors import NOBODY, TILL, Actor
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import tag_after
from posapp.domain.money import ZERO, Won, require_positive
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger
from posapp.domain.payment_ref import Provider
from posapp.domain.refunds import (
    Refund,
    RefundOrigin,
    RefundState,
    RefundTrigger,
    guard_approval,
)
from posapp.services.bookkeeping.refund_tax import with_tax_free
from posapp.services.ports.journal import Intent, intent_of
from posapp.services.ports.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


def create_refund(
    uow: UnitOfWork,
    *,
    imp_uid: str,
    order_id: int,
    item_id: int | None,
    amount: Won,
    reason: str,
    tag: str,
    actor: Actor,
    now: datetime,
    requested_by: Actor = NOBODY,
    due_at: datetime | None = None,
    follows: int | None = None,
    approval_needed: bool = False,
    covers: tuple[int, ...] = (),
) -> Refund:
    """Record the intent to refund money, with its outbox and ledger entries.

    Args:
        actor: the approver.
        requested_by: the requester; ``NOBODY`` means ``actor``.
        due_at: earliest time to send it; ``now`` by default.
        item_id: the item to refund; ``None`` for a payment that was not accepted, and with
            ``covers``.
        amount: won, above 0.
        follows: id of an ended refund; this one sends the remainder of its payment.
        approval_needed: the approver must differ from the requester, and ``requested_by`` must
            name somebody.
        covers: ids of the remaining items, for a refund of all that is left of an accepted
            payment.

    Raises:
        UserError: ``REFUND_IN_FLIGHT``: the item has a refund already; ``REFUND_OWN_APPROVAL``.
        InvalidAmount: not above 0, or more than was captured.
    """
    guard_approval(requested_by, actor, needed=approval_needed)
    of_items = item_id is not None or covers
    origin = RefundOrigin.ITEM if of_items else RefundOrigin.REJECTED_PAYMENT
    refund = Refund(
        id=0,
        imp_uid=imp_uid,
        order_id=order_id,
        item_id=item_id,
        origin=origin,
        amount=require_positive(amount),
        reason=reason,
        tag=tag,
        requested_by=requested_by if requested_by.is_named else actor,
        approved_by=actor,
        created_at=now,
        follows=follows,
        approval_needed=approval_needed,
        covers=" ".join(map(str, covers)),
        till=uow.record_ids.till,
    )
    refund = uow.refunds.add(with_tax_free(uow, refund))
    uow.outbox.enqueue(refund, due_at or now)
    uow.ledger.append(refund_entry(LedgerEvent.REFUND_APPROVED, refund, ZERO, now))
    return refund


def create_follow_up_refund(
    uow: UnitOfWork, ended: Refund, left: int, now: datetime
) -> Refund | None:
    """Create a refund of what is left of a rejected payment after an earlier refund of it ended.

    The shop must return a rejected payment in full.

    Args:
        left: won that PortOne still holds of the payment and no other refund will send.

    Returns:
        The new refund; ``None`` if nothing is left, another refund of the rejected payment is
        open, or ``ended`` was not a refund of a rejected payment.
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
    return create_refund(
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


def record_refunded(
    uow: UnitOfWork, refund: Refund, cancellation_id: str, now: datetime, *, actor: Actor
) -> Refund:
    """Confirm a refund: refund, items, stock and ledger change together, once.

    Args:
        cancellation_id: the line of PortOne's history that is this refund, or empty.
        actor: the actor of the ledger entry.
    """
    trigger = _CONFIRMED_BY.get(refund.state, RefundTrigger.OBSERVED_DONE)
    done = replace(refund.apply(trigger), confirmed_at=now, cancellation_id=cancellation_id)
    uow.refunds.save(done)
    _cancel_items(uow, done)
    entry = refund_entry(LedgerEvent.REFUND_CONFIRMED, done, -done.amount, now)
    uow.ledger.append(replace(entry, actor=actor))
    return done


def end_by_external_cancellation(
    uow: UnitOfWork, refund: Refund, cancellation_id: str, now: datetime, *, actor: Actor
) -> Refund:
    """End a refund whose money was returned by a cancel that is recorded as external.

    The refund sends nothing. Its items, if it has any, are cancelled.

    Args:
        cancellation_id: id of that cancel.
        actor: the actor of the items' ledger entries.
    """
    over = refund.apply(RefundTrigger.OBSERVED_IMPOSSIBLE)
    uow.refunds.save(over)
    uow.ledger.append(refund_entry(LedgerEvent.REFUND_REFUSED, over, ZERO, now))
    for item_id in _cancel_items(uow, over):
        entry = refund_entry(LedgerEvent.ITEM_CANCELLED, over, ZERO, now)
        uow.ledger.append(replace(entry, actor=actor, item_id=item_id, reference=cancellation_id))
    return over


_CONFIRMED_BY = {
    RefundState.SENDING: RefundTrigger.CONFIRMED,
    RefundState.REFUSED: RefundTrigger.FOUND_LATE,
}


def _cancel_items(uow: UnitOfWork, refund: Refund) -> tuple[int, ...]:
    """Cancel the items of a refund; return the ids of those that were not cancelled already."""
    items = [uow.orders.item(item_id) for item_id in refund.item_ids]
    cancelled = tuple(
        item
        for item in items
        if item is not None and ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED)
    )
    uow.orders.save_items(
        [item.apply(ItemTrigger.REFUND_CONFIRMED, reason=refund.reason) for item in cancelled]
    )
    for item in cancelled:
        # A deleted product never blocks a refund; its stock does not change
        # (docs/specification.md 2.5).
        uow.orders.restock(item.product_id, item.count)
    return tuple(item.id for item in cancelled)


def journal_intent(uow: UnitOfWork, refund: Refund) -> Intent:
    """Return the journal's intent for a recorded refund; PortOne V1's if the records lack its
    payment, so that damage there keeps no refund out of the journal."""
    payment = uow.payments.get(refund.imp_uid)
    if payment is None:
        log.error("refund %s has no payment %s in the records", refund.tag, refund.imp_uid)
        return intent_of(refund, Provider.PORTONE_V1)
    return intent_of(refund, payment.provider)


def refund_entry(event: LedgerEvent, refund: Refund, amount: Won, now: datetime) -> NewEntry:
    """Return a ledger entry about a refund; ``amount`` is the won that it moved."""
    return NewEntry(
        event=event,
        amount=amount,
        actor=refund.approved_by,
        at=now,
        order_id=refund.order_id,
        item_id=refund.item_id,
        imp_uid=refund.imp_uid,
        reference=refund.cancellation_id or refund.tag,
        reason=refund.reason,
    )
