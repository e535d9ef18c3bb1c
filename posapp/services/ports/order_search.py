"""Port for searching orders in every state: summaries of orders, by pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.money import ZERO, Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus, Order, OrderItem, OrderState, named_count
from posapp.domain.users import User
from posapp.services.ports.requests import Cursor


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
        items: in the order's sequence.
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
    items: tuple[OrderItem, ...] = ()

    @classmethod
    def of(cls, order: Order, buyer: User | None, *, is_claimed: bool) -> OrderSummary:
        """Return the summary of an order."""
        cancelled = [item for item in order.items if item.status is ItemStatus.CANCEL]
        return cls(
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
            items=order.items,
        )

    @property
    def named_count(self) -> int:
        """Return of how many items the name speaks."""
        return named_count(self.items)

    @property
    def amount(self) -> Won:
        """Won of the items not cancelled; of all items, if each is cancelled."""
        return self.cancelled_total if self.state is OrderState.CANCELLED else self.total


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Filter of the list; all given conditions must hold.

    Attributes:
        text: words, each of which the order must match: part of the buyer's name or of a product's
            name; the order's number (``1200``, ``1,200번``, ``PO1200``); its amount, as ordered or
            without what was cancelled (``58,600원``); three digits and more of the buyer's phone
            number, in any form; a product's barcode in any of its widths; PortOne's number of its
            payment. Case, width (``１２``) and invisible characters do not count.
        since, until: ordered at or after, at or before (aware).
    """

    text: str = ""
    segment: OrderSegment | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTER = OrderFilter()
"""Every order."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders, newest first, and whether there are more after them.

    Attributes:
        named: the one that the text names by its number; on a first page only. It is in the result,
            but may be on a later page.
    """

    rows: tuple[OrderSummary, ...]
    more: bool
    named: OrderSummary | None = None


class OrderSearch(Protocol):
    """Finds orders in every state: pages of summaries, never whole tables.

    Raises ``EnvironmentProblem`` for disk errors. Sizes are clamped to 1 … ``LARGEST_PAGE``;
    reversed dates find nothing.
    """

    def page(self, filter: OrderFilter, size: int, after: Cursor | None = None) -> OrderPage:
        """Return the page after ``after`` (the first one without it), newest first."""
        ...

    def counts(self, filter: OrderFilter, cap: int) -> Mapping[OrderSegment | None, int]:
        """Return the number of orders of each segment, and of all (``None``), under the filter's
        other conditions; ``cap + 1`` means more than ``cap``.

        Args:
            filter: its own ``segment`` is ignored.
        """
        ...
