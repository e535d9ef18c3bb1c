"""What follows for goods whose money is back: items that others' cancels end, and requests."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.orders import ItemStatus, ItemTrigger, OrderItem
from posapp.domain.payments import Payment, PaymentStanding
from posapp.domain.refunds import Refund
from posapp.domain.requests import RequestKind
from posapp.services.ports.store import UnitOfWork
from posapp.services.refund_intents import PORTONE
from posapp.services.requesting import request_fact


def cancel_item(
    uow: UnitOfWork,
    item: OrderItem,
    actor: str,
    reason: str,
    now: datetime,
    *,
    imp_uid: str = "",
    reference: str = "",
) -> OrderItem:
    """An item that holds no money stops: CANCEL, its pieces in stock again, a fact of 0 won.

    Args:
        imp_uid, reference: the payment and its cancel that the money went back by, if there was
            any.
    """
    waits = item.status is ItemStatus.WAITING_FOR_PAYMENT
    trigger = ItemTrigger.ITEM_CANCELLED if waits else ItemTrigger.REFUND_CONFIRMED
    cancelled = item.after(trigger, reason=reason)
    uow.orders.save_items([cancelled])
    uow.orders.restock(item.product_id, item.count)
    uow.ledger.append(
        NewEntry(
            fact=Fact.ITEM_CANCELLED,
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
    """All of a payment is back: its order's items that are still paid are CANCEL, their pieces are
    in stock again, their requests are over.

    One whose own refund is not over ends with that one.

    Args:
        last: the cancel that others made, which the ledger names as the source.
    """
    order = uow.orders.get(payment.order_id)
    if payment.standing is not PaymentStanding.ACCEPTED or order is None:
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
    """The money of an item is back: a request of it that waits is over.

    Args:
        refund: the item's own refund, which somebody must have approved; a waiting refund request
            is then the one that it was approved by.
    """
    waiting = uow.requests.waiting_of_item(item_id)
    if waiting is None:
        return
    approved = refund is not None and waiting.kind is RequestKind.REFUND
    ended = waiting.ended_by_books(now, refund.id if refund is not None and approved else None)
    uow.requests.save(ended)
    fact = Fact.REQUEST_APPROVED if approved else Fact.REQUEST_REJECTED
    uow.ledger.append(request_fact(fact, ended, PORTONE, now))
