"""Moves paid items through delivery, step by step: 배송준비중, 배송중, 배송완료.

Follows docs/specification.md 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import guard_seller_cancel
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.orders import (
    COUNTER_STEPS,
    DELIVERY_STEPS,
    ITEM_TRANSITIONS,
    ItemStatus,
    ItemTrigger,
    OrderItem,
)
from posapp.domain.permissions import Permission
from posapp.domain.requests import UNDO, guard_no_refund
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

_EVENTS: Mapping[ItemTrigger, LedgerEvent] = {
    ItemTrigger.DELIVERY_PREPARED: LedgerEvent.DELIVERY_PREPARED,
    ItemTrigger.SHIPPED: LedgerEvent.ITEM_SHIPPED,
    ItemTrigger.DELIVERED: LedgerEvent.ITEM_DELIVERED,
    ItemTrigger.HANDED_OVER: LedgerEvent.ITEM_HANDED_OVER,
}
_UNDONE_BY: Mapping[LedgerEvent, ItemTrigger] = {
    LedgerEvent.DELIVERY_PREPARED: ItemTrigger.PREPARATION_UNDONE,
    LedgerEvent.ITEM_SHIPPED: ItemTrigger.SHIPPING_UNDONE,
    LedgerEvent.ITEM_DELIVERED: ItemTrigger.DELIVERY_UNDONE,
    LedgerEvent.ITEM_HANDED_OVER: ItemTrigger.HAND_OVER_UNDONE,
}


class FulfilmentService:
    """Moves paid items through delivery. Needs no network; the ledger has an entry for each
    step."""

    def __init__(self, store: Store, clock: Clock, access: AccessControl) -> None:
        self._store = store
        self._clock = clock
        self._access = access

    def advance(self, actor: Actor, item_id: int) -> OrderItem:
        """Set the next status: 결제완료 → 배송준비중 → 배송중 → 배송완료.

        Raises:
            UserError: ``NOT_PERMITTED`` → user404 → seller406 → orderItem404 → orderItem406 →
                orderItem409_1 → its money is on the way back (``REFUND_IN_FLIGHT``) →
                ``FILE_BEHIND`` → ``MONEY_IN_DOUBT`` → there is no next step.
        """
        return self._move(actor, item_id, DELIVERY_STEPS)

    def hand_over(self, actor: Actor, item_id: int) -> OrderItem:
        """Hand a paid item over at the counter: 결제완료 → 배송완료.

        Raises:
            UserError: like ``advance``.
        """
        return self._move(actor, item_id, COUNTER_STEPS)

    def undo_step(self, actor: Actor, item_id: int) -> OrderItem:
        """Undo the last step of an item within ``UNDO_SECONDS``; a second undo does nothing more.

        Raises:
            UserError: like ``advance``, but instead of the next step: ``STEP_UNDO_OVER``: it is
                too late, or since the step something else happened to the item or to its whole
                order.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            item = self._guarded(uow, actor, item_id)
            step = _last_step(uow, item)
            if step is None or not timedelta(0) <= now - step.at < UNDO:
                raise UserError(ErrorCode.STEP_UNDO_OVER)
            moved = item.apply(_UNDONE_BY[step.event])
            uow.orders.save_items([moved])
            undone = _entry(LedgerEvent.DELIVERY_STEP_UNDONE, item, actor, now, step.event.value)
            uow.ledger.append(undone)
            uow.commit()
        return moved

    def _move(
        self, actor: Actor, item_id: int, steps: Mapping[ItemStatus, ItemTrigger]
    ) -> OrderItem:
        now = self._clock.now()
        with self._store.transaction() as uow:
            item = self._guarded(uow, actor, item_id)
            trigger = steps.get(item.status)
            if trigger is None:
                raise UserError(ErrorCode.ITEM_STEP)
            moved = item.apply(trigger)
            uow.orders.save_items([moved])
            uow.ledger.append(_entry(_EVENTS[trigger], item, actor, now))
            uow.commit()
        return moved

    def _guarded(self, uow: UnitOfWork, actor: Actor, item_id: int) -> OrderItem:
        """Return the item to move, as it is in the transaction that moves it."""
        self._access.require(uow, actor, Permission.FULFIL)
        item = guard_seller_cancel(actor, find_user(uow, actor), uow.orders.item(item_id))
        guard_no_refund(uow.refunds.of_item(item.id))
        guard_reconciled(uow)
        guard_money_certain(uow, item.order_id)
        return item


def _last_step(uow: UnitOfWork, item: OrderItem) -> NewEntry | None:
    """Return the ledger entry of the step by which the item got its status, if nothing else
    happened to it since."""
    if uow.requests.waiting_of_item(item.id) is not None:
        return None  # made since: a buyer asks about delivered items only
    entries = (row.entry for row in reversed(uow.ledger.for_order(item.order_id)))
    last = next((one for one in entries if one.item_id in (item.id, None)), None)
    undone_by = _UNDONE_BY.get(last.event) if last is not None else None
    if undone_by is None or not ITEM_TRANSITIONS.allows(item.status, undone_by):
        return None
    return last


def _entry(
    event: LedgerEvent, item: OrderItem, actor: Actor, now: datetime, reference: str = ""
) -> NewEntry:
    return NewEntry(
        event=event,
        amount=ZERO,
        actor=actor,
        at=now,
        order_id=item.order_id,
        item_id=item.id,
        reference=reference,
    )
