"""Ends items that hold no money, and requests about items whose money is back."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import PORTONE, Actor
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.orders import ItemStatus, ItemTrigger, OrderItem
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund
from posapp.domain.requests import RequestKind
from posapp.services.bookkeeping.request_records import request_entry
from posapp.services.ports.unit_of_work import UnitOfWork


def cancel_item(
    uow: UnitOfWork,
    item: OrderItem,
    actor: Actor,
    reason: str,
    now: datetime,
    *,
    imp_uid: str = "",
    reference: str = "",
) -> OrderItem:
    """Cancel an item that holds no money: set CANCEL, restock its pieces, record 0 won.

    Args:
        imp_uid, reference: the payment and the PortOne cancel that returned the item's money, if
            there was any.
    """
    waits = item.status is ItemStatus.WAITING_FOR_PAYMENT
    trigger = ItemTrigger.ITEM_CANCELLED if waits else ItemTrigger.REFUND_CONFIRMED
    cancelled = item.apply(trigger, reason=reason)
    uow.orders.save_items([cancelled])
    uow.orders.restock(item.product_id, item.count)
    uow.ledger.append(
        NewEntry(
            event=LedgerEvent.ITEM_CANCELLED,
            amount=ZERO,
            actor=actor,
            at=now,
            order_id=item.order_id,
            item_id=item.id,
            imp_uid=imp_uid,
            reference=reference,
            reason=reason,
        )
    )
    return cancelled


def end_items(uow: UnitOfWork, payment: Payment, last: Refund, now: datetime) -> None:
    """Cancel the paid items of an order after all of its accepted payment was returned.

    Restocks their pieces and ends their requests. Skips an item with an open refund of its own:
    the item ends with that refund.

    Args:
        last: the last external cancel; the ledger names it as the source.
    """
    order = uow.orders.get(payment.order_id)
    if payment.disposition is not PaymentDisposition.ACCEPTED or order is None:
        return
    for item in order.items:
        if not item.is_paid or any(one.is_open for one in uow.refunds.of_item(item.id)):
            continue
        cancel_item(
            uow,
            item,
            PORTONE,
            last.reason,
            now,
            imp_uid=payment.imp_uid,
            reference=last.cancellation_id,
        )
        end_request(uow, item.id, now)


def end_request(
    uow: UnitOfWork, item_id: int, now: datetime, *, refund: Refund | None = None
) -> None:
    """End the waiting request about an item whose money is back.

    Args:
        refund: the item's own refund. It implies an approval, so a waiting refund request is
            recorded as approved with it. Any other waiting request is recorded as rejected.
    """
    waiting = uow.requests.waiting_of_item(item_id)
    if waiting is None:
        return
    approved = refund is not None and waiting.kind is RequestKind.REFUND
    ended = waiting.ended_by_books(now, refund.id if refund is not None and approved else None)
    uow.requests.save(ended)
    event = LedgerEvent.REQUEST_APPROVED if approved else LedgerEvent.REQUEST_REJECTED
    uow.ledger.append(request_entry(event, ended, PORTONE, now))
