"""Let cash go back in the place of a refund that KakaoPay refused for good.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    rebuild("ledger", (r"'REFUND_CONFIRMED', ", r"\g<0>'REFUND_MOVED_TO_CASH', "))
    run_sql_file(__file__)
