"""Add exchange and refund requests, and their facts in the ledger."""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql_file(__file__)
