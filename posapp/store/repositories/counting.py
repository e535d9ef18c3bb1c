"""Counts of rows that stop at a limit, so that they take the same time for any number of rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select


def count_rows(connection: Connection, rows: Select[Any], cap: int, **values: object) -> int:
    """Return the number of rows of a query; ``cap + 1`` means more than ``cap``."""
    counted = rows.limit(bindparam("rows_counted")).subquery()
    query = select(func.count()).select_from(counted)
    found = connection.execute(query, {**values, "rows_counted": cap + 1})
    return int(found.scalar_one())
