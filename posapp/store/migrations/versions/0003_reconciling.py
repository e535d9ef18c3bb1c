"""Add the progress of comparing with PortOne's books, and the kinds of mismatches that it finds."""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql_file(__file__)
