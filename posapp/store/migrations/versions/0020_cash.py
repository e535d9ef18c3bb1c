"""Add cash of the counter: shifts, tenders, movements, refunds in cash, and Z reports.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file
from posapp.store.migrations.table_rebuild import rebuild

revision = "0020"
down_revision = "0019"

_CASH = (
    r"\g<0>'CASH_OVER_SHORT', 'CASH_PAID_IN', 'CASH_PAID_OUT', 'CASH_RECEIVED', 'CASH_REFUNDED',"
    " 'CASH_RETURNED', "
)


def upgrade() -> None:
    rebuild(
        "ledger",
        (r"'CANCELLED_ELSEWHERE', ", _CASH),
        (r"'DISCOUNT_GIVEN', ", r"\g<0>'DRAWER_OPENED', "),
        (r"'SEAL_BEGUN'", r"\g<0>, 'SHIFT_CLOSED', 'SHIFT_OPENED'"),
    )
    run_sql_file(__file__)
