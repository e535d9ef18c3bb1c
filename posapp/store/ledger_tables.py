"""Tables of the ledger: its rows, the end of its chain, and the seals of its rows."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, text

from posapp.domain.ledger import CASH_EVENTS, LedgerEvent
from posapp.domain.money import MAX_AMOUNT
from posapp.domain.payment_ref import Provider
from posapp.store.columns import (
    ActorColumn,
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
)
from posapp.store.tables import enum_check, metadata, partial_index, till_column

_CASH = ", ".join(f"'{event.value}'" for event in sorted(CASH_EVENTS))
LEDGER_CASH = text(f"fact IN ({_CASH})")
"""The condition of the index of what drawers have; a query with the same condition reads it."""

_PROVIDERS = ", ".join(f"'{name}'" for name in ("", *sorted(Provider)))

ledger = Table(
    "ledger",
    metadata,
    Column("seq", IntegerColumn, primary_key=True),
    Column("fact", EnumColumn(LedgerEvent), nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("actor", ActorColumn, nullable=False),
    Column("at", TimestampColumn, nullable=False),
    Column("order_id", IntegerColumn),
    Column("item_id", IntegerColumn),
    Column("imp_uid", TextColumn, nullable=False),
    Column("reference", TextColumn, nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("form", IntegerColumn, nullable=False),
    Column(
        "provider",
        TextColumn,
        CheckConstraint(f"provider IN ({_PROVIDERS})", name="ck_ledger_provider"),
        nullable=False,
        server_default=text("''"),
    ),
    till_column("ledger"),
    CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="ck_ledger_hash"),
    CheckConstraint(f"amount BETWEEN -{MAX_AMOUNT} AND {MAX_AMOUNT}", name="ck_ledger_amount"),
    CheckConstraint("form IN (1, 2, 3)", name="ck_ledger_form"),
    enum_check("ledger", "fact", LedgerEvent),
    Index("ix_ledger_order", "order_id", "seq"),
    partial_index("ix_ledger_cash", "reference", "fact", where=LEDGER_CASH),
    sqlite_strict=True,
)

# The end of the chain is stored apart from its rows, so that a truncation is detected.
ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("seq", IntegerColumn, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("id = 1", name="ck_ledger_head_one"),
    sqlite_strict=True,
)

ledger_seals = Table(
    "ledger_seals",
    metadata,
    Column("seq", IntegerColumn, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("seal", Text, nullable=False),
    CheckConstraint("length(seal) = 64", name="ck_ledger_seals_seal"),
    sqlite_strict=True,
)
