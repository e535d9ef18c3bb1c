"""Exchange and refund requests."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, Executable, bindparam, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO
from posapp.domain.requests import Request, RequestState
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.services.ports.requests import MONEY_OF, RefundProgress
from posapp.store.constraints import violated_name
from posapp.store.repositories.counting import count_rows
from posapp.store.repositories.row_mapping import to_row
from posapp.store.request_tables import REQUEST_WAITING, requests
from posapp.store.search_index import IndexedRequest, SearchIndex
from posapp.store.search_tokens import normalise
from posapp.store.tables import order_items, refunds, users

_COLUMNS = (
    requests.c.id,
    requests.c.kind,
    requests.c.state,
    requests.c.seller_id,
    requests.c.buyer_id,
    requests.c.item_id,
    requests.c.order_id,
    requests.c.reason,
    requests.c.created_at,
    requests.c.processed_at,
    requests.c.processed_by,
    requests.c.ended_by,
    requests.c.note,
    requests.c.refund_id,
)
"""Columns in the order of the fields of ``Request``."""

_ENDING = ("state", "processed_at", "processed_by", "ended_by", "note", "refund_id")
"""Columns that change during a request's life."""

_ALL = select(*_COLUMNS)
_ADD = insert(requests)
_SAVE = (
    update(requests)
    .where(requests.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in (*_ENDING, "money")})
)
_GET = _ALL.where(requests.c.id == bindparam("id"))
_WAITING = _ALL.where(requests.c.item_id == bindparam("item"), REQUEST_WAITING)
_OF_ORDER = _ALL.where(requests.c.order_id == bindparam("order")).order_by(requests.c.id)
_OF_BUYER = (
    _ALL.where(requests.c.buyer_id == bindparam("buyer"))
    .order_by(requests.c.created_at.desc(), requests.c.id.desc())
    .limit(bindparam("limit"))
)
# The order makes SQLite read the small index of waiting requests.
_ALL_WAITING = select(requests.c.item_id).where(REQUEST_WAITING).order_by(requests.c.item_id)
_WAITING_OF_SELLER = (
    select(literal(1))
    .select_from(requests)
    .where(requests.c.seller_id == bindparam("seller"), requests.c.state == RequestState.WAIT)
)
_ITEM = select(
    order_items.c.name, order_items.c.price, order_items.c.count, order_items.c.discount
).where(order_items.c.id == bindparam("item"))
_BUYER = select(users.c.name).where(users.c.id == bindparam("buyer"))
_REFUND = select(refunds.c.state).where(refunds.c.id == bindparam("refund"))
_NAMED_OTHERWISE = (
    select(
        requests.c.id,
        requests.c.seller_id,
        requests.c.buyer_id,
        requests.c.created_at,
        requests.c.product_name,
        requests.c.reason,
        requests.c.buyer_name,
    )
    .where(requests.c.buyer_id == bindparam("buyer"), requests.c.buyer_name != bindparam("name"))
    .order_by(requests.c.id)
)
_NAME = (
    update(requests).where(requests.c.id == bindparam("of")).values(buyer_name=bindparam("name"))
)


class SqlRequests:
    """Port ``Requests``."""

    def __init__(self, connection: Connection, ids: RecordIds, search_index: SearchIndex) -> None:
        self._connection = connection
        self._ids = ids
        self._search_index = search_index

    def add(self, request: Request) -> Request:
        """Store a new request (its id is ignored) and return it with its id.

        The item's name and total, the buyer's name and the refund progress are copied into the
        row; the text index is updated in the same transaction.

        Raises:
            UserError: ``REQUEST_SENT``: the item has a waiting request.
        """
        item = self._connection.execute(_ITEM, {"item": request.item_id}).one_or_none()
        buyer = self._connection.execute(_BUYER, {"buyer": request.buyer_id}).scalar_one_or_none()
        copied = {
            "reason": normalise(request.reason),
            "product_name": normalise(item.name if item is not None else ""),
            "buyer_name": normalise(buyer or ""),
            "amount": item.price * item.count - item.discount if item is not None else ZERO,
            "money": self._money_of(request),
        }
        number = self._ids.next(RecordKind.REQUEST)
        values = {**to_row(request), **copied, "id": number}
        try:
            self._connection.execute(_ADD, values)
        except IntegrityError as error:
            if violated_name(error) == "uq_requests_waiting":
                raise UserError(ErrorCode.REQUEST_SENT) from error
            raise
        self._search_index.add(
            IndexedRequest(
                number,
                request.seller_id,
                request.buyer_id,
                request.created_at,
                str(copied["product_name"]),
                str(copied["reason"]),
                str(copied["buyer_name"]),
            )
        )
        return replace(request, id=number)

    def get(self, request_id: int) -> Request | None:
        """Return the request, or ``None``."""
        row = self._connection.execute(_GET, {"id": request_id}).one_or_none()
        return None if row is None else Request(*row)

    def save(self, request: Request) -> None:
        """Write a request's end, or that it waits again; its parties and content never change.

        Raises:
            UserError: ``REQUEST_SENT``: it would wait again, but its item has a waiting request.
            LookupError: there is no such request.
        """
        values: dict[str, object] = {name: getattr(request, name) for name in _ENDING}
        values |= {"of": request.id, "money": self._money_of(request)}
        try:
            done = self._connection.execute(_SAVE, values)
        except IntegrityError as error:
            if violated_name(error) == "uq_requests_waiting":
                raise UserError(ErrorCode.REQUEST_SENT) from error
            raise
        if done.rowcount != 1:
            raise LookupError(f"no request {request.id}")

    def waiting_of_item(self, item_id: int) -> Request | None:
        """Return an item's waiting request, or ``None``; there is at most one."""
        row = self._connection.execute(_WAITING, {"item": item_id}).one_or_none()
        return None if row is None else Request(*row)

    def for_order(self, order_id: int) -> tuple[Request, ...]:
        """Return all requests of an order's items, oldest first."""
        return self._several(_OF_ORDER, order=order_id)

    def count_waiting(self, seller_id: int | None, cap: int) -> int:
        """Return the number of waiting requests of a seller, or of all (``None``), at most
        ``cap + 1``."""
        if seller_id is None:
            return count_rows(self._connection, _ALL_WAITING, cap)
        return count_rows(self._connection, _WAITING_OF_SELLER, cap, seller=seller_id)

    def of_buyer(self, buyer_id: int, limit: int) -> tuple[Request, ...]:
        """Return a buyer's requests, newest first."""
        return self._several(_OF_BUYER, buyer=buyer_id, limit=limit)

    def _money_of(self, request: Request) -> RefundProgress:
        if request.refund_id is None:
            return RefundProgress.NONE
        state = self._connection.execute(_REFUND, {"refund": request.refund_id}).scalar_one()
        return MONEY_OF[state]

    def _several(self, query: Executable, **values: object) -> tuple[Request, ...]:
        return tuple(Request(*row) for row in self._connection.execute(query, values))


def rename_buyer(
    connection: Connection, search_index: SearchIndex, buyer_id: int, name: str
) -> None:
    """Update a buyer's name in the buyer's requests and in their text index."""
    new = normalise(name)
    for row in connection.execute(_NAMED_OTHERWISE, {"buyer": buyer_id, "name": new}).all():
        old = IndexedRequest(*row)
        search_index.replace(old, replace(old, buyer_name=new))
        connection.execute(_NAME, {"of": old.id, "name": new})
