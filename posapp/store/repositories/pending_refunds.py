"""Unsettled refunds with the data that staff know them by, read in one statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, or_, select, text

from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import OutboxState, PendingRefund, PendingTotals
from posapp.store.columns import IntegerColumn
from posapp.store.tables import (
    REFUND_IN_FLIGHT,
    order_items,
    orders,
    outbox,
    refunds,
    users,
)

_earlier = outbox.alias("earlier")
_EARLIER = (
    select(_earlier.c.refund_id)
    .where(
        _earlier.c.payment_key == outbox.c.payment_key,
        _earlier.c.id < outbox.c.id,
        text("earlier.state <> 'SETTLED'"),  # the partial index's condition verbatim, see tables.py
    )
    .order_by(_earlier.c.id)
    .limit(1)
    .scalar_subquery()
)
_flying = refunds.alias("flying")
_FLYING = (
    select(_flying.c.id)
    .where(_flying.c.imp_uid == outbox.c.payment_key, text(f"flying.{REFUND_IN_FLIGHT}"))
    .limit(1)
    .scalar_subquery()
)
_BEHIND = case((outbox.c.refund_id == _FLYING, None), else_=func.coalesce(_FLYING, _EARLIER))
"""The same order as in the outbox: a refund in flight waits behind nothing."""

_FOR_PERSON = or_(
    outbox.c.state == OutboxState.ABANDONED, refunds.c.state == RefundState.NEEDS_REVIEW
)
_UNSETTLED = text("outbox.state <> 'SETTLED'")
_ALL: Select[Any] = (
    select(
        outbox.c.refund_id,
        refunds.c.order_id,
        func.coalesce(order_items.c.name, ""),
        func.coalesce(users.c.name, ""),
        refunds.c.amount,
        refunds.c.tag,
        refunds.c.state,
        outbox.c.state,
        outbox.c.last_error,
        refunds.c.created_at,
        outbox.c.due_at,
        outbox.c.attempts,
        _BEHIND,
    )
    .select_from(
        outbox.join(refunds, refunds.c.id == outbox.c.refund_id)
        .outerjoin(order_items, order_items.c.id == refunds.c.item_id)
        .outerjoin(orders, orders.c.id == refunds.c.order_id)
        .outerjoin(users, users.c.id == orders.c.buyer_id)
    )
    .where(_UNSETTLED)
)
"""Columns in the order of the fields of ``PendingRefund``."""

_LISTED = _ALL.order_by(case((_FOR_PERSON, 0), else_=1), outbox.c.id).limit(bindparam("limit"))
_ONE = _ALL.where(outbox.c.refund_id == bindparam("refund"))


_AMOUNT = refunds.c.amount.cast(IntegerColumn)
_TOTALS = (
    select(
        func.count(),
        func.coalesce(func.sum(_AMOUNT), 0),
        func.coalesce(func.sum(case((outbox.c.state == OutboxState.CLAIMED, 1), else_=0)), 0),
        func.coalesce(func.sum(case((_FOR_PERSON, 1), else_=0)), 0),
        func.coalesce(func.sum(case((_FOR_PERSON, _AMOUNT), else_=0)), 0),
    )
    .select_from(outbox.join(refunds, refunds.c.id == outbox.c.refund_id))
    .where(_UNSETTLED)
)
"""Columns in the order of the fields of ``PendingTotals``."""


def read_unsent(connection: Connection, limit: int) -> tuple[PendingRefund, ...]:
    """Return unsettled entries: those that need staff first, then the oldest."""
    return tuple(PendingRefund(*row) for row in connection.execute(_LISTED, {"limit": limit}))


def read_one(connection: Connection, refund_id: int) -> PendingRefund | None:
    """Return one refund's entry, or ``None`` if it is settled or does not exist."""
    row = connection.execute(_ONE, {"refund": refund_id}).one_or_none()
    return None if row is None else PendingRefund(*row)


def read_totals(connection: Connection) -> PendingTotals:
    """Return number and amount of the unsettled entries."""
    return PendingTotals(*connection.execute(_TOTALS).one())
