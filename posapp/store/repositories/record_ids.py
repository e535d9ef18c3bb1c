"""Ids of new records: one sequence per kind, in the same file as the records.

A restored file thus continues after its own rows. ``lastrowid`` would not do: with rows of several
tills in a table, the largest id may be in another till's block.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Select,
    Table,
    Text,
    bindparam,
    exists,
    select,
    update,
)
from sqlalchemy.sql.expression import case

from posapp.services.ports.record_ids import (
    FIRST_BUILT_IN,
    FIRST_OWN,
    IDS_PER_TILL,
    ITEMS_OF_NUMBER,
    RecordKind,
)
from posapp.store.columns import IntegerColumn
from posapp.store.tables import metadata, order_items, orders, products

MAX_ID = 2**63 - 1
"""Largest whole number of SQLite."""

id_sequences = Table(
    "id_sequences",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("last", IntegerColumn, nullable=False),
    CheckConstraint("last >= 0", name="ck_id_sequences_last"),
    sqlite_strict=True,
)
_NEXT = (
    update(id_sequences)
    .where(id_sequences.c.name == bindparam("of"), id_sequences.c.last < bindparam("end"))
    .values(
        last=case(
            (id_sequences.c.last < bindparam("before_block"), bindparam("before_block")),
            else_=id_sequences.c.last,
        )
        + 1
    )
    .returning(id_sequences.c.last)
)

_LAST = select(id_sequences.c.last).where(id_sequences.c.name == bindparam("of"))
_SKIP = (
    update(id_sequences)
    .where(id_sequences.c.name == bindparam("of"))
    .values(last=bindparam("taken"))
)
_NUMBERED_BY_FILES: Mapping[RecordKind, Table] = {
    RecordKind.ORDER: orders,
    RecordKind.ORDER_ITEM: order_items,
    RecordKind.PRODUCT: products,
}
"""Records of which files bring some with numbers of their own."""


class SqlRecordIds:
    """Port ``RecordIds``."""

    def __init__(self, connection: Connection, till: int = 0) -> None:
        self._connection = connection
        self.till = till

    def next(self, kind: RecordKind) -> int:
        """Return the next id of the till's block.

        Raises:
            OverflowError: the block of a till other than 0 is used up, or there is none left below
                ``FIRST_BUILT_IN``; nothing was written.
        """
        number = self._next(kind)
        table = _NUMBERED_BY_FILES.get(kind)
        if table is not None and self._is_taken(table, number):
            free: int = self._connection.execute(
                _first_free(table), {"number": number}
            ).scalar_one()
            self._connection.execute(_SKIP, {"of": kind.value, "taken": free - 1})
            number = self._next(kind)
        return number

    def has_given(self, kind: RecordKind, number: int) -> bool:
        """Return whether a number was given already, or passed over as a file had brought it."""
        before, _ = self._block(kind)
        last: int = self._connection.execute(_LAST, {"of": kind.value}).scalar_one()
        return before < number <= last

    def _is_taken(self, table: Table, number: int) -> bool:
        found = select(table.c.id).where(table.c.id == number)
        return self._connection.execute(found).scalar_one_or_none() is not None

    def _block(self, kind: RecordKind) -> tuple[int, int]:
        """Return the number before the till's first one of a kind, and its last one."""
        before = self.till * IDS_PER_TILL
        end = before + IDS_PER_TILL - 1 if self.till else MAX_ID
        if kind not in _NUMBERED_BY_FILES:
            return before, end
        wide = ITEMS_OF_NUMBER if kind is RecordKind.ORDER_ITEM else 1
        return (before + FIRST_OWN - 1) * wide, min(end + 1, FIRST_BUILT_IN) * wide - 1

    def _next(self, kind: RecordKind) -> int:
        before, end = self._block(kind)
        values = {"of": kind.value, "before_block": before, "end": end}
        number: int | None = self._connection.execute(_NEXT, values).scalar_one_or_none()
        if number is None:
            raise OverflowError(f"till {self.till}: no {kind.value} ids left")
        return number


def _first_free(table: Table) -> Select[Any]:
    """Return the query for the first number after a taken one that is free."""
    follower = table.alias()
    return (
        select(table.c.id + 1)
        .where(
            table.c.id >= bindparam("number"),
            ~exists().where(follower.c.id == table.c.id + 1),
        )
        .order_by(table.c.id)
        .limit(1)
    )
