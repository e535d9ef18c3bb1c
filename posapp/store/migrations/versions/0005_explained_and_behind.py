"""Add explanations of mismatches, marks of files older than PortOne's books, and refunds of 0 won.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql_file(__file__)
    # A difference that was explained is a fact.
    rebuild("ledger", (r"'ITEM_CANCELLED', ", r"\g<0>'MISMATCH_EXPLAINED', "))
    # PortOne's books end requests, too; nothing goes back for an item of 0 won, so that an approved
    # request of one has no refund.
    rebuild(
        "requests",
        (r"\('BUYER', 'SELLER'\)", "('BUYER', 'PORTONE', 'SELLER')"),
        (
            r"\(kind = 'REFUND' AND state = 'OK'\)",
            "(kind = 'REFUND' AND state = 'OK' AND amount > 0)",
        ),
    )
