"""Imports, the records that they added, and what they changed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)

from posapp.domain.actors import Actor
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
from posapp.store.ledger_tables import ledger
from posapp.store.repositories.checkpoints import checkpoints
from posapp.store.repositories.claims import payment_claims
from posapp.store.repositories.order_index import read_indexed
from posapp.store.repositories.row_mapping import to_row
from posapp.store.request_tables import requests
from posapp.store.search_index import SearchIndex
from posapp.store.tables import (
    attempts,
    order_items,
    orders,
    payments,
    products,
    refunds,
    users,
)

_GET = select(*imports.c).where(imports.c.id == bindparam("of"))
_NEWEST = select(*imports.c).order_by(imports.c.id.desc()).limit(bindparam("limit"))
_CHANGES = (
    select(import_changes.c.kind, import_changes.c.old_fields, import_changes.c.new_fields)
    .where(import_changes.c.import_id == bindparam("of"))
    .order_by(import_changes.c.kind, import_changes.c.record_id)
)
_MAPPING = select(import_mappings.c.mapping).where(import_mappings.c.titles == bindparam("of"))
_END = (
    update(imports)
    .where(imports.c.id == bindparam("of"))
    .values(undone_at=bindparam("at"), undone_by=bindparam("by"))
)

PORTION = 500
"""Orders that leave the text index at a time."""

PRINTED = ("account", "receipt")
"""First words of the checkpoints of an order's prints (``posapp/services/orders/print_log.py``)."""


def _ids(kind: str, import_id: int) -> Select[int]:
    return select(import_records.c.record_id).where(
        import_records.c.kind == kind, import_records.c.import_id == import_id
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

    def touched_orders(self, import_id: int, limit: int) -> tuple[int, ...]:
        """Return orders of an import that something happened to, by number."""
        number = import_records.c.record_id
        happened = [
            exists().where(column == number)
            for column in (
                attempts.c.order_id,
                payments.c.order_id,
                payment_claims.c.order_id,
                refunds.c.order_id,
                requests.c.order_id,
                ledger.c.order_id,
            )
        ]
        happened += [
            exists().where(checkpoints.c.name == literal(f"{paper} ") + _text(number) + " 1")
            for paper in PRINTED
        ]
        query = (
            select(number)
            .where(
                import_records.c.kind == ORDER,
                import_records.c.import_id == import_id,
                or_(*happened, ~exists().where(orders.c.id == number)),
            )
            .order_by(number)
            .limit(limit)
        )
        return tuple(self._connection.execute(query).scalars())

    def remove_records(self, import_id: int) -> tuple[int, int, int]:
        """Remove the orders of an import, and the users and products that it added and that nothing
        else names; returns the numbers of removed orders, users and products."""
        self._leave_index(import_id)
        removed_orders = self._remove(orders, ORDER, import_id)
        removed_products = self._remove(products, PRODUCT, import_id, order_items.c.product_id)
        removed_users = self._remove(
            users,
            USER,
            import_id,
            orders.c.buyer_id,
            order_items.c.seller_id,
            products.c.seller_id,
            requests.c.buyer_id,
            requests.c.seller_id,
        )
        return removed_orders, removed_users, removed_products

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

    def _leave_index(self, import_id: int) -> None:
        """Take the orders of an import out of the text index, while their texts can be read."""
        ids = list(self._connection.execute(_ids(ORDER, import_id)).scalars())
        for start in range(0, len(ids), PORTION):
            found = read_indexed(self._connection, ids[start : start + PORTION])
            self._search_index.remove(*found.values())

    def _remove(self, table: Table, kind: str, import_id: int, *used_in: Column[int]) -> int:
        """Delete the records of one kind that an import added, but for those that others name or
        that a later import changed."""
        query = delete(table).where(table.c.id.in_(_ids(kind, import_id)))
        for column in used_in:
            query = query.where(table.c.id.not_in(select(column)))
        if kind != ORDER:
            changed = (
                select(import_changes.c.record_id)
                .join(imports, imports.c.id == import_changes.c.import_id)
                .where(import_changes.c.kind == kind, imports.c.undone_at.is_(None))
            )
            query = query.where(table.c.id.not_in(changed))
        return int(self._connection.execute(query).rowcount)


def _text(number: ColumnElement[int]) -> ColumnElement[str]:
    return cast(number, Text)


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
