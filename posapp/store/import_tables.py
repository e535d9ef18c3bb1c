"""Tables of imports: the imports, the records that each added, what it changed, and how people
mapped columns."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from posapp.store.columns import ActorColumn, IntegerColumn, TextColumn, TimestampColumn
from posapp.store.tables import metadata

ORDER, PRODUCT, USER = "order", "product", "user"
_KINDS = f"kind IN ('{ORDER}', '{PRODUCT}', '{USER}')"

imports = Table(
    "imports",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("source", TextColumn, nullable=False),
    Column("digest", Text, nullable=False),
    Column("imported_at", TimestampColumn, nullable=False),
    Column("imported_by", ActorColumn, nullable=False),
    Column("orders", IntegerColumn, nullable=False),
    Column("users", IntegerColumn, nullable=False),
    Column("products", IntegerColumn, nullable=False),
    Column("undone_at", TimestampColumn),
    Column("undone_by", ActorColumn, nullable=False),
    CheckConstraint("id > 0", name="ck_imports_id"),
    CheckConstraint("orders >= 0 AND users >= 0 AND products >= 0", name="ck_imports_counts"),
    sqlite_strict=True,
)

import_records = Table(
    "import_records",
    metadata,
    Column("kind", Text, primary_key=True, nullable=False),
    Column("record_id", IntegerColumn, primary_key=True, nullable=False),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
    CheckConstraint(_KINDS, name="ck_import_records_kind"),
    Index("ix_import_records_import", "import_id", "kind", "record_id"),
    sqlite_strict=True,
)

import_changes = Table(
    "import_changes",
    metadata,
    Column("import_id", ForeignKey("imports.id"), primary_key=True, nullable=False),
    Column("kind", Text, primary_key=True, nullable=False),
    Column("record_id", IntegerColumn, primary_key=True, nullable=False),
    Column("old_fields", TextColumn, nullable=False),  # fields as JSON
    Column("new_fields", TextColumn, nullable=False),
    CheckConstraint(_KINDS, name="ck_import_changes_kind"),
    Index("ix_import_changes_record", "kind", "record_id"),
    sqlite_strict=True,
)

import_mappings = Table(
    "import_mappings",
    metadata,
    Column("titles", Text, primary_key=True, nullable=False),
    Column("mapping", TextColumn, nullable=False),  # columns and values as JSON
    Column("kept_at", TimestampColumn, nullable=False),
    sqlite_strict=True,
)
