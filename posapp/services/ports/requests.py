"""Ports of the request desk: the requests themselves, and finding them by pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.domain.requests import EndedBy, Request, RequestKind, RequestState

LARGEST_PAGE = 500
"""Rows of one page; a wish for more, or for less than one, is brought into these bounds."""


class MoneyState(StrEnum):
    """Where the money of a request is."""

    NONE = "NONE"
    WAITING = "WAITING"
    CHECKING = "CHECKING"
    REFUNDED = "REFUNDED"
    NEEDS_PERSON = "NEEDS_PERSON"
    REFUSED = "REFUSED"


MONEY_OF: Mapping[RefundState, MoneyState] = {
    RefundState.APPROVED: MoneyState.WAITING,
    RefundState.SENDING: MoneyState.CHECKING,
    RefundState.UNKNOWN: MoneyState.CHECKING,
    RefundState.CONFIRMED: MoneyState.REFUNDED,
    RefundState.NEEDS_PERSON: MoneyState.NEEDS_PERSON,
    RefundState.REFUSED: MoneyState.REFUSED,
}
"""환불 대기, 확인 중, 환불 완료, 확인 필요; what was sent and is not known is never "failed"."""


class Requests(Protocol):
    """Exchange and refund requests, as records."""

    def add(self, request: Request) -> Request:
        """Store a new request (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REQUEST_SENT``: the item has a waiting one; held by an index.
        """
        ...

    def get(self, request_id: int) -> Request | None:
        """The request, or ``None``."""
        ...

    def save(self, request: Request) -> None:
        """Write how a request ended, or that it waits again; who asked for what never changes.

        Raises:
            UserError: ``REQUEST_SENT``: it is to wait again, and another one of its item does.
        """
        ...

    def waiting_of_item(self, item_id: int) -> Request | None:
        """The request of an item that waits, or ``None``; there is one at most."""
        ...

    def of_order(self, order_id: int) -> tuple[Request, ...]:
        """All requests of an order's items, oldest first."""
        ...

    def of_buyer(self, buyer_id: int, limit: int) -> tuple[Request, ...]:
        """A buyer's requests, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One line of the request table.

    Attributes:
        amount: the item's total, in won.
        undo_until: until when the decision can be taken back (UTC); ``None`` if it cannot.
        refund_id: the refund that an approval started, to know the row by when its money moves.
        in_doubt: it waits, and cannot be approved: a difference in the money that paid its order
            is not explained (``MONEY_IN_DOUBT``).
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
    ended_by: EndedBy | None
    note: str
    amount: Won
    money: MoneyState
    undo_until: datetime | None
    refund_id: int | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What the table is narrowed to; everything that is said must hold.

    Attributes:
        since, until: created at or after, at or before (aware).
        buyer: part of the buyer's name, or the buyer's id.
        number: an order item's or an order's id.
        text: part of the product's name or of the reason. ``%`` and ``_`` mean themselves, Latin
            letters are found in either case, blanks around it do not count.
        oldest_first: the other way round than usual.
    """

    kind: RequestKind | None = None
    state: RequestState | None = None
    since: datetime | None = None
    until: datetime | None = None
    buyer: str = ""
    number: int | None = None
    text: str = ""
    money: MoneyState | None = None
    oldest_first: bool = False


Cursor = tuple[datetime, int]
"""(created_at, id) of a row: the page behind it begins with the next one."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Some rows in the order of the filter, and whether there are more behind them (before them,
    when it was asked for backwards)."""

    rows: tuple[RequestRow, ...]
    more: bool


class RequestSearch(Protocol):
    """Finds requests of one seller: pages of plain rows, never whole tables.

    Raises ``EnvironmentProblem`` for what the disk says. Sizes are brought into 1 …
    ``LARGEST_PAGE``; dates upside down and numbers beyond reason find nothing.
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
        """The page behind ``after`` (the first one without it).

        Args:
            backwards: the page that ends just before ``after``; its rows are in the usual order.
        """
        ...

    def last_page(self, seller_id: int, filter: RequestFilter, size: int) -> RequestPage:
        """The last ``size`` rows; ``more`` tells whether there are rows before them."""
        ...

    def nth_page(
        self, seller_id: int, filter: RequestFilter, size: int, number: int
    ) -> RequestPage:
        """Page ``number``, counted from 0; beyond the end it is empty."""
        ...

    def count(self, seller_id: int, filter: RequestFilter, cap: int) -> int:
        """How many rows; ``cap + 1`` says: more than ``cap``."""
        ...

    def state_counts(self, seller_id: int, cap: int) -> dict[RequestState, int]:
        """How many rows of each state, each counted like ``count``."""
        ...
