"""Port for the items that a shop has to ship: plain rows, by pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.errors import ErrorCode
from posapp.domain.money import Won
from posapp.domain.orders import (
    COUNTER_STEPS,
    DELIVERY_STEPS,
    IN_FULFILMENT,
    ItemStatus,
    ItemTrigger,
)


@dataclass(frozen=True, slots=True)
class FulfilmentRow:
    """One line of the list of items to ship.

    Attributes:
        total: price × count, in won.
        ordered_at: when the order was made (UTC).
        buyer_name, buyer_phone, seller_name: empty if the user was deleted.
        is_replacement: it replaces an item whose exchange was approved.
        hold: why it must not be moved on now: its money is on the way back (``REFUND_IN_FLIGHT``)
            or in doubt (``MONEY_IN_DOUBT``); ``None`` if nothing of its own stops it.
    """

    item_id: int
    order_id: int
    ordered_at: datetime
    status: ItemStatus
    product_name: str
    count: int
    total: Won
    buyer_id: int
    buyer_name: str
    buyer_phone: str
    seller_id: int
    seller_name: str
    is_replacement: bool = False
    hold: ErrorCode | None = None

    @property
    def next_step(self) -> ItemTrigger | None:
        """The step that ``FulfilmentService.advance`` makes; ``None`` while it is held."""
        return None if self.hold else DELIVERY_STEPS.get(self.status)

    @property
    def can_hand_over(self) -> bool:
        """Whether ``FulfilmentService.hand_over`` is possible."""
        return not self.hold and self.status in COUNTER_STEPS


@dataclass(frozen=True, slots=True)
class FulfilmentFilter:
    """Filter of the list; all given conditions must hold.

    Attributes:
        statuses: of ``IN_FULFILMENT``; items of other statuses are not in the list.
        number: an order item's or an order's id.
        text: part of the product's or the buyer's name. ``%`` and ``_`` are literal, Latin letters
            match in either case, surrounding blanks are ignored.
    """

    statuses: Collection[ItemStatus] = IN_FULFILMENT
    number: int | None = None
    text: str = ""


FulfilmentCursor = tuple[datetime, int]
"""(ordered_at, item_id) of a row; the page after it starts with the next row."""


@dataclass(frozen=True, slots=True)
class FulfilmentPage:
    """Rows, oldest order first, and whether there are more after them."""

    rows: tuple[FulfilmentRow, ...]
    more: bool


class FulfilmentSearch(Protocol):
    """Finds items in fulfilment, of one seller or of all: pages of plain rows, never whole tables.

    Raises ``EnvironmentProblem`` for disk errors. Sizes are clamped to 1 … ``LARGEST_PAGE``;
    numbers out of range find nothing.
    """

    def page(
        self,
        seller_id: int | None,
        filter: FulfilmentFilter,
        size: int,
        after: FulfilmentCursor | None = None,
    ) -> FulfilmentPage:
        """Return the page after ``after`` (the first one without it).

        Args:
            seller_id: the seller, or ``None`` for all.
        """
        ...

    def status_counts(
        self, seller_id: int | None, filter: FulfilmentFilter, cap: int
    ) -> dict[ItemStatus, int]:
        """Return the number of rows of each status of ``IN_FULFILMENT`` under the other conditions
        of the filter; ``cap + 1`` means more than ``cap``."""
        ...
