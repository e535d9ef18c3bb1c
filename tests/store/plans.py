"""The plans by which SQLite answers the queries that a test makes."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, event

from posapp.store.unit_of_work import SqlStore


def plans_of(store: SqlStore, read: Callable[[], object]) -> list[list[str]]:
    """Call ``read`` and return the plan of each statement that it ran in a snapshot."""
    statements: list[tuple[str, object]] = []

    def note(connection: Connection, cursor: object, sql: str, values: object, *_: object) -> None:
        if sql.startswith(("SELECT", "WITH")):
            statements.append((sql, values))

    readers = store._readers
    event.listen(readers, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(readers, "before_cursor_execute", note)
    with store.snapshot() as uow:
        return [
            [
                str(row[3])
                for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            ]
            for sql, values in statements
        ]
