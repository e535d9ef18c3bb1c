"""Port for what one buyer may ask back, and has asked back: plain rows, by pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.services.ports.requests import Cursor, RequestPage


@dataclass(frozen=True, slots=True)
class RequestableItem:
    """An item of a buyer for which a request can be made now.

    Attributes:
        ordered_at: when the order was made (UTC).
        position: place in the order, from 0.
        total: price × count, in won: what a refund returns.
    """

    item_id: int
    order_id: int
    ordered_at: datetime
    position: int
    product_name: str
    count: int
    total: Won
    status: ItemStatus
    seller_id: int

    @property
    def cursor(self) -> RequestableCursor:
        """The page after this item starts behind it."""
        return self.ordered_at, self.order_id, self.position


RequestableCursor = tuple[datetime, int, int]
"""(ordered_at, order_id, position) of a row."""


@dataclass(frozen=True, slots=True)
class RequestablePage:
    """Items, those of the newest order first, and whether there are more after them."""

    rows: tuple[RequestableItem, ...]
    more: bool


class BuyerSearch(Protocol):
    """Finds items and requests of one buyer.

    Raises ``EnvironmentProblem`` for disk errors. Sizes are clamped to 1 … ``LARGEST_PAGE``.
    """

    def requestable_items(
        self, buyer_id: int, size: int, after: RequestableCursor | None = None
    ) -> RequestablePage:
        """Return the page after ``after`` (the first one without it) of the delivered items that
        have neither a waiting request nor an open refund, as ``guard_create_request`` wants."""
        ...

    def requests(self, buyer_id: int, size: int, after: Cursor | None = None) -> RequestPage:
        """Return the page after ``after`` of the buyer's requests in every state, newest first."""
        ...
