"""Seals of the ledger: adding them, and checking them in a file."""

from __future__ import annotations

import hmac
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from posapp.domain.actors import TILL
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.seals import SealCheck, SealKey, SealState
from posapp.store.engine import connect_read_only
from posapp.store.ledger_tables import ledger_head, ledger_seals
from posapp.store.sqlite_errors import translate_driver_errors
from posapp.store.unit_of_work import SqlStore

_LAST = (
    select(ledger_seals.c.seq, ledger_seals.c.key_id).order_by(ledger_seals.c.seq.desc()).limit(1)
)
_END = select(ledger_head.c.seq)


def begin_sealing(store: SqlStore, key: SealKey, now: datetime) -> None:
    """Seal every row that is added to the ledger from now on. Rows without a seal of this key (from
    an older schema, another key or a time without one) are covered by a new entry that names them.

    Raises:
        EnvironmentProblem: a disk error.
    """
    store.seal_key = key
    with store.transaction() as uow:
        end = uow.connection.execute(_END).scalar_one()
        last = uow.connection.execute(_LAST).one_or_none()
        if end == 0 or (last is not None and (last.seq, last.key_id) == (end, key.id)):
            return
        if last is None:
            why = f"rows 1-{end} without a seal"
        elif last.key_id != key.id:
            why = f"key {last.key_id} -> {key.id}"
        else:
            why = f"rows {last.seq + 1}-{end} without a seal"
        uow.ledger.append(
            NewEntry(LedgerEvent.SEAL_BEGUN, ZERO, TILL, now, reference=key.id, reason=why)
        )
        uow.commit()


def check_seals(path: Path, key: SealKey | None) -> SealCheck:
    """Check the seals of a ledger whose chain is intact. Return the first row with a wrong seal, or
    whether the last row is sealed.

    Args:
        key: ``None`` if the keyring does not have it or cannot be read.

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")
        try:
            seals = connection.execute(
                "SELECT s.seq, s.key_id, s.seal, l.hash FROM ledger_seals AS s"
                " LEFT JOIN ledger AS l ON l.seq = s.seq ORDER BY s.seq"
            ).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            return _without_table(connection, key)
        (end,) = connection.execute("SELECT coalesce(max(seq), 0) FROM ledger").fetchone()
    if end == 0:
        return SealCheck(SealState.EMPTY)
    if key is None:
        return SealCheck(SealState.NO_KEY)
    last = checked = 0
    for seq, key_id, seal, digest in seals:
        if not isinstance(digest, str):
            return SealCheck(SealState.BROKEN, seq, checked)
        if key_id != key.id:
            continue
        if not hmac.compare_digest(key.seal(seq, digest), str(seal)):
            return SealCheck(SealState.BROKEN, seq, checked)
        last, checked = seq, checked + 1
    if last != end:
        return SealCheck(SealState.OPEN, last + 1, checked)
    return SealCheck(SealState.WHOLE, 0, checked)


def _without_table(connection: sqlite3.Connection, key: SealKey | None) -> SealCheck:
    """An older schema has no seals; a newer one without their table was tampered with."""
    known = {row[1] for row in connection.execute("PRAGMA table_info(ledger)")}
    if "form" not in known:
        return SealCheck(SealState.OLDER)
    return SealCheck(SealState.OPEN if key is not None else SealState.NO_KEY, 1)
