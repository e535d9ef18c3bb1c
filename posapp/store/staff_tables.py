"""Tables of staff: people, their events with the end of that chain, approvals, recovery code."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from posapp.domain.money import MAX_AMOUNT
from posapp.domain.permissions import StaffRole
from posapp.domain.staff_events import StaffEventKind
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

STAFF_ACTIVE = text("active = 1")
APPROVAL_UNUSED = text("used_at IS NULL")

staff = Table(
    "staff",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("name", TextColumn, nullable=False),
    Column("role", EnumColumn(StaffRole), nullable=False),
    Column("seller_id", IntegerColumn),
    Column("pin_hash", Text, nullable=False),
    Column("pin_digits", IntegerColumn, nullable=False),
    Column("active", BoolColumn, nullable=False),
    Column("tries", IntegerColumn, nullable=False),
    Column("tried_at", TimestampColumn),
    Column("tried_boot_ms", IntegerColumn),
    Column("old_pins", Text, nullable=False),
    CheckConstraint("id > 0", name="ck_staff_id"),
    CheckConstraint("name <> ''", name="ck_staff_name"),
    CheckConstraint("active IN (0, 1)", name="ck_staff_active"),
    CheckConstraint("tries >= 0", name="ck_staff_tries"),
    CheckConstraint(
        "pin_digits = 6 OR (pin_digits = 4 AND role = 'CASHIER')", name="ck_staff_pin_digits"
    ),
    CheckConstraint("(role = 'SELLER') = (seller_id IS NOT NULL)", name="ck_staff_seller"),
    enum_check("staff", "role", StaffRole),
    partial_index("uq_staff_name", "name", unique=True, where=STAFF_ACTIVE),
    sqlite_strict=True,
)

staff_events = Table(
    "staff_events",
    metadata,
    Column("seq", IntegerColumn, primary_key=True),
    Column("event", EnumColumn(StaffEventKind), nullable=False),
    Column("at", TimestampColumn, nullable=False),
    Column("staff_id", IntegerColumn),
    Column("actor", ActorColumn, nullable=False),
    Column("detail", TextColumn, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    # The seal is in the row: an event is sealed when it is appended, or never.
    Column("key_id", Text, nullable=False),
    Column("seal", Text, nullable=False),
    CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="ck_staff_events_hash"),
    enum_check("staff_events", "event", StaffEventKind),
    Index("ix_staff_events_person", "staff_id", "seq"),
    sqlite_strict=True,
)

# The end of the chain is stored apart from its rows, so that a truncation is detected.
staff_events_head = Table(
    "staff_events_head",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("seq", IntegerColumn, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("id = 1", name="ck_staff_events_head_one"),
    sqlite_strict=True,
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("subject", TextColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("asked_by", ForeignKey("staff.id"), nullable=False),
    # Nobody: the asker's own PIN, once more.
    Column("approved_by", ForeignKey("staff.id")),
    Column("given_at", TimestampColumn, nullable=False),
    Column("given_boot_ms", IntegerColumn, nullable=False),
    Column("expires_at", TimestampColumn, nullable=False),
    Column("offline", BoolColumn, nullable=False),
    Column("used_at", TimestampColumn),
    CheckConstraint(f"amount BETWEEN 1 AND {MAX_AMOUNT}", name="ck_approvals_amount"),
    CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name="ck_approvals_another"),
    CheckConstraint("offline IN (0, 1)", name="ck_approvals_offline"),
    CheckConstraint("expires_at > given_at", name="ck_approvals_expires"),
    partial_index("ix_approvals_unused", "asked_by", "subject", where=APPROVAL_UNUSED),
    sqlite_strict=True,
)

staff_recovery = Table(
    "staff_recovery",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("digest", Text, nullable=False),
    CheckConstraint("id = 1", name="ck_staff_recovery_one"),
    sqlite_strict=True,
)
