"""Ids of new records: one sequence per kind, in the same file as the records.

A restored file thus continues after its own rows. ``lastrowid`` would not do: with rows of several
tills in a table, the largest id may be in another till's block.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Connection, Table, Text, bindparam, update
from sqlalchemy.sql.expression import case

from posapp.services.ports.record_ids import IDS_PER_TILL, RecordKind
from posapp.store.columns import IntegerColumn
from posapp.store.tables import metadata

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
        before = self.till * IDS_PER_TILL
        end = before + IDS_PER_TILL - 1 if self.till else MAX_ID
        values = {"of": kind.value, "before_block": before, "end": end}
        number: int | None = self._connection.execute(_NEXT, values).scalar_one_or_none()
        if number is None:
            raise OverflowError(f"till {self.till}: no {kind.value} ids left")
        return number
