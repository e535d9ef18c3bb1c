"""Give orders, items and products that are made here numbers of a range of their own.

A sequence that files had moved above the range's beginning begins there anew: what is made next has
the first free number of the range.

Frozen: shops have databases of this schema. A later file changes it; this one is never edited.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql_file(__file__)
