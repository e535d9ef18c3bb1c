"""The ledger's tables: its rows, the end of its chain, and the seals of its rows."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from posapp.domain.ledger import Fact
from posapp.domain.money import LARGEST
from posapp.store.columns import MomentColumn, StateColumn, WonColumn, WordsColumn
from posapp.store.tables import metadata, one_of

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("fact", StateColumn(Fact), nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("actor", WordsColumn, nullable=False),
    Column("at", MomentColumn, nullable=False),
    Column("order_id", Integer),
    Column("item_id", Integer),
    Column("imp_uid", WordsColumn, nullable=False),
    Column("reference", WordsColumn, nullable=False),
    Column("reason", WordsColumn, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("form", Integer, nullable=False),
    CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="ck_ledger_hash"),
    CheckConstraint(f"amount BETWEEN -{LARGEST} AND {LARGEST}", name="ck_ledger_amount"),
    CheckConstraint("form IN (1, 2)", name="ck_ledger_form"),
    one_of("ledger", "fact", Fact),
    Index("ix_ledger_order", "order_id", "seq"),
    sqlite_strict=True,
)

# The end of the chain, kept apart from it: rows cut off the end of the ledger are missed here.
ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("id = 1", name="ck_ledger_head_one"),
    sqlite_strict=True,
)

ledger_seals = Table(
    "ledger_seals",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("key_id", Text, nullable=False),
    Column("seal", Text, nullable=False),
    CheckConstraint("length(seal) = 64", name="ck_ledger_seals_seal"),
    sqlite_strict=True,
)
