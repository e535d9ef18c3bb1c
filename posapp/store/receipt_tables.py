"""Table of cash receipts (현금영수증)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, text

from posapp.domain.cash_receipts import (
    AT_PORTONE,
    OWN_NO_LIMIT,
    SEALED_STATES,
    TO_SEND,
    ReceiptProblem,
    ReceiptState,
)
from posapp.domain.money import MAX_AMOUNT
from posapp.domain.receipt_identity import IdentityKind, ReceiptPurpose
from posapp.store.columns import (
    ActorColumn,
    BoolColumn,
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
)
from posapp.store.tables import enum_check, metadata, partial_index


def _list(states: frozenset[ReceiptState]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


_ISSUED = AT_PORTONE - {ReceiptState.SENDING, ReceiptState.UNKNOWN}

RECEIPT_HELD = text(f"state IN ({_list(AT_PORTONE)})")
RECEIPT_WAITING = text("state = 'REQUESTED'")
RECEIPT_DUE = text(f"by_hand = 0 AND state IN ({_list(TO_SEND)})")
RECEIPT_OPEN = text("state NOT IN ('CANCELLED', 'ISSUED')")

cash_receipts = Table(
    "cash_receipts",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("order_id", IntegerColumn, nullable=False),
    Column("purpose", EnumColumn(ReceiptPurpose), nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("tax_free", WonColumn, nullable=False),
    Column("own_no", TextColumn, nullable=False, unique=True),
    Column("asked_by", ActorColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    Column("due_at", TimestampColumn, nullable=False),
    Column("next_at", TimestampColumn, nullable=False),
    Column("kind", EnumColumn(IdentityKind)),
    Column("masked", TextColumn, nullable=False),
    # The buyer's number, encrypted; overwritten once it is not needed.
    Column("sealed", LargeBinary),
    Column("by_hand", BoolColumn, nullable=False),
    Column("state", EnumColumn(ReceiptState), nullable=False),
    Column("approval_no", TextColumn, nullable=False),
    Column("issued_at", TimestampColumn),
    Column("cancelled_at", TimestampColumn),
    Column("replaces_id", ForeignKey("cash_receipts.id")),
    Column("cancel_wanted", BoolColumn, nullable=False),
    Column("sends", IntegerColumn, nullable=False),
    Column("unclear_at", TimestampColumn),
    Column("problem", EnumColumn(ReceiptProblem), nullable=False),
    Column("raw_code", IntegerColumn),
    Column("raw_text", TextColumn, nullable=False),
    CheckConstraint(
        f"amount BETWEEN 1 AND {MAX_AMOUNT} AND tax_free BETWEEN 0 AND amount",
        name="ck_cash_receipts_amounts",
    ),
    CheckConstraint(f"length(own_no) BETWEEN 1 AND {OWN_NO_LIMIT}", name="ck_cash_receipts_own_no"),
    CheckConstraint(
        f"sealed IS NULL OR state IN ({_list(SEALED_STATES)})", name="ck_cash_receipts_sealed"
    ),
    CheckConstraint(
        f"approval_no <> '' OR state NOT IN ({_list(_ISSUED)})", name="ck_cash_receipts_approval"
    ),
    CheckConstraint("sends >= 0", name="ck_cash_receipts_sends"),
    enum_check("cash_receipts", "purpose", ReceiptPurpose),
    enum_check("cash_receipts", "kind", IdentityKind),
    enum_check("cash_receipts", "state", ReceiptState),
    enum_check("cash_receipts", "problem", ReceiptProblem),
    partial_index("uq_cash_receipts_held", "order_id", unique=True, where=RECEIPT_HELD),
    partial_index(
        "uq_cash_receipts_waiting", "order_id", "state", unique=True, where=RECEIPT_WAITING
    ),
    Index("ix_cash_receipts_order", "order_id", "id"),
    partial_index("ix_cash_receipts_due", "next_at", where=RECEIPT_DUE),
    partial_index("ix_cash_receipts_open", "due_at", where=RECEIPT_OPEN),
    sqlite_strict=True,
)
