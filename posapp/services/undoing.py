"""Taking back what an approval began, as long as nothing of it was sent."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger
from posapp.domain.refunds import RefundTrigger
from posapp.domain.requests import Request
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import refund_fact
from posapp.services.requesting import request_fact


def withdraw_refund(uow: UnitOfWork, refund_id: int, now: datetime) -> None:
    """Take an intent back of which nothing was sent: the entry is settled, the refund refused.

    Raises:
        UserError: ``UNDO_OVER``: something was sent.
    """
    refund = uow.refunds.get(refund_id)
    unsent = refund is not None and refund.is_unsent
    if refund is None or not unsent or not uow.outbox.withdraw(refund_id):
        raise UserError(ErrorCode.UNDO_OVER)
    withdrawn = refund.after(RefundTrigger.WITHDRAWN)
    uow.refunds.save(withdrawn)
    uow.ledger.append(refund_fact(Fact.REFUND_WITHDRAWN, withdrawn, ZERO, now))


def stop_replacement(uow: UnitOfWork, request: Request, actor: str, now: datetime) -> None:
    """The item is delivered again, as it was, and its pieces are back in stock.

    Raises:
        UserError: ``UNDO_OVER``: it left, or the item is another's matter by now.
    """
    item = uow.orders.item(request.item_id)
    if item is None or not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REPLACEMENT_STOPPED):
        raise UserError(ErrorCode.UNDO_OVER)
    if any(refund.is_open for refund in uow.refunds.of_item(item.id)):
        raise UserError(ErrorCode.UNDO_OVER)
    uow.orders.save_items([item.after(ItemTrigger.REPLACEMENT_STOPPED)])
    uow.orders.restock(item.product_id, item.count)
    uow.ledger.append(request_fact(Fact.REPLACEMENT_STOPPED, request, actor, now))
