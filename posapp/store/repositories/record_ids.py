"""Ids of new records: one sequence per kind, in the same file as the records.

A restored file thus continues after its own rows. ``lastrowid`` would not do: with rows of several
tills in a table, the largest id may be in another till's block.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Table,
    Text,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.sql.expression import case

from posapp.services.ports.record_ids import FIRST_BUILT_IN, IDS_PER_TILL, RecordKind
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
            OverflowError: the block of a till other than 0 is used up; nothing was written.
        """
        table = _NUMBERED_BY_FILES.get(kind)
        number = self._next(kind)
        if table is None:
            return number
        if self._is_taken(table, number):
            # Above all that a file brought, so that one step is enough.
            until = min((self.till + 1) * IDS_PER_TILL if self.till else MAX_ID, FIRST_BUILT_IN)
            largest = select(func.max(table.c.id)).where(table.c.id < until)
            taken = self._connection.execute(largest).scalar_one()
            self._connection.execute(_SKIP, {"of": kind.value, "taken": max(taken, number)})
            number = self._next(kind)
        if number >= FIRST_BUILT_IN:
            raise OverflowError(f"till {self.till}: no {kind.value} ids left")
        return number

    def _is_taken(self, table: Table, number: int) -> bool:
        found = select(table.c.id).where(table.c.id == number)
        return self._connection.execute(found).scalar_one_or_none() is not None

    def _next(self, kind: RecordKind) -> int:
        before = self.till * IDS_PER_TILL
        end = before + IDS_PER_TILL - 1 if self.till else MAX_ID
        values = {"of": kind.value, "before_block": before, "end": end}
        number: int | None = self._connection.execute(_NEXT, values).scalar_one_or_none()
        if number is None:
            raise OverflowError(f"till {self.till}: no {kind.value} ids left")
        return number
