"""Ports for exchange and refund requests: their records, and paged search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.domain.requests import ClosedBy, Request, RequestKind, RequestState

LARGEST_PAGE = 500
"""Largest number of rows of a page; other sizes are clamped to 1 … ``LARGEST_PAGE``."""


class RefundProgress(StrEnum):
    """Progress of the refund of a request."""

    NONE = "NONE"
    WAITING = "WAITING"
    CHECKING = "CHECKING"
    REFUNDED = "REFUNDED"
    NEEDS_REVIEW = "NEEDS_PERSON"
    REFUSED = "REFUSED"


MONEY_OF: Mapping[RefundState, RefundProgress] = {
    RefundState.APPROVED: RefundProgress.WAITING,
    RefundState.SENDING: RefundProgress.CHECKING,
    RefundState.UNKNOWN: RefundProgress.CHECKING,
    RefundState.CONFIRMED: RefundProgress.REFUNDED,
    RefundState.NEEDS_REVIEW: RefundProgress.NEEDS_REVIEW,
    RefundState.REFUSED: RefundProgress.REFUSED,
}
"""Progress by refund state: 환불 대기, 확인 중, 환불 완료, 확인 필요.

A sent refund with an unknown result is never "failed".
"""


class Requests(Protocol):
    """Exchange and refund requests, as records."""

    def add(self, request: Request) -> Request:
        """Store a new request (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REQUEST_SENT``: the item has a waiting one; an index enforces this.
        """
        ...

    def get(self, request_id: int) -> Request | None:
        """Return the request, or ``None``."""
        ...

    def save(self, request: Request) -> None:
        """Write the end of a request, or that it waits again; buyer, item and kind never change.

        Raises:
            UserError: ``REQUEST_SENT``: it is to wait again, and another request of its item waits.
        """
        ...

    def waiting_of_item(self, item_id: int) -> Request | None:
        """Return the waiting request of an item, or ``None``; there is at most one."""
        ...

    def for_order(self, order_id: int) -> tuple[Request, ...]:
        """Return all requests of an order's items, oldest first."""
        ...

    def count_waiting(self, seller_id: int | None, cap: int) -> int:
        """Return the number of waiting requests of a seller, or of all (``None``); ``cap + 1``
        means more than ``cap``."""
        ...

    def of_buyer(self, buyer_id: int, limit: int) -> tuple[Request, ...]:
        """Return a buyer's requests, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One line of the request table.

    Attributes:
        amount: the item's total, in won.
        undo_until: until when the decision can be undone (UTC); ``None`` if it cannot.
        refund_id: the refund that an approval started; identifies the row when that refund changes.
        in_doubt: it waits, and cannot be approved: the payment of its order has a mismatch that is
            not explained (``MONEY_IN_DOUBT``).
    """

    id: int
    created_at: datetime
    buyer_id: int
    buyer_name: str
    item_id: int
    order_id: int
    product_name: str
    kind: RequestKind
    reason: str
    state: RequestState
    processed_at: datetime | None
    ended_by: ClosedBy | None
    note: str
    amount: Won
    money: RefundProgress
    undo_until: datetime | None
    refund_id: int | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Filter of the table; all given conditions must hold.

    Attributes:
        since, until: created at or after, at or before (aware).
        buyer: part of the buyer's name, or the buyer's id.
        number: an order item's or an order's id.
        text: part of the product's name or of the reason. ``%`` and ``_`` are literal, Latin
            letters match in either case, surrounding blanks are ignored.
        oldest_first: the reverse of the usual order.
    """

    kind: RequestKind | None = None
    state: RequestState | None = None
    since: datetime | None = None
    until: datetime | None = None
    buyer: str = ""
    number: int | None = None
    text: str = ""
    money: RefundProgress | None = None
    oldest_first: bool = False


NO_FILTER = RequestFilter()
"""Every request of a seller."""

Cursor = tuple[datetime, int]
"""(created_at, id) of a row; the page after it starts with the next row."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Rows in the order of the filter, and whether there are more after them (before them, for a
    backwards page)."""

    rows: tuple[RequestRow, ...]
    more: bool


class RequestSearch(Protocol):
    """Finds requests of one seller: pages of plain rows, never whole tables.

    Raises ``EnvironmentProblem`` for disk errors. Sizes are clamped to 1 … ``LARGEST_PAGE``;
    reversed dates and numbers out of range find nothing.
    """

    def page(
        self,
        seller_id: int,
        filter: RequestFilter,
        size: int,
        after: Cursor | None = None,
        *,
        backwards: bool = False,
    ) -> RequestPage:
        """Return the page after ``after`` (the first one without it).

        Args:
            backwards: return the page that ends just before ``after``; its rows are in the usual
                order.
        """
        ...

    def last_page(self, seller_id: int, filter: RequestFilter, size: int) -> RequestPage:
        """Return the last ``size`` rows; ``more`` tells whether there are rows before them."""
        ...

    def nth_page(
        self, seller_id: int, filter: RequestFilter, size: int, number: int
    ) -> RequestPage:
        """Return page ``number``, counted from 0; beyond the end it is empty."""
        ...

    def count(self, seller_id: int, filter: RequestFilter, cap: int) -> int:
        """Return the number of rows; ``cap + 1`` means more than ``cap``."""
        ...

    def state_counts(
        self, seller_id: int, cap: int, filter: RequestFilter = NO_FILTER
    ) -> dict[RequestState, int]:
        """Return the number of rows of each state under the other conditions of the filter, each
        counted like ``count``: what the table would show if that state were chosen.

        Args:
            filter: its own ``state`` is ignored.
        """
        ...
