"""Receipts for buyers: what was bought, what was paid and what was refunded."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Payment
from posapp.domain.refunds import RefundState
from posapp.domain.users import User
from posapp.services.ports.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paid order. ``refunded`` is the won of its confirmed refunds."""

    shop: str
    buyer: User | None
    order: Order
    payment: Payment
    refunded: Won


class Receipts:
    """Reads receipts from the local records."""

    def __init__(self, store: Store, shop: str) -> None:
        self._store = store
        self._shop = shop

    def for_order(self, order_id: int) -> Receipt | None:
        """Return the receipt of an order; ``None`` if it is unknown or has no accepted payment."""
        with self._store.snapshot() as uow:
            order = uow.orders.get(order_id)
            payment = uow.payments.accepted_of_order(order_id)
            if order is None or payment is None:
                return None
            refunds = uow.refunds.of_payment(payment.imp_uid)
            confirmed = (one.amount for one in refunds if one.state is RefundState.CONFIRMED)
            return Receipt(
                self._shop,
                uow.people.get(order.buyer_id),
                order,
                payment,
                sum(confirmed, ZERO),
            )
