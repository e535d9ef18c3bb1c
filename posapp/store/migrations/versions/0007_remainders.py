"""Refunds of all that is left of a payment: the items whose money they send back.

Frozen: what shops have built with it is never edited, a later file changes it.
"""

from __future__ import annotations

from posapp.store.migrations.sql_files import run_sql_file

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql_file(__file__)
