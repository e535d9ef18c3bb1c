"""Add the time of the order to its items, indices of the items to ship, and steps of delivery to
the ledger.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql_file(__file__)
    rebuild(
        "ledger",
        (
            r"'DATABASE_RESTORED', ",
            r"\g<0>'DELIVERY_PREPARED', 'DELIVERY_STEP_UNDONE', ",
        ),
        (
            r"'ITEM_CANCELLED', ",
            r"\g<0>'ITEM_DELIVERED', 'ITEM_HANDED_OVER', 'ITEM_SHIPPED', ",
        ),
    )
