"""Payments that a file claims, until PortOne has confirmed them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Executable,
    Row,
    Table,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    text,
    update,
)

from posapp.domain.actors import IMPORT, Actor
from posapp.domain.claims import ClaimState, PaymentClaim
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.payments import Payment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.requests import ClosedBy, Request, RequestKind, RequestState
from posapp.domain.vat import TaxKind
from posapp.store.columns import (
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
    from_microseconds,
    to_microseconds,
)
from posapp.store.ledger_tables import ledger
from posapp.store.repositories.row_mapping import fields_of, to_row
from posapp.store.tables import enum_check, metadata, partial_index, payments

CLAIM_WAITING = text("state = 'WAITING'")
CLAIM_COUNTS = text("state <> 'DENIED'")

payment_claims = Table(
    "payment_claims",
    metadata,
    Column("order_id", IntegerColumn, primary_key=True),
    Column("imp_uid", TextColumn, nullable=False),
    Column("merchant_uid", TextColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("paid_at", TimestampColumn, nullable=False),
    Column("source", TextColumn, nullable=False),
    # Items, refunds and requests as in the file (``_content``).
    Column("content", TextColumn, nullable=False),
    Column("state", EnumColumn(ClaimState), nullable=False),
    Column("due_at", TimestampColumn),
    Column("checks", IntegerColumn, nullable=False),
    Column("problem", TextColumn, nullable=False),
    CheckConstraint(f"amount BETWEEN 1 AND {MAX_AMOUNT}", name="ck_payment_claims_amount"),
    CheckConstraint("(state = 'WAITING') = (due_at IS NOT NULL)", name="ck_payment_claims_due"),
    enum_check("payment_claims", "state", ClaimState),
    partial_index("ix_payment_claims_due", "due_at", "order_id", where=CLAIM_WAITING),
    partial_index("uq_payment_claims_imp_uid", "imp_uid", unique=True, where=CLAIM_COUNTS),
    partial_index(
        "uq_payment_claims_merchant_uid", "merchant_uid", unique=True, where=CLAIM_COUNTS
    ),
    sqlite_strict=True,
)

PORTION = 500
"""Numbers of payments in one query."""

_COLUMNS = tuple(payment_claims.c)
_ALL = select(*_COLUMNS)
_ADD = insert(payment_claims)
_SAVE = (
    update(payment_claims)
    .where(payment_claims.c.order_id == bindparam("of"))
    .values({c.name: bindparam(c.name) for c in payment_claims.c if c.name != "order_id"})
)
_OF_ORDER = _ALL.where(payment_claims.c.order_id == bindparam("order"))
_OF_NUMBERS = _ALL.where(
    CLAIM_COUNTS,
    or_(
        payment_claims.c.imp_uid == bindparam("imp_uid"),
        payment_claims.c.merchant_uid == bindparam("merchant_uid"),
    ),
)
_BY_DUE = _ALL.where(CLAIM_WAITING).order_by(payment_claims.c.due_at, payment_claims.c.order_id)
_DUE = _BY_DUE.where(payment_claims.c.due_at <= bindparam("now")).limit(bindparam("limit"))
_WAITING_OF = _ALL.where(
    CLAIM_COUNTS,  # the condition of the index
    CLAIM_WAITING,
    payment_claims.c.imp_uid.in_(bindparam("imp_uids", expanding=True)),
)
_NEXT = select(func.min(payment_claims.c.due_at)).where(CLAIM_WAITING)

_BOOKED = (
    select(*(column for column in payments.c if column.name != "id"))
    .where(
        payments.c.imp_uid > bindparam("after"),
        exists().where(
            ledger.c.imp_uid == payments.c.imp_uid,
            ledger.c.fact == LedgerEvent.PAYMENT_CAPTURED,
            ledger.c.actor == IMPORT,
        ),
        not_(exists().where(payment_claims.c.order_id == payments.c.order_id)),
    )
    .order_by(payments.c.imp_uid)
    .limit(bindparam("limit"))
)


class SqlClaims:
    """Port ``Claims``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, claim: PaymentClaim) -> None:
        """Store an order's claim, replacing an earlier one."""
        record = to_row(claim, without=("order_id", "items", "refunds", "requests"))
        values = {**record, "content": _content(claim)}
        if self._connection.execute(_SAVE, {**values, "of": claim.order_id}).rowcount == 0:
            self._connection.execute(_ADD, {**values, "order_id": claim.order_id})

    def for_order(self, order_id: int) -> PaymentClaim | None:
        """Return the claim of an order, or ``None``."""
        row = self._connection.execute(_OF_ORDER, {"order": order_id}).one_or_none()
        return None if row is None else _claim(row)

    def of_numbers(self, imp_uid: str, merchant_uid: str) -> tuple[PaymentClaim, ...]:
        """Return claims that are not denied and have one of these ids."""
        return self._several(_OF_NUMBERS, imp_uid=imp_uid, merchant_uid=merchant_uid)

    def waiting(self) -> tuple[PaymentClaim, ...]:
        """Return the claims without an answer of PortOne, the soonest due first."""
        return self._several(_BY_DUE)

    def waiting_of(self, imp_uids: Iterable[str]) -> tuple[PaymentClaim, ...]:
        """Return the claims of these payments that wait for an answer, the soonest due first."""
        found: list[PaymentClaim] = []
        remaining = iter(imp_uids)
        while portion := tuple(islice(remaining, PORTION)):
            found += self._several(_WAITING_OF, imp_uids=portion)
        return tuple(sorted(found, key=_place_in_queue))

    def due(self, now: datetime, limit: int) -> tuple[PaymentClaim, ...]:
        """Return waiting claims that are due, the longest waiting first."""
        return self._several(_DUE, now=now, limit=limit)

    def next_due(self) -> datetime | None:
        """Return when the next claim is due (UTC), or ``None``."""
        found: datetime | None = self._connection.execute(_NEXT).scalar_one()
        return found

    def booked_unseen(self, after: str, limit: int) -> tuple[Payment, ...]:
        """Return payments booked from a file without verification, by imp_uid after ``after``."""
        rows = self._connection.execute(_BOOKED, {"after": after, "limit": limit})
        return tuple(Payment(*row) for row in rows)

    def _several(self, query: Executable, **values: object) -> tuple[PaymentClaim, ...]:
        return tuple(_claim(row) for row in self._connection.execute(query, values))


def _place_in_queue(claim: PaymentClaim) -> tuple[datetime, int]:
    assert claim.due_at is not None  # noqa: S101 - a waiting claim is due at some time
    return claim.due_at, claim.order_id


def _content(claim: PaymentClaim) -> str:
    content = {
        "items": [_plain(to_row(one)) for one in claim.items],
        "refunds": [_plain(to_row(one)) for one in claim.refunds],
        "requests": [_plain(to_row(one)) for one in claim.requests],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, datetime):
        return to_microseconds(value)
    return str(value) if isinstance(value, Actor) else value


def _claim(row: Row[Any]) -> PaymentClaim:
    values = row._asdict()
    content = json.loads(values.pop("content"))
    return PaymentClaim(
        **values,
        items=tuple(_item(one) for one in content["items"]),
        refunds=tuple(_refund(one) for one in content["refunds"]),
        requests=tuple(_request(one) for one in content["requests"]),
    )


def _item(one: dict[str, Any]) -> OrderItem:
    # Items of earlier schemas have no discount and no tax.
    new = {**_won(one, "discount"), "tax": TaxKind(one["tax"])} if "tax" in one else {}
    return OrderItem(**{**one, **_won(one, "price"), "status": ItemStatus(one["status"]), **new})


def _refund(one: dict[str, Any]) -> Refund:
    return Refund(
        **{
            **fields_of(one),
            **_won(one, "amount"),
            **fields_of(_won(one, "checksum")),
            **fields_of(_moments(one, "created_at", "sent_at", "unclear_at", "confirmed_at")),
            **fields_of(_actors(one, "asked_by", "approved_by")),
            # Refunds of earlier schemas have none.
            **(_won(one, "tax_free") if "tax_free" in one else {}),
            "origin": RefundOrigin(one["origin"]),
            "state": RefundState(one["state"]),
        }
    )


def _request(one: dict[str, Any]) -> Request:
    return Request(
        **{
            **one,
            **_moments(one, "created_at", "processed_at"),
            **_actors(one, "processed_by"),
            "kind": RequestKind(one["kind"]),
            "state": RequestState(one["state"]),
            "ended_by": None if one["ended_by"] is None else ClosedBy(one["ended_by"]),
        }
    )


def _won(record: dict[str, Any], *names: str) -> dict[str, Won | None]:
    return {name: None if record[name] is None else Won(record[name]) for name in names}


def _actors(record: dict[str, Any], *names: str) -> dict[str, Actor]:
    return {name: Actor.parse(record[name]) for name in names}


def _moments(record: dict[str, Any], *names: str) -> dict[str, datetime | None]:
    return {
        name: None if record[name] is None else from_microseconds(record[name]) for name in names
    }
