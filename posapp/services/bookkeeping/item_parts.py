"""Divides an item into what is left of it and a part that is refunded, in the caller's unit of
work.

A part is an item of its own, so that every guard of whole items holds for it (docs/adr). The tag of
its refund names the item and the pieces: a database that lost the part makes it anew from that.
"""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.errors import UserError
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.merchant_numbers import TaggedPart, part_of
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.services.ports.unit_of_work import UnitOfWork


def divide_item(
    uow: UnitOfWork, item: OrderItem, part: TaggedPart, actor: Actor, now: datetime
) -> OrderItem:
    """Take some pieces out of a paid item as an item of their own; return that.

    Raises:
        UserError: ``NOT_PAID_YET``, ``PART_COUNT``, ``PART_OF_PART``; ``PART_REFUSED``: a refund
            that is not refused, or a waiting request, is about all of the item.
    """
    _, taken = item.divide(part.number, part.count)
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
    uow: UnitOfWork, tag: str, order_id: int, amount: Won, actor: Actor, now: datetime
) -> bool:
    """Make the part that a tag names anew, if the records lack it: an older copy of the database
    replaced the one that divided its item.

    Args:
        amount: won of the refund with that tag.

    Returns:
        ``False`` if the tag names a part that is not there, and it cannot be made: a person has to
        decide. ``True`` for every other tag.
    """
    part = part_of(tag)
    if part is None or uow.orders.item(part.number) is not None:
        return True
    item = uow.orders.item(part.of_item)
    if item is None or item.order_id != order_id or item.price * part.count != amount:
        return False
    try:
        divide_item(uow, item, part, actor, now)
    except UserError:
        return False
    return True


def was_divided_since(uow: UnitOfWork, order_id: int, item_id: int, since: datetime) -> bool:
    """Return whether pieces of the item became an item of their own at this time or later."""
    return any(
        row.entry.event is LedgerEvent.ITEM_DIVIDED
        and row.entry.item_id == item_id
        and row.entry.at >= since
        for row in uow.ledger.for_order(order_id)
    )
