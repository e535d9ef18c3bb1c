"""Restore of a backup, at a user's request or because the database file is damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from posapp.domain.actors import TILL, Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.money import Won
from posapp.domain.payment_ref import Provider
from posapp.services.ports.disk import RestoreReport
from posapp.services.ports.journal import Intent
from posapp.store.columns import from_microseconds
from posapp.store.engine import connect_read_only, refuse_old_sqlite
from posapp.store.files.atomic_replace import (
    aside_path,
    finish_replacing,
    incoming_path,
    replace_database,
)
from posapp.store.files.backup import backup, backup_folder, made_at_of
from posapp.store.files.integrity_check import find_damage, newest_good
from posapp.store.files.restore_notes import RestoreNote, note_lines
from posapp.store.schema import SCHEMA_VERSION
from posapp.store.sqlite_errors import translate_driver_errors

log = logging.getLogger(__name__)


_UNSENT = """
SELECT r.tag, r.imp_uid, r.order_id, r.item_id, r.amount, r.reason, r.asked_by, r.approved_by,
  r.created_at, {provider}, {till}
FROM refunds AS r JOIN payments AS p ON p.imp_uid = r.imp_uid
WHERE r.state NOT IN ('CONFIRMED', 'REFUSED') AND r.origin <> 'ELSEWHERE' ORDER BY r.id
"""
_OLDER = _UNSENT.format(provider=f"'{Provider.PORTONE_V1}'", till="0")
_TODAY = _UNSENT.format(provider="p.provider", till="r.till")


def pending_refunds_in(database: Path) -> tuple[Intent, ...]:
    """Return the refunds in a file that are neither confirmed nor refused, oldest first, for any
    schema; nothing is written.

    Raises:
        EnvironmentProblem: the file cannot be read, is damaged, or has no refunds table;
            ``DATABASE_NEWER``: a payment's provider is unknown.
    """
    with translate_driver_errors(database.name), closing(connect_read_only(database)) as connection:
        try:
            known = {row[1] for row in connection.execute("PRAGMA table_info(refunds)")}
            rows = connection.execute(_TODAY if "till" in known else _OLDER).fetchall()
            return tuple(_intent(row) for row in rows)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            detail = f"{database.name}: {error}"
            raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, detail) from error
        except ValueError as error:  # a provider that only a later program knows
            detail = f"{database.name}: {error}"
            raise EnvironmentProblem(EnvironmentCode.DATABASE_NEWER, detail) from error


def _intent(row: tuple[Any, ...]) -> Intent:
    tag, imp_uid, order, item, amount, why, requested_by, by, at, provider, till = row
    return Intent(
        tag=tag,
        imp_uid=imp_uid,
        order_id=order,
        item_id=item,
        amount=Won(amount),
        reason=why,
        requested_by=Actor.parse(requested_by),
        approved_by=Actor.parse(by),
        created_at=from_microseconds(at),
        provider=Provider(provider),
        till=till,
    )


def restore_backup(actor: Actor, database: Path, copy: Path, at: datetime) -> Path:
    """Replace the database by a backup, which is checked again while it is copied.

    The database must not be open. After a kill at any point the old file or the new one is in
    place, or the next opening puts it there. If it is the new one, the ledger gets an entry that
    names the actor, when it is opened (``record_restores``).

    Returns:
        the path of the old file, which is set aside and never deleted.

    Raises:
        EnvironmentProblem: the backup cannot be read, is damaged, or the disk refuses the write;
            the old file is unchanged.
    """
    finish_replacing(database)
    made_at = made_at_of(copy)
    backup(copy, incoming_path(database))
    aside = aside_path(database, at)
    note = RestoreNote(actor, at, copy.name, made_at, aside.name)
    replace_database(database, aside, note_lines(database, note))
    return aside


def repair_if_damaged(
    database: Path, now: Callable[[], datetime], head: str = SCHEMA_VERSION
) -> RestoreReport | None:
    """Check the shop's file before it is opened, and restore the newest good backup if it is
    damaged. Takes about a second per gigabyte; the database must not be open.

    Returns:
        a report of the restore, or ``None``: the file is undamaged, or there is none yet.

    Raises:
        EnvironmentProblem: ``DATABASE_CORRUPT`` with the file's path: it is damaged and there is
            no good backup; the file is unchanged. ``SQLITE_TOO_OLD``, or a disk error.
    """
    refuse_old_sqlite()
    finish_replacing(database)
    why = find_damage(database)
    if not why:
        return None
    log.error("the database is damaged: %s", why)
    found = newest_good(database, head)
    if found is None:
        folder = backup_folder(database)
        raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, f"{why}; no copy in {folder}")
    aside = restore_backup(TILL, database, found.path, now())
    log.error("restored from %s of %s; the old file is %s", found.path, found.made_at, aside)
    return RestoreReport(found.path, found.made_at, aside, why)
