"""How far PortOne's books were compared, and the names of what comparing finds."""

from __future__ import annotations

from posapp.store.migrations.statements import run_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_beside(__file__)
