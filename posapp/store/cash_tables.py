"""Tables of cash: shifts and their Z reports, cash that is received, moved and refunded."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    text,
)

from posapp.domain.cash import MOST_CASH, MOST_TENDERS, CashRefundState, MoveKind, TenderState
from posapp.domain.money import MAX_AMOUNT
from posapp.store.columns import (
    ActorColumn,
    BoolColumn,
    DateColumn,
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
)
from posapp.store.tables import (
    APPROVED_BY_ANOTHER,
    enum_check,
    metadata,
    partial_index,
    till_column,
)

SHIFT_OPEN = text("closed_at IS NULL")
SHIFT_HAS_Z = text("z_no IS NOT NULL")
TENDER_NOT_RETURNED = text("state <> 'RETURNED'")
TENDER_HELD = text("state = 'RECEIVED'")
TENDER_KEPT = text("state = 'KEPT'")
CASH_REFUND_LIVING = text("state <> 'DROPPED'")
CASH_REFUND_WAITING = text("state = 'WAITING'")
CASH_REFUND_PAID = text("paid_at IS NOT NULL")

shifts = Table(
    "shifts",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("business_date", DateColumn, nullable=False),
    Column("opened_at", TimestampColumn, nullable=False),
    Column("opened_by", ActorColumn, nullable=False),
    Column("opening_float", WonColumn, nullable=False),
    Column("closed_at", TimestampColumn),
    Column("closed_by", ActorColumn, nullable=False),
    Column("counted", WonColumn),
    Column("expected", WonColumn),
    Column("reason", TextColumn, nullable=False),
    Column("z_no", IntegerColumn),
    till_column("shifts"),
    CheckConstraint(f"opening_float BETWEEN 0 AND {MOST_CASH}", name="ck_shifts_float"),
    CheckConstraint(
        "(closed_at IS NULL) = (counted IS NULL) AND (closed_at IS NULL) = (expected IS NULL)"
        " AND (closed_at IS NULL) = (z_no IS NULL)",
        name="ck_shifts_closed",
    ),
    CheckConstraint("counted = expected OR reason <> ''", name="ck_shifts_reason"),
    partial_index("uq_shifts_open", "till", unique=True, where=SHIFT_OPEN),
    partial_index("uq_shifts_z_no", "till", "z_no", unique=True, where=SHIFT_HAS_Z),
    sqlite_strict=True,
)

z_reports = Table(
    "z_reports",
    metadata,
    Column("z_no", IntegerColumn, primary_key=True),
    Column("shift_id", ForeignKey("shifts.id"), nullable=False, unique=True),
    Column("made_at", TimestampColumn, nullable=False),
    Column("body", TextColumn, nullable=False),
    Column("hash", Text, nullable=False),
    Column("previous", Text, nullable=False),
    CheckConstraint("z_no > 0", name="ck_z_reports_z_no"),
    CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="ck_z_reports_hash"),
    sqlite_strict=True,
)

z_addenda = Table(
    "z_addenda",
    metadata,
    Column("number", IntegerColumn, primary_key=True),
    Column("z_no", ForeignKey("z_reports.z_no"), nullable=False, unique=True),
    Column("made_at", TimestampColumn, nullable=False),
    Column("body", TextColumn, nullable=False),
    Column("hash", Text, nullable=False),
    Column("previous", Text, nullable=False),
    CheckConstraint("number > 0", name="ck_z_addenda_number"),
    CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="ck_z_addenda_hash"),
    sqlite_strict=True,
)

# What is counted before a shift is closed: a draft, of no weight for anything.
count_drafts = Table(
    "count_drafts",
    metadata,
    Column("shift_id", ForeignKey("shifts.id"), primary_key=True),
    Column("counts", TextColumn, nullable=False),
    Column("counted_at", TimestampColumn, nullable=False),
    sqlite_strict=True,
)

cash_tenders = Table(
    "cash_tenders",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("order_id", IntegerColumn, nullable=False),
    Column("part", IntegerColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("received", WonColumn, nullable=False),
    Column("change", WonColumn, nullable=False),
    Column("tax_free", WonColumn, nullable=False),
    Column("state", EnumColumn(TenderState), nullable=False),
    Column("shift_id", ForeignKey("shifts.id"), nullable=False),
    Column("received_at", TimestampColumn, nullable=False),
    till_column("cash_tenders"),
    CheckConstraint(f"part BETWEEN 1 AND {MOST_TENDERS}", name="ck_cash_tenders_part"),
    CheckConstraint(
        "amount > 0 AND change >= 0 AND amount + change = received"
        f" AND received <= {MOST_CASH} AND tax_free BETWEEN 0 AND amount",
        name="ck_cash_tenders_amounts",
    ),
    enum_check("cash_tenders", "state", TenderState),
    partial_index(
        "uq_cash_tenders_part", "order_id", "part", unique=True, where=TENDER_NOT_RETURNED
    ),
    Index("ix_cash_tenders_order", "order_id", "id"),
    partial_index("ix_cash_tenders_held", "id", where=TENDER_HELD),
    partial_index("ix_cash_tenders_kept", "received_at", where=TENDER_KEPT),
    sqlite_strict=True,
)

cash_moves = Table(
    "cash_moves",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("shift_id", ForeignKey("shifts.id"), nullable=False),
    Column("kind", EnumColumn(MoveKind), nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("moved_by", ActorColumn, nullable=False),
    Column("moved_at", TimestampColumn, nullable=False),
    till_column("cash_moves"),
    CheckConstraint(f"amount BETWEEN 1 AND {MOST_CASH}", name="ck_cash_moves_amount"),
    CheckConstraint("reason <> ''", name="ck_cash_moves_reason"),
    enum_check("cash_moves", "kind", MoveKind),
    Index("ix_cash_moves_shift", "shift_id", "id"),
    sqlite_strict=True,
)

cash_refunds = Table(
    "cash_refunds",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("item_id", IntegerColumn, nullable=False),
    Column("order_id", IntegerColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("tax_free", WonColumn, nullable=False),
    Column("state", EnumColumn(CashRefundState), nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("asked_by", ActorColumn, nullable=False),
    Column("approved_by", ActorColumn, nullable=False),
    Column("approval_needed", BoolColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    Column("shift_id", ForeignKey("shifts.id")),
    Column("paid_at", TimestampColumn),
    Column("refund_id", ForeignKey("refunds.id")),
    till_column("cash_refunds"),
    Column("replaces", IntegerColumn),
    Column(
        "replaced",
        WonColumn,
        CheckConstraint(
            "replaced BETWEEN 0 AND amount AND (replaces IS NULL) = (replaced = 0)",
            name="ck_cash_refunds_replaced",
        ),
        nullable=False,
        server_default=text("0"),
    ),
    CheckConstraint(
        f"amount BETWEEN 1 AND {MAX_AMOUNT} AND tax_free BETWEEN 0 AND amount",
        name="ck_cash_refunds_amounts",
    ),
    CheckConstraint(
        "(state = 'PAID_OUT') = (paid_at IS NOT NULL) AND (paid_at IS NULL) = (shift_id IS NULL)",
        name="ck_cash_refunds_paid",
    ),
    CheckConstraint(APPROVED_BY_ANOTHER, name="ck_cash_refunds_approval"),
    enum_check("cash_refunds", "state", CashRefundState),
    partial_index("uq_cash_refunds_item", "item_id", unique=True, where=CASH_REFUND_LIVING),
    Index("ix_cash_refunds_order", "order_id", "id"),
    Index("ix_cash_refunds_created", "created_at"),
    partial_index("ix_cash_refunds_waiting", "id", where=CASH_REFUND_WAITING),
    partial_index("ix_cash_refunds_paid", "paid_at", where=CASH_REFUND_PAID),
    sqlite_strict=True,
)
