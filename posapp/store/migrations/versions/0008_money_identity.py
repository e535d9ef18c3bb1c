"""Add providers, tenders and tills of money, sequences of record ids, and new facts of the ledger.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql_file(__file__)
    rebuild(
        "ledger",
        (r"form IN \(1, 2\)", "form IN (1, 2, 3)"),
        (r"fact IN \('", r"\g<0>CANCELLATION_DISOWNED', '"),
        (r"'ITEM_CANCELLED', ", r"'DATABASE_RESTORED', \g<0>"),
        (r"'REFUND_REFUSED', ", r"\g<0>'REFUND_REQUEUED', 'REFUND_TAKEN_OVER', "),
    )
