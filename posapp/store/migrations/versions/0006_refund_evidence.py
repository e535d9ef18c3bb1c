"""Add why a refund was refused, up to where its cancels are reviewed, and the refund it
completes."""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql_file(__file__)
