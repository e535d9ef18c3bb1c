"""Summaries of orders in any state: the newest ones for home, and one for a preview."""

from __future__ import annotations

from posapp.domain.claims import ClaimState
from posapp.domain.orders import Order
from posapp.services.ports.order_search import OrderSummary
from posapp.services.ports.requests import LARGEST_PAGE
from posapp.services.ports.unit_of_work import Store, UnitOfWork


class OrderSummaryService:
    """Reads summaries of orders. Needs no network."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recent(self, limit: int) -> tuple[OrderSummary, ...]:
        """Return the newest orders in any state, newest first.

        Args:
            limit: clamped to 1 … ``LARGEST_PAGE``.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        with self._store.snapshot() as uow:
            newest = uow.orders.newest(min(max(limit, 1), LARGEST_PAGE))
            return _summaries(uow, *newest)

    def get(self, order_id: int) -> OrderSummary | None:
        """Return the summary of one order, or ``None`` if it is unknown.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        with self._store.snapshot() as uow:
            order = uow.orders.get(order_id)
            return None if order is None else _summaries(uow, order)[0]


def _summaries(uow: UnitOfWork, *orders: Order) -> tuple[OrderSummary, ...]:
    buyers = uow.catalogue.existing_users({one.buyer_id for one in orders})
    return tuple(
        OrderSummary.of(one, buyers.get(one.buyer_id), is_claimed=_is_claimed(uow, one))
        for one in orders
    )


def _is_claimed(uow: UnitOfWork, order: Order) -> bool:
    claim = uow.claims.for_order(order.id)
    return claim is not None and claim.state is ClaimState.WAITING
