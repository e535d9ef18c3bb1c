"""The table of exchange and refund requests.

Displayed and filtered values are in the row itself, so that a page needs no join for them: the
item's name and total never change, a trigger updates the refund progress, and
``requests.rename_buyer`` the buyer's name.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    text,
)

from posapp.domain.money import MAX_AMOUNT
from posapp.domain.requests import ClosedBy, RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress
from posapp.store.columns import (
    ActorColumn,
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
)
from posapp.store.tables import enum_check, metadata, partial_index

REQUEST_WAITING = text("state = 'WAIT'")
REQUEST_REFUNDED = text("refund_id IS NOT NULL")

requests = Table(
    "requests",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("kind", EnumColumn(RequestKind), nullable=False),
    Column("state", EnumColumn(RequestState), nullable=False),
    Column("seller_id", IntegerColumn, nullable=False),
    Column("buyer_id", IntegerColumn, nullable=False),
    Column("item_id", IntegerColumn, nullable=False),
    Column("order_id", IntegerColumn, nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    Column("processed_at", TimestampColumn),
    Column("processed_by", ActorColumn, nullable=False),
    Column("ended_by", EnumColumn(ClosedBy)),
    Column("note", TextColumn, nullable=False),
    Column("refund_id", ForeignKey("refunds.id")),
    # Copies, so that a page and its filters read one table.
    Column("product_name", TextColumn, nullable=False),
    Column("buyer_name", TextColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("money", EnumColumn(RefundProgress), nullable=False),
    enum_check("requests", "kind", RequestKind),
    enum_check("requests", "state", RequestState),
    enum_check("requests", "ended_by", ClosedBy),
    enum_check("requests", "money", RefundProgress),
    CheckConstraint(f"amount BETWEEN 0 AND {MAX_AMOUNT}", name="ck_requests_amount"),
    CheckConstraint(
        "(state = 'WAIT') = (processed_at IS NULL) AND (state = 'WAIT') = (ended_by IS NULL)",
        name="ck_requests_ended",
    ),
    CheckConstraint(
        "(refund_id IS NOT NULL) = (kind = 'REFUND' AND state = 'OK' AND amount > 0)",
        name="ck_requests_refund",
    ),
    CheckConstraint("(refund_id IS NULL) = (money = 'NONE')", name="ck_requests_money_of"),
    # At most one waiting request per item, and at most one request per refund.
    partial_index("uq_requests_waiting", "item_id", unique=True, where=REQUEST_WAITING),
    partial_index("uq_requests_refund", "refund_id", unique=True, where=REQUEST_REFUNDED),
    # One index per kind of filter, in the order of the page, (created_at, id). Every index ends in
    # the rowid, which is the id; naming it would store it twice in each entry.
    Index("ix_requests_seller", "seller_id", "created_at"),
    Index("ix_requests_state", "seller_id", "state", "created_at"),
    Index("ix_requests_kind", "seller_id", "kind", "created_at"),
    Index("ix_requests_both", "seller_id", "state", "kind", "created_at"),
    Index("ix_requests_money", "seller_id", "money", "created_at"),
    Index("ix_requests_buyer", "buyer_id", "created_at"),
    Index("ix_requests_item", "item_id"),
    Index("ix_requests_order", "order_id"),
    sqlite_strict=True,
)
