"""Moves paid items through delivery, step by step: 배송준비중, 배송중, 배송완료.

Follows docs/specification.md 3.
"""

from __future__ import annotations

from collections.abc import Mapping

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import guard_seller_cancel
from posapp.domain.orders import ItemStatus, ItemTrigger, OrderItem
from posapp.domain.permissions import Permission
from posapp.domain.requests import guard_no_refund
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.ports.unit_of_work import Store

STEPS: Mapping[ItemStatus, ItemTrigger] = {
    ItemStatus.COMPLETE_PAYMENT: ItemTrigger.DELIVERY_PREPARED,
    ItemStatus.WAITING_FOR_DELIVERY: ItemTrigger.SHIPPED,
    ItemStatus.SHIPPING: ItemTrigger.DELIVERED,
}
"""The next step of an item, by its status."""


class FulfilmentService:
    """Moves paid items through delivery. Needs no network."""

    def __init__(self, store: Store, access: AccessControl) -> None:
        self._store = store
        self._access = access

    def advance(self, actor: Actor, item_id: int) -> OrderItem:
        """Set the next status: 결제완료 → 배송준비중 → 배송중 → 배송완료.

        Raises:
            UserError: ``NOT_PERMITTED`` → user404 → seller406 → orderItem404 → orderItem406 →
                orderItem409_1 → its money is on the way back (``REFUND_IN_FLIGHT``) →
                ``FILE_BEHIND`` → ``MONEY_IN_DOUBT`` → there is no next step.
        """
        return self._move(actor, item_id, STEPS)

    def hand_over(self, actor: Actor, item_id: int) -> OrderItem:
        """Hand a paid item over at the counter: 결제완료 → 배송완료.

        Raises:
            UserError: like ``advance``.
        """
        return self._move(actor, item_id, {ItemStatus.COMPLETE_PAYMENT: ItemTrigger.HANDED_OVER})

    def _move(
        self, actor: Actor, item_id: int, steps: Mapping[ItemStatus, ItemTrigger]
    ) -> OrderItem:
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.FULFIL)
            item = guard_seller_cancel(actor, find_user(uow, actor), uow.orders.item(item_id))
            guard_no_refund(uow.refunds.of_item(item.id))
            guard_reconciled(uow)
            guard_money_certain(uow, item.order_id)
            trigger = steps.get(item.status)
            if trigger is None:
                raise UserError(ErrorCode.ITEM_STEP)
            moved = item.apply(trigger)
            uow.orders.save_items([moved])
            uow.commit()
        return moved
