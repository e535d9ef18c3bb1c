"""Summaries of orders in any state: the newest ones for home, and one for a preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.claims import ClaimState
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderState
from posapp.domain.users import User
from posapp.services.ports.requests import LARGEST_PAGE
from posapp.services.ports.unit_of_work import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One order in a line.

    Attributes:
        buyer_name, buyer_phone: empty if the buyer was deleted.
        name: ``첫상품 외 N건``, of the items not cancelled (of all, if each is).
        item_count, total: number and won of the items not cancelled.
        cancelled_count, cancelled_total: the same of the cancelled ones.
        is_claimed: a file claims a payment that PortOne has not confirmed; until then the order
            cannot be paid.
    """

    order_id: int
    created_at: datetime
    state: OrderState
    name: str
    item_count: int
    total: Won
    cancelled_count: int
    cancelled_total: Won
    buyer_id: int
    buyer_name: str
    buyer_phone: str
    is_claimed: bool = False


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
    return tuple(_summary(one, buyers, is_claimed=_is_claimed(uow, one)) for one in orders)


def _summary(order: Order, buyers: Mapping[int, User], *, is_claimed: bool) -> OrderSummary:
    buyer = buyers.get(order.buyer_id)
    cancelled = [item for item in order.items if item.status is ItemStatus.CANCEL]
    return OrderSummary(
        order_id=order.id,
        created_at=order.created_at,
        state=order.state,
        name=order.name,
        item_count=len(order.active_items),
        total=order.total,
        cancelled_count=len(cancelled),
        cancelled_total=sum((item.total for item in cancelled), ZERO),
        buyer_id=order.buyer_id,
        buyer_name=buyer.name if buyer is not None else "",
        buyer_phone=buyer.phone if buyer is not None else "",
        is_claimed=is_claimed,
    )


def _is_claimed(uow: UnitOfWork, order: Order) -> bool:
    claim = uow.claims.for_order(order.id)
    return claim is not None and claim.state is ClaimState.WAITING
