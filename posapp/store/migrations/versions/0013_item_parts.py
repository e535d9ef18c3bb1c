"""Let pieces of an item become an item of their own, and record that in the ledger; find refunds by
the time at which they were confirmed.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql_file(__file__)
    rebuild("ledger", (r"'ITEM_DELIVERED', ", r"\g<0>'ITEM_DIVIDED', "))
