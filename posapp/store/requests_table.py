"""The table of exchange and refund requests, and the index of its words.

What a page shows and what filters look at stands in the row itself (the item's name and total and
where the money is never change, or are kept by a trigger), so that no page needs a join.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    event,
    text,
)

from posapp.domain.money import LARGEST
from posapp.domain.requests import EndedBy, RequestKind, RequestState
from posapp.services.ports.requests import MoneyState
from posapp.store.columns import MomentColumn, StateColumn, WonColumn, WordsColumn
from posapp.store.tables import metadata, one_of

REQUEST_WAITING = text("state = 'WAIT'")
REQUEST_REFUNDED = text("refund_id IS NOT NULL")

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", StateColumn(RequestKind), nullable=False),
    Column("state", StateColumn(RequestState), nullable=False),
    Column("seller_id", Integer, nullable=False),
    Column("buyer_id", Integer, nullable=False),
    Column("item_id", Integer, nullable=False),
    Column("order_id", Integer, nullable=False),
    Column("reason", WordsColumn, nullable=False),
    Column("created_at", MomentColumn, nullable=False),
    Column("processed_at", MomentColumn),
    Column("processed_by", WordsColumn, nullable=False),
    Column("ended_by", StateColumn(EndedBy)),
    Column("note", WordsColumn, nullable=False),
    Column("refund_id", ForeignKey("refunds.id")),
    # Copies, so that a page and its filters read one table.
    Column("product_name", WordsColumn, nullable=False),
    Column("buyer_name", WordsColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("money", StateColumn(MoneyState), nullable=False),
    one_of("requests", "kind", RequestKind),
    one_of("requests", "state", RequestState),
    one_of("requests", "ended_by", EndedBy),
    one_of("requests", "money", MoneyState),
    CheckConstraint(f"amount BETWEEN 0 AND {LARGEST}", name="ck_requests_amount"),
    CheckConstraint(
        "(state = 'WAIT') = (processed_at IS NULL) AND (state = 'WAIT') = (ended_by IS NULL)",
        name="ck_requests_ended",
    ),
    CheckConstraint(
        "(refund_id IS NOT NULL) = (kind = 'REFUND' AND state = 'OK' AND amount > 0)",
        name="ck_requests_refund",
    ),
    CheckConstraint("(refund_id IS NULL) = (money = 'NONE')", name="ck_requests_money_of"),
    # At most one waits for each item; a refund is of one request at most.
    Index("uq_requests_waiting", "item_id", unique=True, sqlite_where=REQUEST_WAITING),
    Index("uq_requests_refund", "refund_id", unique=True, sqlite_where=REQUEST_REFUNDED),
    # One for each kind of filter, each in the order of the page, (created_at, id): every index ends
    # in the rowid, which is the id; said once more, it would stand in each entry twice.
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

REQUEST_WORDS = (
    "CREATE VIRTUAL TABLE request_words USING fts5"
    "(marks, content='', detail=none, tokenize='ascii')"
)
"""Which request has which marks (``request_marks``), by the request's id. It keeps no text of its
own and no places in the text."""


@event.listens_for(metadata, "after_create")
def _make_words(_: MetaData, connection: Connection, **__: object) -> None:
    """SQLAlchemy has no words for a virtual table."""
    connection.exec_driver_sql(REQUEST_WORDS)
