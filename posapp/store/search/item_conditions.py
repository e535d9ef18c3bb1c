"""Conditions on a row of ``order_items`` that follow from the records of other tables."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select

from posapp.domain.refunds import OPEN
from posapp.domain.requests import RequestKind, RequestState
from posapp.store.request_tables import requests
from posapp.store.tables import (
    MISMATCH_OPEN,
    PAYMENT_ACCEPTED,
    mismatches,
    order_items,
    payments,
    refunds,
)

_BLANK = literal(" ")


def has_open_refund() -> ColumnElement[bool]:
    """Return whether the item's money is on its way back, as ``guard_no_refund`` refuses it."""
    covered = (_BLANK + refunds.c.covers + _BLANK).contains(
        _BLANK + cast(order_items.c.id, String) + _BLANK
    )
    return (
        select(refunds.c.id)
        .where(
            refunds.c.order_id == order_items.c.order_id,
            refunds.c.state.in_(sorted(OPEN)),
            or_(refunds.c.item_id == order_items.c.id, covered),
        )
        .correlate(order_items)
        .exists()
    )


def is_money_in_doubt() -> ColumnElement[bool]:
    """Return whether a mismatch of the payment is open, as ``guard_money_certain`` refuses it."""
    return (
        select(mismatches.c.id)
        .join_from(payments, mismatches, mismatches.c.imp_uid == payments.c.imp_uid)
        .where(payments.c.order_id == order_items.c.order_id, PAYMENT_ACCEPTED, MISMATCH_OPEN)
        .correlate(order_items)
        .exists()
    )


def is_replacement() -> ColumnElement[bool]:
    """Return whether an exchange of the item was approved."""
    return (
        select(requests.c.id)
        .where(
            and_(
                requests.c.item_id == order_items.c.id,
                requests.c.kind == RequestKind.EXCHANGE,
                requests.c.state == RequestState.OK,
            )
        )
        .correlate(order_items)
        .exists()
    )
