"""Exchange and refund requests, and the ledger's facts about them."""

from __future__ import annotations

from posapp.store.migrations.statements import run_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_beside(__file__)
