"""Text index of requests: what repositories write to, and its implementation by SQLite's FTS5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, MetaData, event, text

from posapp.store.columns import to_microseconds
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


class SearchIndex(Protocol):
    """Text index of requests. It is written in the unit of work that writes the request, and rolls
    back with it."""

    def add(self, request: IndexedRequest) -> None:
        """Add a new request."""

    def replace(self, old: IndexedRequest, new: IndexedRequest) -> None:
        """Replace what a request is found by. ``old`` is what was added: the index may keep no
        copy of it."""


REQUEST_TEXT_INDEX = (
    "CREATE VIRTUAL TABLE request_words USING fts5"
    "(marks, content='', detail=none, tokenize='ascii')"
)
"""Maps marks (``search_tokens``) to request ids. It stores no text and no positions."""


@event.listens_for(metadata, "after_create")
def _create_text_index(_: MetaData, connection: Connection, **__: object) -> None:
    """Create the virtual table, which SQLAlchemy does not support."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(REQUEST_TEXT_INDEX)


_MARK = text("INSERT INTO request_words (rowid, marks) VALUES (:id, :marks)")
_UNMARK = text(
    "INSERT INTO request_words (request_words, rowid, marks) VALUES ('delete', :id, :marks)"
)


class Fts5SearchIndex:
    """``SearchIndex`` in SQLite's FTS5."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: IndexedRequest) -> None:
        """Add a new request."""
        self._connection.execute(_MARK, _marks_of(request))

    def replace(self, old: IndexedRequest, new: IndexedRequest) -> None:
        """Replace what a request is found by."""
        self._connection.execute(_UNMARK, _marks_of(old))
        self._connection.execute(_MARK, _marks_of(new))


def _marks_of(request: IndexedRequest) -> dict[str, object]:
    marks = tokens_of(
        request.seller_id,
        request.buyer_id,
        to_microseconds(request.created_at),
        request.product_name,
        request.reason,
        request.buyer_name,
    )
    return {"id": request.id, "marks": marks}
