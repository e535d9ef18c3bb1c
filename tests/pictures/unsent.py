"""Refunds that the worker would send, recorded while it is stopped."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.ui.navigation.counter_window import CounterWindow
from tests.fakes.actors import STAFF
from tests.pictures.visits import orders

_REFUNDS = 3


def leave_unsent(counter: CounterWindow) -> None:
    """Stop the worker, and record refunds that it would send; a person takes over the first."""
    counter.worker.stop()
    till = counter.demo.container  # type: ignore[attr-defined]
    made = 0
    for order in orders(counter):
        with till.store.snapshot() as uow:
            is_free = order.is_paid and not uow.refunds.for_order(order.id)
        item = order.active_items[0]
        if is_free and item.status is ItemStatus.COMPLETE_PAYMENT:
            buyer = Actor.buyer(order.buyer_id)
            refund = till.cancellation_service.refund(buyer, item.id, "단순 변심", item.total)
            if not made:
                till.sync_service.take_over(STAFF, refund.id)
            made += 1
        if made == _REFUNDS:
            return
