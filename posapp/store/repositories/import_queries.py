"""Queries about the records of imports: which of them something has happened to, and which
nothing else names."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, Select, Text, cast, exists, literal, or_, select

from posapp.domain.claims import ClaimProblem, ClaimState
from posapp.store.import_tables import PRODUCT, USER, import_changes, import_records, imports
from posapp.store.ledger_tables import ledger
from posapp.store.repositories.checkpoints import checkpoints
from posapp.store.repositories.claims import payment_claims
from posapp.store.request_tables import requests
from posapp.store.tables import attempts, order_items, orders, payments, products, refunds

PRINTED = ("account", "receipt")
"""First words of the checkpoints of an order's prints (``services/bookkeeping/print_log.py``)."""

ANY_CLAIM = payment_claims.c.problem != ClaimProblem.IMPORT_TAKEN_BACK.value
"""Claims that PortOne has decided or will decide."""

CONFIRMED_CLAIM = payment_claims.c.state == ClaimState.CONFIRMED

_NAMED_IN: dict[str, tuple[Column[int], ...]] = {
    PRODUCT: (order_items.c.product_id,),
    USER: (
        orders.c.buyer_id,
        order_items.c.seller_id,
        products.c.seller_id,
        requests.c.buyer_id,
        requests.c.seller_id,
    ),
}


def touched(number: ColumnElement[int], claim: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether something happened to an order.

    Args:
        claim: which claims count.
    """
    claims = exists().where(payment_claims.c.order_id == number, claim)
    happened = [
        exists().where(column == number)
        for column in (
            attempts.c.order_id,
            payments.c.order_id,
            refunds.c.order_id,
            requests.c.order_id,
            ledger.c.order_id,
        )
    ]
    printed = [
        exists().where(checkpoints.c.name == literal(f"{paper} ") + _text(number) + " 1")
        for paper in PRINTED
    ]
    return or_(claims, *happened, *printed)


def unused(kind: str, import_id: int) -> Select[int]:
    """Return the query of the records of one kind that an import added, but for those that others
    name or that another import changed."""
    number = import_records.c.record_id
    changed = (
        select(import_changes.c.record_id)
        .join(imports, imports.c.id == import_changes.c.import_id)
        .where(
            import_changes.c.kind == kind,
            import_changes.c.import_id != import_id,
            imports.c.undone_at.is_(None),
        )
    )
    query = (
        select(number)
        .where(import_records.c.kind == kind, import_records.c.import_id == import_id)
        .where(number.not_in(changed))
        .order_by(number)
    )
    for column in _NAMED_IN[kind]:
        query = query.where(number.not_in(select(column)))
    return query


def _text(number: ColumnElement[int]) -> ColumnElement[str]:
    return cast(number, Text)
