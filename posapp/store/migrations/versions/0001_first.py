"""The first schema: people, goods, orders, attempts, payments, refunds, ledger, outbox."""

from __future__ import annotations

from posapp.store.migrations.statements import run_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_beside(__file__)
