"""Undoes the effect of an approval, as long as nothing of it was sent."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger
from posapp.domain.refunds import RefundTrigger
from posapp.domain.requests import Request
from posapp.services.bookkeeping.refund_records import refund_entry
from posapp.services.bookkeeping.request_records import request_entry
from posapp.services.ports.unit_of_work import UnitOfWork


def withdraw_refund(uow: UnitOfWork, refund_id: int, now: datetime) -> None:
    """Withdraw a refund that was never sent: its outbox entry is settled, the refund refused.

    Raises:
        UserError: ``UNDO_OVER``: something was sent.
    """
    refund = uow.refunds.get(refund_id)
    unsent = refund is not None and refund.was_never_sent
    if refund is None or not unsent or not uow.outbox.withdraw(refund_id):
        raise UserError(ErrorCode.UNDO_OVER)
    withdrawn = refund.apply(RefundTrigger.WITHDRAWN)
    uow.refunds.save(withdrawn)
    uow.ledger.append(refund_entry(LedgerEvent.REFUND_WITHDRAWN, withdrawn, ZERO, now))


def stop_replacement(uow: UnitOfWork, request: Request, actor: Actor, now: datetime) -> None:
    """Stop a replacement: the item is delivered again, as before, and its pieces are restocked.

    Raises:
        UserError: ``UNDO_OVER``: the replacement left, or the item has another status or an open
            refund by now.
    """
    item = uow.orders.item(request.item_id)
    if item is None or not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REPLACEMENT_STOPPED):
        raise UserError(ErrorCode.UNDO_OVER)
    if any(refund.is_open for refund in uow.refunds.of_item(item.id)):
        raise UserError(ErrorCode.UNDO_OVER)
    uow.orders.save_items([item.apply(ItemTrigger.REPLACEMENT_STOPPED)])
    uow.orders.restock(item.product_id, item.count)
    uow.ledger.append(request_entry(LedgerEvent.REPLACEMENT_STOPPED, request, actor, now))
