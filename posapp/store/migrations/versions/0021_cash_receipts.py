"""Add cash receipts (현금영수증) of the cash of the counter.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    rebuild(
        "ledger",
        (
            r"'CASH_RECEIVED', ",
            r"'CASH_RECEIPT_CANCELLED', 'CASH_RECEIPT_ISSUED', \g<0>",
        ),
    )
    run_sql_file(__file__)
