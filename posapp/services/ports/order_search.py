"""Port for searching orders: plain rows, by pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the list of open orders. ``total`` is won, of the items not cancelled."""

    order_id: int
    buyer_id: int
    buyer_name: str
    buyer_phone: str
    name: str
    item_count: int
    total: Won
    created_at: datetime
    status: ItemStatus


class OrderSearch(Protocol):
    """Finds orders for display: pages of plain rows, never whole tables."""

    def open_orders(
        self, text: str, before: tuple[datetime, int] | None, limit: int
    ) -> tuple[OrderRow, ...]:
        """Return orders that wait for payment, newest first, ``limit`` at most.

        Args:
            text: part of the buyer's name, phone (digits), a product's name or its barcode, or an
                order number; empty finds all. ``%`` and ``_`` are literal.
            before: (created_at, order_id) of the last row of the previous page, or ``None``.
        """
        ...
