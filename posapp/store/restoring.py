"""Putting a copy in the database's place, by a person's wish or because the file is damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.money import Won
from posapp.services.ports.journal import Intent
from posapp.services.ports.storage import RestoredFrom
from posapp.store.backup import backup, backup_folder
from posapp.store.columns import from_microseconds
from posapp.store.engine import connect_apart, refuse_old_sqlite
from posapp.store.examining import damage, newest_good
from posapp.store.faults import sqlite_faults
from posapp.store.opening import HEAD
from posapp.store.replacing import finish_replacing, incoming_path, replace_database

log = logging.getLogger(__name__)


_UNSENT = """
SELECT tag, imp_uid, order_id, item_id, amount, reason, asked_by, approved_by, created_at
FROM refunds WHERE state NOT IN ('CONFIRMED', 'REFUSED') AND origin <> 'ELSEWHERE' ORDER BY id
"""


def unsent_in(database: Path) -> tuple[Intent, ...]:
    """Return the refunds in a file that are neither confirmed nor refused, oldest first, whatever
    the file's schema; nothing is written.

    Raises:
        EnvironmentProblem: the file cannot be read, is damaged, or has no refunds in it.
    """
    with sqlite_faults(database.name), closing(connect_apart(database)) as connection:
        try:
            rows = connection.execute(_UNSENT).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            detail = f"{database.name}: {error}"
            raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, detail) from error
    return tuple(
        Intent(tag, imp_uid, order, item, Won(amount), why, asked, by, from_microseconds(at))
        for tag, imp_uid, order, item, amount, why, asked, by, at in rows
    )


def put_in_place(database: Path, copy: Path, at: datetime) -> Path:
    """Put a copy, which is looked through once more on the way, in the database's place.

    Nobody may have the database open. Killed anywhere: the old file or the new one is there, or is
    put there by the next opening.

    Returns:
        the name under which the old file is set aside; it is never deleted.

    Raises:
        EnvironmentProblem: the copy cannot be read, is damaged, or the disk does not take it; the
            old file is where it was.
    """
    finish_replacing(database)
    backup(copy, incoming_path(database))
    return replace_database(database, at)


def make_sound(
    database: Path, now: Callable[[], datetime], head: str = HEAD
) -> RestoredFrom | None:
    """See before the shop is opened that its file is whole; put the newest good copy in place if
    it is not. Takes about a second a gigabyte; nobody may have the database open.

    Returns:
        what was put in place, or ``None``: the file is whole, or there is none yet.

    Raises:
        EnvironmentProblem: ``DATABASE_CORRUPT`` with the file's place: it is damaged and there is
            no good copy; it stands untouched. ``SQLITE_TOO_OLD``, or what the disk says.
    """
    refuse_old_sqlite()
    finish_replacing(database)
    why = damage(database)
    if not why:
        return None
    log.error("the database is damaged: %s", why)
    found = newest_good(database, head)
    if found is None:
        folder = backup_folder(database)
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, f"{why}; no copy in {folder}")
    aside = put_in_place(database, found.path, now())
    log.error("restored from %s of %s; the old file is %s", found.path, found.made_at, aside)
    return RestoredFrom(found.path, found.made_at, aside, why)
