"""Imports, the records that they added, and what they changed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, delete, exists, insert, or_, select, update

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.users import User, UserStatus
from posapp.services.ports.imports import Change, ImportRecord, MappedColumns
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.import_tables import (
    ORDER,
    PRODUCT,
    USER,
    import_changes,
    import_mappings,
    import_records,
    imports,
)
from posapp.store.repositories.import_queries import ANY_CLAIM, CONFIRMED_CLAIM, touched, unused
from posapp.store.repositories.order_index import read_indexed
from posapp.store.repositories.product_index import read_products
from posapp.store.repositories.row_mapping import to_row
from posapp.store.search_index import SearchIndex
from posapp.store.tables import orders, products, users

_GET = select(*imports.c).where(imports.c.id == bindparam("of"))
_NEWEST = select(*imports.c).order_by(imports.c.id.desc()).limit(bindparam("limit"))
_CHANGES = (
    select(import_changes.c.kind, import_changes.c.old_fields, import_changes.c.new_fields)
    .where(import_changes.c.import_id == bindparam("of"))
    .order_by(import_changes.c.kind, import_changes.c.record_id)
)
_MAPPING = select(import_mappings.c.mapping).where(import_mappings.c.titles == bindparam("of"))
_UNFINISHED = (
    select(*imports.c)
    .where(imports.c.undone_at.is_(None), imports.c.undone_by != NOBODY)
    .order_by(imports.c.id)
)
_INTEND = update(imports).where(imports.c.id == bindparam("of")).values(undone_by=bindparam("by"))
_NEXT_ORDERS = (
    select(import_records.c.record_id)
    .where(
        import_records.c.import_id == bindparam("of"),
        import_records.c.kind == ORDER,
        import_records.c.record_id > bindparam("after"),
    )
    .order_by(import_records.c.record_id)
    .limit(bindparam("limit"))
)
_ADDED = select(import_records.c.record_id).where(
    import_records.c.kind == PRODUCT,
    import_records.c.record_id.in_(bindparam("ids", expanding=True)),
)
_END = (
    update(imports)
    .where(imports.c.id == bindparam("of"))
    .values(undone_at=bindparam("at"), undone_by=bindparam("by"))
)


class SqlImports:
    """Port ``Imports``."""

    def __init__(self, connection: Connection, ids: RecordIds, search_index: SearchIndex) -> None:
        self._connection = connection
        self._record_ids = ids
        self._search_index = search_index

    def add(self, record: ImportRecord) -> ImportRecord:
        """Store a new import; returns it with its id."""
        stored = dataclasses.replace(record, id=self._record_ids.next(RecordKind.IMPORT))
        self._connection.execute(insert(imports), to_row(stored))
        return stored

    def get(self, import_id: int) -> ImportRecord | None:
        """Return an import, or ``None``."""
        row = self._connection.execute(_GET, {"of": import_id}).one_or_none()
        return None if row is None else ImportRecord(*row)

    def newest(self, limit: int) -> tuple[ImportRecord, ...]:
        """Return the newest imports, newest first, those undone too."""
        rows = self._connection.execute(_NEWEST, {"limit": limit})
        return tuple(ImportRecord(*row) for row in rows)

    def own_orders(self, import_id: int, order_ids: Iterable[int]) -> None:
        """Record orders that an import added."""
        self._own(import_id, ORDER, order_ids)

    def own_users(self, import_id: int, user_ids: Iterable[int]) -> None:
        """Record users that an import added."""
        self._own(import_id, USER, user_ids)

    def own_products(self, import_id: int, product_ids: Iterable[int]) -> None:
        """Record products that an import added."""
        self._own(import_id, PRODUCT, product_ids)

    def added_products(self, product_ids: Collection[int]) -> set[int]:
        """Return which of these products imports added."""
        if not product_ids:
            return set()
        return set(self._connection.execute(_ADDED, {"ids": tuple(product_ids)}).scalars())

    def note_changes(self, import_id: int, changes: Iterable[Change]) -> None:
        """Record what an import changed in known users and products."""
        rows = [
            {
                "import_id": import_id,
                "kind": USER if isinstance(change.before, User) else PRODUCT,
                "record_id": change.before.id,
                "old_fields": _to_json(change.before),
                "new_fields": _to_json(change.after),
            }
            for change in changes
        ]
        if rows:
            self._connection.execute(insert(import_changes), rows)

    def changes(self, import_id: int) -> tuple[Change, ...]:
        """Return what an import changed, in the order of ids."""
        rows = self._connection.execute(_CHANGES, {"of": import_id})
        return tuple(
            Change(_from_json(kind, before), _from_json(kind, after))
            for kind, before, after in rows
        )

    def unfinished(self) -> tuple[ImportRecord, ...]:
        """Return the imports that are to be taken back, oldest first."""
        return tuple(ImportRecord(*row) for row in self._connection.execute(_UNFINISHED))

    def finish(self, import_id: int) -> None:
        """Record that an import is whole."""
        self._connection.execute(_INTEND, {"of": import_id, "by": NOBODY})

    def begin_undo(self, import_id: int, by: Actor) -> None:
        """Record that an import is to be taken back, by whom."""
        self._connection.execute(_INTEND, {"of": import_id, "by": by})

    def touched_orders(self, import_id: int, limit: int) -> tuple[int, ...]:
        """Return orders of an import that something happened to, by number."""
        number = import_records.c.record_id
        query = (
            select(number)
            .where(
                import_records.c.kind == ORDER,
                import_records.c.import_id == import_id,
                or_(touched(number, ANY_CLAIM), ~exists().where(orders.c.id == number)),
            )
            .order_by(number)
            .limit(limit)
        )
        return tuple(self._connection.execute(query).scalars())

    def next_orders(self, import_id: int, after: int, limit: int) -> tuple[int, ...]:
        """Return the next numbers of orders that an import added."""
        values = {"of": import_id, "after": after, "limit": limit}
        return tuple(self._connection.execute(_NEXT_ORDERS, values).scalars())

    def untouched(self, order_ids: Collection[int]) -> tuple[int, ...]:
        """Return which of these orders nothing happened to, but for claims of the import."""
        query = (
            select(orders.c.id)
            .where(orders.c.id.in_(order_ids), ~touched(orders.c.id, CONFIRMED_CLAIM))
            .order_by(orders.c.id)
        )
        return tuple(self._connection.execute(query).scalars())

    def remove_orders(self, order_ids: Collection[int]) -> None:
        """Remove orders that imports added."""
        # The text index is left while the texts can be read.
        found = read_indexed(self._connection, order_ids)
        self._search_index.remove(*found.values())
        self._remove(orders, ORDER, order_ids)

    def unused_products(self, import_id: int) -> tuple[int, ...]:
        """Return the products that an import added and that nothing names."""
        return tuple(self._connection.execute(unused(PRODUCT, import_id)).scalars())

    def unused_users(self, import_id: int) -> tuple[int, ...]:
        """Return the users that an import added and that nothing names."""
        return tuple(self._connection.execute(unused(USER, import_id)).scalars())

    def remove_products(self, product_ids: Collection[int]) -> None:
        """Remove products that imports added."""
        self._search_index.remove(*read_products(self._connection, product_ids).values())
        self._remove(products, PRODUCT, product_ids)

    def remove_users(self, user_ids: Collection[int]) -> None:
        """Remove users that imports added."""
        self._remove(users, USER, user_ids)

    def end(self, import_id: int, at: datetime, by: Actor) -> None:
        """Mark an import as undone; its records are no longer its own."""
        self._connection.execute(
            delete(import_records).where(import_records.c.import_id == import_id)
        )
        self._connection.execute(_END, {"of": import_id, "at": at, "by": by})

    def mapping(self, titles: str) -> MappedColumns | None:
        """Return how the columns of a file with these titles were mapped, or ``None``."""
        text = self._connection.execute(_MAPPING, {"of": titles}).scalar_one_or_none()
        if text is None:
            return None
        found = json.loads(text)
        return MappedColumns(found["columns"], found["values"])

    def remember_mapping(self, titles: str, mapped: MappedColumns, at: datetime) -> None:
        """Keep how the columns of a file with these titles are mapped."""
        text = json.dumps(
            {"columns": dict(mapped.columns), "values": dict(mapped.values)}, ensure_ascii=False
        )
        self._connection.execute(delete(import_mappings).where(import_mappings.c.titles == titles))
        values = {"titles": titles, "mapping": text, "kept_at": at}
        self._connection.execute(insert(import_mappings), values)

    def _own(self, import_id: int, kind: str, record_ids: Iterable[int]) -> None:
        rows = [{"kind": kind, "record_id": one, "import_id": import_id} for one in record_ids]
        if rows:
            self._connection.execute(insert(import_records), rows)

    def _remove(self, table: Table, kind: str, record_ids: Collection[int]) -> None:
        """Delete records, and that an import added them."""
        self._connection.execute(delete(table).where(table.c.id.in_(record_ids)))
        self._connection.execute(
            delete(import_records).where(
                import_records.c.kind == kind, import_records.c.record_id.in_(record_ids)
            )
        )


def _to_json(record: User | Product) -> str:
    fields = dataclasses.asdict(record)
    if isinstance(record, Product):
        fields["price"] = int(record.price)
    return json.dumps(fields, ensure_ascii=False)


def _from_json(kind: str, text: str) -> User | Product:
    fields = json.loads(text)
    if kind == USER:
        return User(**{**fields, "status": UserStatus(fields["status"])})
    return Product(**{**fields, "price": Won(fields["price"])})
