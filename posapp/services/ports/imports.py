"""Port for imports: which records a file brought, what it changed, and how a person mapped its
columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
        undone_by: who undid it. Without ``undone_at`` it is still to be taken back: by the till,
            as it has never been finished, or by somebody who stopped or undid it.
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

    @property
    def is_unfinished(self) -> bool:
        """Whether it is being written, or is not taken back yet. Its records may be there in
        part."""
        return self.undone_at is None and self.undone_by != NOBODY

    @property
    def is_whole(self) -> bool:
        """Whether all of its records were written, and it was not undone since."""
        return self.undone_at is None and self.undone_by == NOBODY


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

    def added_products(self, product_ids: Collection[int]) -> set[int]:
        """Return which of these products imports added."""
        ...

    def note_changes(self, import_id: int, changes: Iterable[Change]) -> None:
        """Record what an import changed in known users and products."""
        ...

    def changes(self, import_id: int) -> tuple[Change, ...]:
        """Return what an import changed, in the order of ids."""
        ...

    def unfinished(self) -> tuple[ImportRecord, ...]:
        """Return the imports that are to be taken back, oldest first."""
        ...

    def finish(self, import_id: int) -> None:
        """Record that an import is whole."""
        ...

    def begin_undo(self, import_id: int, by: Actor) -> None:
        """Record that an import is to be taken back, by whom."""
        ...

    def touched_orders(self, import_id: int, limit: int) -> tuple[int, ...]:
        """Return orders of an import that something happened to, by number: an attempt, a payment,
        a claim, a refund, a request, an entry of the ledger or a print; or that are gone."""
        ...

    def next_orders(self, import_id: int, after: int, limit: int) -> tuple[int, ...]:
        """Return the next numbers of orders that an import added."""
        ...

    def untouched(self, order_ids: Collection[int]) -> tuple[int, ...]:
        """Return which of these orders nothing happened to, as in ``touched_orders``, but for
        claims that PortOne has not confirmed: the import itself made them."""
        ...

    def remove_orders(self, order_ids: Collection[int]) -> None:
        """Remove orders that imports added."""
        ...

    def unused_products(self, import_id: int) -> tuple[int, ...]:
        """Return the products that an import added and that neither an order names nor another
        import changed. Reads all order items."""
        ...

    def unused_users(self, import_id: int) -> tuple[int, ...]:
        """Return the users that an import added and that no record names and no other import
        changed. Reads all orders, items, products and requests."""
        ...

    def remove_products(self, product_ids: Collection[int]) -> None:
        """Remove products that imports added."""
        ...

    def remove_users(self, user_ids: Collection[int]) -> None:
        """Remove users that imports added."""
        ...

    def end(self, import_id: int, at: datetime, by: Actor) -> None:
        """Mark an import as undone; records that are left are no longer its own."""
        ...

    def mapping(self, titles: str) -> MappedColumns | None:
        """Return how the columns of a file with these titles were mapped, or ``None``."""
        ...

    def remember_mapping(self, titles: str, mapped: MappedColumns, at: datetime) -> None:
        """Keep how the columns of a file with these titles are mapped."""
        ...
