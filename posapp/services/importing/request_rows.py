"""Exchange and refund requests in a file: accepted only if they fit their items."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from posapp.domain.actors import NOBODY, PORTONE, Actor
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.requests import ClosedBy, Request, RequestKind, RequestState
from posapp.services.importing.fields import FieldError, read_reason, read_time
from posapp.services.importing.import_errors import Cause
from posapp.services.importing.located_json import Located
from posapp.services.importing.rows import RowReader

W = TypeVar("W", bound=StrEnum)

_NEVER = datetime.min.replace(tzinfo=UTC)


def read_request(
    row: RowReader, record: Located, item: OrderItem, paid_back: Collection[int]
) -> Request | None:
    """Read a request for an item of the file; ``None`` after a complaint.

    A waiting request needs a delivered item; an approved refund needs an item that was refunded. A
    request that contradicts its item is refused.

    Args:
        paid_back: the items with a refund in the file.
    """
    kind = row.read("kind", record.get("kind"), _read_kind, RequestKind.EXCHANGE)
    state = row.read("state", record.get("state"), _read_state, RequestState.WAIT)
    reason = row.read("reason", record.get("reason"), read_reason, "")
    created_at = row.read("created_at", record.get("created_at"), read_time, _NEVER)
    processed_at = row.read_said("processed_at", record, read_time)
    ended_by = row.read_said("ended_by", record, _read_ender)
    if not row.bad:
        if not reason:
            row.complain(Cause.EMPTY, "reason")
        ended = state is not RequestState.WAIT
        if ended is not (processed_at is not None) or ended is not (ended_by is not None):
            row.complain(Cause.REQUEST_STATE, "state", state.value)
        elif state is RequestState.OK and ended_by is ClosedBy.BUYER:
            row.complain(Cause.REQUEST_STATE, "ended_by", ended_by)
        if processed_at is not None and processed_at < created_at:
            row.complain(Cause.TIMES_REVERSED, "processed_at", record.get("processed_at"))
        refunded = kind is RequestKind.REFUND and state is RequestState.OK
        fits = item.id in paid_back if refunded else item.status is ItemStatus.DELIVERY_COMPLETE
        if (refunded or not ended) and not fits:
            row.complain(Cause.REQUEST_ITEM, "item_id", item.id)
    note = row.read("note", record.get("note", ""), read_reason, "")
    if row.bad:
        return None
    by = item.seller_id if ended_by is ClosedBy.SELLER else item.buyer_id
    return Request(
        id=0,
        kind=kind,
        state=state,
        seller_id=item.seller_id,
        buyer_id=item.buyer_id,
        item_id=item.id,
        order_id=item.order_id,
        reason=reason,
        created_at=created_at,
        processed_at=processed_at,
        processed_by=_processed_by(ended_by, by),
        ended_by=ended_by,
        note=note,
    )


def _processed_by(ended_by: ClosedBy | None, by: int) -> Actor:
    if ended_by is None:
        return NOBODY
    if ended_by is ClosedBy.PORTONE:
        return PORTONE
    return Actor.seller(by) if ended_by is ClosedBy.SELLER else Actor.buyer(by)


def _read_kind(value: object) -> RequestKind:
    return _one_of(RequestKind, value)


def _read_state(value: object) -> RequestState:
    return _one_of(RequestState, value)


def _read_ender(value: object) -> ClosedBy:
    return _one_of(ClosedBy, value)


def _one_of(values: type[W], value: object) -> W:
    for one in values:
        if one.value == value:
            return one
    raise FieldError(Cause.STATUS_UNKNOWN)
