"""Create the first schema: users, products, orders, attempts, payments, refunds, ledger, outbox."""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql_file(__file__)
