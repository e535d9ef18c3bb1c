"""Add database modes, payments claimed by files, ledger seals, and refund approval by another."""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql_file(__file__)
