"""Verification of the hash chains of ledger and staff events in a file of any state."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.errors import InvalidAmount
from posapp.domain.ledger import (
    FIRST_FORM,
    GENESIS,
    ChainBreak,
    ChainedRow,
    ChainVerifier,
    LedgerEntry,
    LedgerEvent,
    NewEntry,
)
from posapp.domain.money import Won
from posapp.domain.staff_events import NewStaffEvent, StaffEvent, StaffEventKind
from posapp.store.columns import from_microseconds
from posapp.store.engine import connect_read_only
from posapp.store.ledger_tables import ledger
from posapp.store.repositories.staff import EVENT_COLUMNS
from posapp.store.sqlite_errors import translate_driver_errors

PAGE = 500

_IN_OLDER = {"form": str(FIRST_FORM), "provider": "''", "till": "0"}
_NAMES = tuple(column.name for column in ledger.c)
_EVENT_NAMES = tuple(column.name for column in EVENT_COLUMNS)
_PREVIOUS = _NAMES.index("previous")


def verify_ledger(path: Path) -> ChainBreak | int:
    """Verify the ledger of a file; return the first wrong row, or the number of correct rows.

    The file may be in use, read-only, or without its triggers and constraints: plain SQL reads it,
    and a row that cannot be read as an entry counts as changed. The chain's end is compared with
    ``ledger_head``, so a truncated tail is detected.

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")  # one snapshot of rows and head, while sales continue
        return _verify(connection, "ledger", _columns(connection), _entry)


def verify_staff_events(path: Path) -> ChainBreak | int:
    """Verify the chain of staff events of a file, like that of the ledger; 0 for a schema without
    them.

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")
        if not has_staff_events(connection):
            return 0
        return _verify(connection, "staff_events", ", ".join(_EVENT_NAMES), _event)


def has_staff_events(connection: sqlite3.Connection) -> bool:
    """Return whether the schema of a file has staff events. One that has staff has them."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE name IN ('staff', 'staff_events', 'staff_events_head')"
    )
    return found.fetchone() is not None


def _verify(
    connection: sqlite3.Connection,
    table: str,
    columns: str,
    read: Callable[[tuple[object, ...]], ChainedRow],
) -> ChainBreak | int:
    check = ChainVerifier()
    for row in _rows(connection, table, columns):
        fault = _feed(check, row, read)
        if fault is not None:
            return fault
    head = connection.execute(f"SELECT seq, hash FROM {table}_head").fetchall()  # noqa: S608
    if len(head) != 1 or head[0][0] < check.rows:
        return ChainBreak(check.rows, "head_changed")
    if head[0][0] > check.rows:
        return ChainBreak(check.rows + 1, "missing")
    if head[0][1] != check.head:
        return ChainBreak(check.rows, "head_changed")
    return check.rows


def check_end(path: Path) -> ChainBreak | int:
    """Verify the last rows of a ledger and ``ledger_head``: fast for a ledger of any length. Return
    the first wrong row, or the number of the last one.

    Raises:
        EnvironmentProblem: the file cannot be read, or its pages are damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        connection.execute("BEGIN")
        rows = connection.execute(
            f"SELECT {_columns(connection)} FROM ledger ORDER BY seq DESC LIMIT {PAGE}"  # noqa: S608
        ).fetchall()[::-1]
        heads = connection.execute("SELECT seq, hash FROM ledger_head").fetchall()
    if not rows:
        return 0 if heads == [(0, GENESIS)] else ChainBreak(0, "head_changed")
    before = rows[0][_PREVIOUS] if len(rows) == PAGE else GENESIS
    expected = rows[0][0] if len(rows) == PAGE else 1
    for row in rows:
        try:
            entry = _entry(row)
        except (ValueError, TypeError, OverflowError, InvalidAmount):
            return ChainBreak(expected, "changed")
        if entry.seq != expected:
            return ChainBreak(expected, "missing")
        if entry.previous != before:
            return ChainBreak(entry.seq, "broken_link")
        if not entry.is_unchanged:
            return ChainBreak(entry.seq, "changed")
        before, expected = entry.hash, entry.seq + 1
    last = expected - 1
    return last if heads == [(last, before)] else ChainBreak(last, "head_changed")


def _columns(connection: sqlite3.Connection) -> str:
    """Return the columns for a query, with the value that every row of an older schema has for
    columns that it lacks."""
    known = {row[1] for row in connection.execute("PRAGMA table_info(ledger)")}
    return ", ".join(
        f'"{name}"' if name in known or name not in _IN_OLDER else _IN_OLDER[name]
        for name in _NAMES
    )


def _rows(connection: sqlite3.Connection, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    after: object = None
    while True:
        condition = "" if after is None else "WHERE seq > ?"
        page = connection.execute(
            f"SELECT {columns} FROM {table} {condition} ORDER BY seq LIMIT {PAGE}",  # noqa: S608
            () if after is None else (after,),
        ).fetchall()
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _feed(
    check: ChainVerifier,
    row: tuple[object, ...],
    read: Callable[[tuple[object, ...]], ChainedRow],
) -> ChainBreak | None:
    seq = row[0]
    if seq != check.rows + 1:
        return ChainBreak(check.rows + 1, "missing")
    try:
        return check.verify_next(read(row))
    except (ValueError, TypeError, OverflowError, InvalidAmount):
        return ChainBreak(check.rows + 1, "changed")


def _entry(row: tuple[object, ...]) -> LedgerEntry:
    (seq, event, amount, actor, at, order_id, item_id, imp_uid, *more) = row
    reference, reason, before, own, form, provider, till = more
    entry = NewEntry(
        event=LedgerEvent(_text(event)),
        amount=Won(_whole(amount)),
        actor=Actor.parse(_text(actor)),
        at=from_microseconds(_whole(at)),
        order_id=None if order_id is None else _whole(order_id),
        item_id=None if item_id is None else _whole(item_id),
        imp_uid=_text(imp_uid),
        reference=_text(reference),
        reason=_text(reason),
        provider=_text(provider),
        till=_whole(till),
    )
    return LedgerEntry(_whole(seq), entry, _text(before), _text(own), _whole(form))


def _event(row: tuple[object, ...]) -> StaffEvent:
    (seq, event, at, staff_id, actor, detail, before, own) = row
    entry = NewStaffEvent(
        event=StaffEventKind(_text(event)),
        at=from_microseconds(_whole(at)),
        staff_id=None if staff_id is None else _whole(staff_id),
        actor=Actor.parse(_text(actor)),
        detail=_text(detail),
    )
    return StaffEvent(_whole(seq), entry, _text(before), _text(own))


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("no whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
