"""Everything about one order, in time order: for its page, a slip, or a support call."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, Payment
from posapp.domain.people import User
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.requests import Request
from posapp.services.ports.store import Store


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """One order with all that hangs on it, each list oldest first."""

    order: Order
    buyer: User | None
    attempts: tuple[Attempt, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    ledger: tuple[LedgerEntry, ...]
    requests: tuple[Request, ...] = ()

    @property
    def captured(self) -> Won:
        """Won that came in for this order, accepted or not."""
        return sum((one.amount for one in self.payments), ZERO)

    @property
    def returned(self) -> Won:
        """Won that certainly went back."""
        gone = (one.amount for one in self.refunds if one.state is RefundState.CONFIRMED)
        return sum(gone, ZERO)


class OrderHistories:
    """Reads the history of an order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_order(self, order_id: int) -> OrderHistory:
        """The history of one order.

        Raises:
            UserError: ``ORDER_UNKNOWN``.
        """
        with self._store.reading() as uow:
            order = uow.orders.get(order_id)
            if order is None:
                raise UserError(ErrorCode.ORDER_UNKNOWN)
            return OrderHistory(
                order,
                uow.people.get(order.buyer_id),
                uow.attempts.of_order(order_id),
                uow.payments.of_order(order_id),
                uow.refunds.of_order(order_id),
                uow.ledger.of_order(order_id),
                uow.requests.of_order(order_id),
            )
