"""Table of the papers that wait for the receipt printer."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Table, text

from posapp.domain.print_jobs import PrintJobState
from posapp.store.columns import (
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
)
from posapp.store.tables import enum_check, flag_column, metadata, partial_index, till_column

PRINT_OPEN = text("state IN ('FAILED', 'WAITING')")

print_jobs = Table(
    "print_jobs",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("paper", TextColumn, nullable=False),
    Column("roll", TextColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    Column("state", EnumColumn(PrintJobState), nullable=False),
    Column("tries", IntegerColumn, nullable=False),
    Column("begun_at", TimestampColumn),
    flag_column("print_jobs", "may_be_out", default=False),
    Column("error", TextColumn, nullable=False),
    Column("requested_at", TimestampColumn),
    till_column("print_jobs"),
    CheckConstraint("tries >= 0", name="ck_print_jobs_tries"),
    # What is printed is kept no longer than it is needed: it names what somebody bought.
    CheckConstraint("(state IN ('DROPPED', 'SENT')) = (roll = '')", name="ck_print_jobs_roll"),
    enum_check("print_jobs", "state", PrintJobState),
    partial_index("ix_print_jobs_open", "till", "id", where=PRINT_OPEN),
    sqlite_strict=True,
)
