"""Why refunds were refused, what a person said about cancels, and whose rest a refund is."""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql_file(__file__)
