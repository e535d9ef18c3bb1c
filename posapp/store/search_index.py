"""Text indices of requests, orders and products: what repositories write to, and the
implementation by SQLite's FTS5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, MetaData, event

from posapp.store.columns import to_microseconds
from posapp.store.order_marks import IndexedOrder
from posapp.store.product_marks import IndexedProduct
from posapp.store.search_tokens import tokens_of
from posapp.store.tables import metadata


@dataclass(frozen=True, slots=True)
class IndexedRequest:
    """What a request is found by; its texts are those that are stored.

    Attributes:
        created_at: UTC.
    """

    id: int
    seller_id: int
    buyer_id: int
    created_at: datetime
    product_name: str
    reason: str
    buyer_name: str

    @property
    def marks(self) -> str:
        """All marks of the request."""
        return tokens_of(
            self.seller_id,
            self.buyer_id,
            to_microseconds(self.created_at),
            self.product_name,
            self.reason,
            self.buyer_name,
        )


Indexed = IndexedRequest | IndexedOrder | IndexedProduct
"""A record with a text index of its own."""


class SearchIndex(Protocol):
    """Text indices of requests, orders and products. They are written in the unit of work that
    writes the record, and roll back with it."""

    def add(self, *records: Indexed) -> None:
        """Add new records."""

    def replace(self, old: Indexed, new: Indexed) -> None:
        """Replace what a record is found by. ``old`` is what was added: the index may keep no
        copy of it."""

    def remove(self, *records: Indexed) -> None:
        """Remove records, given as they were added."""

    def find_products(self, query: str, limit: int) -> list[int]:
        """Return ids of products that a query of marks finds, in no order."""


def _text_index(table: str) -> str:
    return (
        f"CREATE VIRTUAL TABLE {table} USING fts5(marks, content='', detail=none, tokenize='ascii')"
    )


_TABLES: Mapping[type, str] = {
    IndexedRequest: "request_words",
    IndexedOrder: "order_words",
    IndexedProduct: "product_words",
}
TEXT_INDICES = tuple(map(_text_index, _TABLES.values()))
"""Each maps marks to the ids of its records. It stores no text and no positions."""


@event.listens_for(metadata, "after_create")
def _create_text_indices(_: MetaData, connection: Connection, **__: object) -> None:
    """Create the virtual tables, which SQLAlchemy does not support."""
    if connection.dialect.name == "sqlite":
        for statement in TEXT_INDICES:
            connection.exec_driver_sql(statement)


class Fts5SearchIndex:
    """``SearchIndex`` in SQLite's FTS5."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *records: Indexed) -> None:
        """Add new records."""
        for kind, table in _TABLES.items():
            rows = [(one.id, one.marks) for one in records if isinstance(one, kind)]
            if rows:
                self._connection.exec_driver_sql(
                    f"INSERT INTO {table} (rowid, marks) VALUES (?, ?)",  # noqa: S608
                    rows,
                )

    def replace(self, old: Indexed, new: Indexed) -> None:
        """Replace what a record is found by."""
        self.remove(old)
        self.add(new)

    def remove(self, *records: Indexed) -> None:
        """Remove records, given as they were added."""
        for kind, table in _TABLES.items():
            rows = [(one.id, one.marks) for one in records if isinstance(one, kind)]
            if rows:
                self._connection.exec_driver_sql(
                    f"INSERT INTO {table} ({table}, rowid, marks)"  # noqa: S608
                    " VALUES ('delete', ?, ?)",
                    rows,
                )

    def find_products(self, query: str, limit: int) -> list[int]:
        """Return ids of products that a query of marks finds, in no order."""
        table = _TABLES[IndexedProduct]
        found = self._connection.exec_driver_sql(
            f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?",  # noqa: S608
            (query, limit),
        )
        return [int(number) for number in found.scalars()]
