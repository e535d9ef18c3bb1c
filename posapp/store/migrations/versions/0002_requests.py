"""Exchange and refund requests, and the ledger's facts about them."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from posapp.store.migrations.statements import statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    for statement in statements(Path(__file__).with_suffix(".sql").read_text("utf-8")):
        connection.exec_driver_sql(statement)
