"""The append-only ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEntry, NewEntry, link_entry
from posapp.domain.seals import SealKey
from posapp.store.columns import to_storable_text
from posapp.store.ledger_tables import ledger, ledger_head, ledger_seals
from posapp.store.repositories.row_mapping import to_row
from posapp.store.tables import payments

_HEAD = select(ledger_head.c.seq, ledger_head.c.hash)
_ADD = insert(ledger)
_SEAL = insert(ledger_seals)
_ROWS = (
    select(*ledger.c)
    .where(ledger.c.seq > bindparam("after"))
    .order_by(ledger.c.seq)
    .limit(bindparam("limit"))
)
_PROVIDER = select(payments.c.provider).where(payments.c.imp_uid == bindparam("imp_uid"))
_OF_ORDER = select(*ledger.c).where(ledger.c.order_id == bindparam("order")).order_by(ledger.c.seq)


class SqlLedger:
    """Port ``Ledger``."""

    def __init__(
        self, connection: Connection, seal_key: SealKey | None = None, till: int = 0
    ) -> None:
        self._connection = connection
        self._seal_key = seal_key
        self._till = till

    def append(self, entry: NewEntry) -> LedgerEntry:
        """Append an entry to the chain.

        The end is the one in ``ledger_head``, not the last row found: after a truncation the chain
        continues with a detectable gap.
        """
        seq, previous = self._connection.execute(_HEAD).one()
        row = link_entry(seq + 1, self._with_identity(_clean(entry)), previous)
        self._connection.execute(
            _ADD,
            {
                "seq": row.seq,
                **to_row(row.entry),
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

    def _with_identity(self, entry: NewEntry) -> NewEntry:
        """Return the entry with this till and with the provider of the payment that it is about."""
        found = self._connection.execute(_PROVIDER, {"imp_uid": entry.imp_uid})
        provider = found.scalar_one_or_none()
        return replace(entry, till=self._till, provider=provider.value if provider else "")

    def end(self) -> tuple[int, str]:
        """Return number and hash of the last row; 0 and ``GENESIS`` for an empty ledger."""
        seq, last = self._connection.execute(_HEAD).one()
        return seq, last

    def rows(self, after_seq: int, limit: int) -> tuple[LedgerEntry, ...]:
        """Return rows after ``after_seq``, in order."""
        rows = self._connection.execute(_ROWS, {"after": after_seq, "limit": limit})
        return tuple(entry_of(row) for row in rows)

    def for_order(self, order_id: int) -> tuple[LedgerEntry, ...]:
        """Return the rows of one order, in order."""
        rows = self._connection.execute(_OF_ORDER, {"order": order_id})
        return tuple(entry_of(row) for row in rows)


def entry_of(row: Sequence[Any]) -> LedgerEntry:
    """Return the entry of a row of ``ledger``; the row has all columns in order."""
    seq, *facts, previous, digest, form, provider, till = row
    facts += [provider, till]
    return LedgerEntry(seq, NewEntry(*facts), previous, digest, form)


def _clean(entry: NewEntry) -> NewEntry:
    """Return the entry with its texts as stored: the hash covers the stored text."""
    return replace(
        entry,
        actor=Actor.parse(to_storable_text(str(entry.actor))),
        imp_uid=to_storable_text(entry.imp_uid),
        reference=to_storable_text(entry.reference),
        reason=to_storable_text(entry.reason),
    )
