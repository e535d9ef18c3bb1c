"""The first schema: people, goods, orders, attempts, payments, refunds, ledger, outbox."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from posapp.store.migrations.statements import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    for statement in statements(Path(__file__).with_suffix(".sql").read_text("utf-8")):
        connection.exec_driver_sql(statement)
