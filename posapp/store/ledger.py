"""The append-only ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from posapp.domain.ledger import LedgerEntry, NewEntry, chained
from posapp.domain.seals import SealKey
from posapp.store.columns import storable
from posapp.store.ledger_tables import ledger, ledger_head, ledger_seals
from posapp.store.rows import fields

_HEAD = select(ledger_head.c.seq, ledger_head.c.hash)
_ADD = insert(ledger)
_SEAL = insert(ledger_seals)
_ROWS = (
    select(*ledger.c)
    .where(ledger.c.seq > bindparam("after"))
    .order_by(ledger.c.seq)
    .limit(bindparam("limit"))
)
_OF_ORDER = select(*ledger.c).where(ledger.c.order_id == bindparam("order")).order_by(ledger.c.seq)


class SqlLedger:
    """Port ``Ledger``."""

    def __init__(self, connection: Connection, seal_key: SealKey | None = None) -> None:
        self._connection = connection
        self._seal_key = seal_key

    def append(self, entry: NewEntry) -> LedgerEntry:
        """Put a fact at the end of the chain.

        The end is what the head remembers, not the last row found: after a cut the chain goes on
        with a gap that can be seen.
        """
        seq, previous = self._connection.execute(_HEAD).one()
        row = chained(seq + 1, _clean(entry), previous)
        self._connection.execute(
            _ADD,
            {
                "seq": row.seq,
                **fields(row.entry),
                "previous": previous,
                "hash": row.hash,
                "form": row.form,
            },
        )
        if self._seal_key is not None:
            seal = self._seal_key.seal(row.seq, row.hash)
            self._connection.execute(
                _SEAL, {"seq": row.seq, "key_id": self._seal_key.id, "seal": seal}
            )
        return row

    def end(self) -> tuple[int, str]:
        """Return number and hash of the last row; 0 and ``GENESIS`` of an empty ledger."""
        seq, last = self._connection.execute(_HEAD).one()
        return seq, last

    def rows(self, after_seq: int, limit: int) -> tuple[LedgerEntry, ...]:
        """Return rows behind ``after_seq``, in order."""
        rows = self._connection.execute(_ROWS, {"after": after_seq, "limit": limit})
        return tuple(entry_of(row) for row in rows)

    def of_order(self, order_id: int) -> tuple[LedgerEntry, ...]:
        """Return the rows of one order, in order."""
        rows = self._connection.execute(_OF_ORDER, {"order": order_id})
        return tuple(entry_of(row) for row in rows)


def entry_of(row: Sequence[Any]) -> LedgerEntry:
    """Return the entry of a row of ``ledger``, all its columns in order."""
    seq, *facts, previous, digest, form = row
    return LedgerEntry(seq, NewEntry(*facts), previous, digest, form)


def _clean(entry: NewEntry) -> NewEntry:
    """The hash covers what is stored: text as UTF-8 can hold it."""
    return replace(
        entry,
        actor=storable(entry.actor),
        imp_uid=storable(entry.imp_uid),
        reference=storable(entry.reference),
        reason=storable(entry.reason),
    )
