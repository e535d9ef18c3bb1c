"""Seals of the ledger and of the staff events: adding them, and checking them in a file."""

from __future__ import annotations

import hmac
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from posapp.domain.actors import TILL
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.seals import LEDGER, SealCheck, SealKey, SealState
from posapp.domain.staff_events import CHAIN, NewStaffEvent, StaffEventKind
from posapp.store.engine import connect_read_only
from posapp.store.files.ledger_check import has_staff_events
from posapp.store.ledger_tables import ledger_head, ledger_seals
from posapp.store.sqlite_errors import translate_driver_errors
from posapp.store.staff_tables import staff_events
from posapp.store.unit_of_work import SqlStore

_LAST = (
    select(ledger_seals.c.seq, ledger_seals.c.key_id).order_by(ledger_seals.c.seq.desc()).limit(1)
)
_END = select(ledger_head.c.seq)
_LAST_EVENT = select(staff_events.c.key_id).order_by(staff_events.c.seq.desc()).limit(1)


def begin_sealing(store: SqlStore, key: SealKey, now: datetime) -> None:
    """Seal every row that is added to the ledger and to the staff events from now on. Rows without
    a seal of this key (from an older schema, another key or a time without one) are covered by a
    new entry that names them.

    Raises:
        EnvironmentProblem: a disk error.
    """
    store.seal_key = key
    _begin_events(store, key, now)
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


def _begin_events(store: SqlStore, key: SealKey, now: datetime) -> None:
    with store.transaction() as uow:
        last = uow.connection.execute(_LAST_EVENT).one_or_none()
        if last is None or last.key_id == key.id:
            return
        why = f"key {last.key_id or '-'} -> {key.id}"
        uow.staff.append(NewStaffEvent(StaffEventKind.SEAL_BEGUN, now, None, TILL, why))
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
    return _check(seals, end, key, LEDGER)


def check_staff_seals(path: Path, key: SealKey | None) -> SealCheck:
    """Check the seals of the staff events, whose chain is intact, like those of the ledger.

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")
        if not has_staff_events(connection):
            return SealCheck(SealState.OLDER)
        seals = connection.execute(
            "SELECT seq, key_id, seal, hash FROM staff_events ORDER BY seq"
        ).fetchall()
    return _check(seals, len(seals), key, CHAIN)


def _check(seals: list[Any], end: int, key: SealKey | None, chain: str) -> SealCheck:
    """Check seals, each with the row's number, the key's id and the row's hash."""
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
        if not hmac.compare_digest(key.seal(seq, digest, chain), str(seal)):
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
