"""What a buyer takes home: what was bought, what was paid, and what went back of it."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Payment
from posapp.domain.people import User
from posapp.domain.refunds import RefundState
from posapp.services.ports.store import Store


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paid order. ``refunded`` is won that certainly went back of it."""

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

    def of_order(self, order_id: int) -> Receipt | None:
        """The receipt of an order, or ``None`` if it is unknown or has no accepted payment."""
        with self._store.reading() as uow:
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
