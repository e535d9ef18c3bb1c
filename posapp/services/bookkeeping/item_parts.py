"""Divides an item into what is left of it and a part that is refunded, in the caller's unit of
work.

A part is an item of its own, so that every guard of whole items holds for it (docs/adr). The tag of
its refund names the item and the pieces: a database that lost the part makes it anew from that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash import CashRefundState
from posapp.domain.errors import UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import TaggedPart, build_part_tag, part_of
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refund_evidence import ItemPieces
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.requests import Request
from posapp.services.bookkeeping.request_records import reference_of
from posapp.services.ports.system import IdGenerator
from posapp.services.ports.unit_of_work import UnitOfWork


def divide_item(
    uow: UnitOfWork,
    item: OrderItem,
    part: TaggedPart,
    actor: Actor,
    now: datetime,
    total: Won | None = None,
) -> OrderItem:
    """Take some pieces out of a paid item as an item of their own; return that.

    Args:
        total: what they came to when a database that this one replaced took them out.

    Raises:
        UserError: ``NOT_PAID_YET``, ``PART_COUNT``, ``PART_OF_PART``; ``PART_REFUSED``: a refund
            that is not refused, or a waiting request, is about all of the item, or the pieces
            cannot come to ``total``.
    """
    _, taken = item.divide(part.number, part.count, total)
    uow.orders.divide(taken)
    uow.ledger.append(
        NewEntry(
            event=LedgerEvent.ITEM_DIVIDED,
            amount=ZERO,
            actor=actor,
            at=now,
            order_id=item.order_id,
            item_id=item.id,
            reference=f"{part.number}:{part.count}",
        )
    )
    return taken


def divide_again(
    uow: UnitOfWork, tag: str, payment: Payment, amount: Won, actor: Actor, now: datetime
) -> bool:
    """Make the part that a tag names anew, if the records lack it: an older copy of the database
    replaced the one that divided its item.

    It is made only if its refund can be recorded then: no other refund is about its item, and its
    amount is left of the accepted payment.

    Args:
        amount: won of the refund with that tag.

    Returns:
        ``False`` if the tag names a part that is not there, and it cannot be made: a person has to
        decide. ``True`` for every other tag.
    """
    part = part_of(tag)
    if part is None:
        return True
    there = uow.orders.item(part.number)
    if there is not None:
        return (there.part_of, there.count) == (part.of_item, part.count)
    if payment.disposition is not PaymentDisposition.ACCEPTED:
        return False
    refunds = uow.refunds.of_payment(payment.imp_uid)
    gone = sum(one.amount for one in refunds if one.state is not RefundState.REFUSED)
    if gone + amount > payment.amount:
        return False
    item = uow.orders.item(part.of_item)
    if item is None or item.order_id != payment.order_id:
        return False
    try:
        divide_item(uow, item, part, actor, now, amount)
    except UserError:
        return False
    return True


def was_divided_after(uow: UnitOfWork, request: Request) -> bool:
    """Return whether pieces of a request's item became an item of their own after what the ledger
    last says of the request."""
    divided = False
    for row in uow.ledger.for_order(request.order_id):
        if row.entry.reference == reference_of(request):
            divided = False
        elif row.entry.event is LedgerEvent.ITEM_DIVIDED and row.entry.item_id == request.item_id:
            divided = True
    return divided


def refund_tag_of(ids: IdGenerator, item: OrderItem) -> str:
    """Return a fresh tag for a refund of an item. For a part it names its item and pieces, like
    that of the refund with which it was made: a later copy of the records may lack the part."""
    if item.part_of is None:
        return ids.refund_tag(item.id)
    return build_part_tag(ids.refund_tag(None), item.part_of, item.count, item.id)


def won_of_other_pieces(uow: UnitOfWork, item: OrderItem) -> Won:
    """Return the won of the refunds, not refused, of the other pieces that were ordered with these,
    by QR and in cash. Limits of refunds count them, so that an item is not returned piece by piece
    below a limit."""
    others = {one.id for one in _ordered_with(uow, item)} - {item.id}
    by_qr = (
        one.amount
        for one in uow.refunds.for_order(item.order_id)
        if one.item_id in others and one.state is not RefundState.REFUSED
    )
    in_cash = (
        one.amount
        for one in uow.cash.refunds_of_order(item.order_id)
        if one.item_id in others and one.state is not CashRefundState.DROPPED
    )
    return sum(by_qr, ZERO) + sum(in_cash, ZERO)


def won_before(uow: UnitOfWork, items: Iterable[OrderItem]) -> Won:
    """Return the won that went back of these items before, each item as it was ordered once."""
    ordered = {item.part_of or item.id: item for item in items}
    return sum((won_of_other_pieces(uow, item) for item in ordered.values()), ZERO)


def pieces_of(uow: UnitOfWork, refund: Refund) -> ItemPieces | None:
    """Return the pieces of a refund's item, for the evidence about the refund; ``None`` without an
    item."""
    item = uow.orders.item(refund.item_id) if refund.item_id is not None else None
    if item is None:
        return None
    together = _ordered_with(uow, item)
    beside = (
        one.count
        for one in together
        if one.id != item.id
        and one.is_paid
        and all(other.state is RefundState.REFUSED for other in uow.refunds.of_item(one.id))
    )
    return ItemPieces(
        item.price,
        sum(one.count for one in together),
        sum(beside),
        sum((one.discount for one in together), ZERO),
    )


def _ordered_with(uow: UnitOfWork, item: OrderItem) -> tuple[OrderItem, ...]:
    """Return an item, its parts, and what it is a part of with all parts of that."""
    order = uow.orders.get(item.order_id)
    number = item.part_of or item.id
    items = order.items if order is not None else (item,)
    return tuple(one for one in items if number in (one.id, one.part_of))
