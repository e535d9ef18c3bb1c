"""Port for imports: which records a file brought, what it changed, and how a person mapped its
columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.orders import Product
from posapp.domain.users import User


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import of a file.

    Attributes:
        id: 0 before it is stored.
        source: name of the file.
        digest: SHA-256 of the file.
        imported_at: UTC.
        orders, users, products: number of records that it added.
        undone_at: when it was undone (UTC), or ``None``.
    """

    id: int
    source: str
    digest: str
    imported_at: datetime
    imported_by: Actor
    orders: int
    users: int
    products: int
    undone_at: datetime | None = None
    undone_by: Actor = NOBODY


@dataclass(frozen=True, slots=True)
class Change:
    """A known user or product before and after an import."""

    before: User | Product
    after: User | Product


@dataclass(frozen=True, slots=True)
class MappedColumns:
    """How a person mapped the columns of a file: titles and values by our column name."""

    columns: Mapping[str, str]
    values: Mapping[str, str]


class Imports(Protocol):
    """Stores imports. Their records can be taken back until something touches them."""

    def add(self, record: ImportRecord) -> ImportRecord:
        """Store a new import; returns it with its id."""
        ...

    def get(self, import_id: int) -> ImportRecord | None:
        """Return an import, or ``None``."""
        ...

    def newest(self, limit: int) -> tuple[ImportRecord, ...]:
        """Return the newest imports, newest first, those undone too."""
        ...

    def own_orders(self, import_id: int, order_ids: Iterable[int]) -> None:
        """Record orders that an import added."""
        ...

    def own_users(self, import_id: int, user_ids: Iterable[int]) -> None:
        """Record users that an import added."""
        ...

    def own_products(self, import_id: int, product_ids: Iterable[int]) -> None:
        """Record products that an import added."""
        ...

    def note_changes(self, import_id: int, changes: Iterable[Change]) -> None:
        """Record what an import changed in known users and products."""
        ...

    def changes(self, import_id: int) -> tuple[Change, ...]:
        """Return what an import changed, in the order of ids."""
        ...

    def touched_orders(self, import_id: int, limit: int) -> tuple[int, ...]:
        """Return orders of an import that something happened to, by number: an attempt, a payment,
        a claim, a refund, a request, an entry of the ledger or a print; or that are gone."""
        ...

    def remove_records(self, import_id: int) -> tuple[int, int, int]:
        """Remove the orders of an import, and the users and products that it added and that nothing
        else names; returns the numbers of removed orders, users and products."""
        ...

    def end(self, import_id: int, at: datetime, by: Actor) -> None:
        """Mark an import as undone."""
        ...

    def mapping(self, titles: str) -> MappedColumns | None:
        """Return how the columns of a file with these titles were mapped, or ``None``."""
        ...

    def remember_mapping(self, titles: str, mapped: MappedColumns, at: datetime) -> None:
        """Keep how the columns of a file with these titles are mapped."""
        ...
