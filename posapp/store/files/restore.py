"""Restore of a backup, at a user's request or because the database file is damaged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
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
SELECT tag, imp_uid, order_id, item_id, amount, reason, asked_by, approved_by, created_at, {till}
FROM refunds WHERE state NOT IN ('CONFIRMED', 'REFUSED') AND origin <> 'ELSEWHERE' ORDER BY id
"""
_PROVIDERS = "SELECT imp_uid, provider FROM payments NOT INDEXED"
_KNOWN = frozenset(one.value for one in Provider)


@dataclass(frozen=True, slots=True)
class UnsentRefunds:
    """Refunds of a file that are neither confirmed nor refused, oldest first.

    Attributes:
        of_unknown_provider: tags of refunds through a provider that only a later program knows;
            they are not among the intents.
    """

    intents: tuple[Intent, ...] = ()
    of_unknown_provider: tuple[str, ...] = ()


def pending_refunds_in(database: Path) -> UnsentRefunds:
    """Return the refunds in a file that are neither confirmed nor refused, for any schema; nothing
    is written.

    Only the table of refunds has to be readable. A refund whose payment is missing or cannot be
    read is taken to be PortOne V1's, which is logged.

    Raises:
        EnvironmentProblem: the file cannot be read, its refunds are damaged, or it has no refunds
            table.
    """
    with translate_driver_errors(database.name), closing(connect_read_only(database)) as connection:
        try:
            columns = {row[1] for row in connection.execute("PRAGMA table_info(refunds)")}
            has_providers = "till" in columns  # both came with the same schema
            query = _UNSENT.format(till="till" if has_providers else "0")
            rows = connection.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR:
                raise
            detail = f"{database.name}: {error}"
            raise EnvironmentProblem(EnvironmentCode.DATABASE_CORRUPT, detail) from error
        wanted = {row[1] for row in rows} if has_providers else set()
        providers = _providers_of(wanted, connection)
    intents, unknown = [], []
    for row in rows:
        provider = providers.get(row[1], Provider.PORTONE_V1)
        if provider in _KNOWN:
            intents.append(_intent(row, Provider(provider)))
        else:
            log.error("%s: refund %s through %s is unknown here", database.name, row[0], provider)
            unknown.append(str(row[0]))
    return UnsentRefunds(tuple(intents), tuple(unknown))


def _providers_of(payments: set[str], connection: sqlite3.Connection) -> dict[str, str]:
    """Return the provider of each payment as far as the table can be read; no index is used."""
    found: dict[str, str] = {}
    if not payments:
        return found
    try:
        for imp_uid, provider in connection.execute(_PROVIDERS):
            if imp_uid in payments:
                found[imp_uid] = provider
    except sqlite3.Error as error:  # the refunds matter more
        log.error("the providers of the payments cannot be read: %s", error)
    missing = sorted(payments - found.keys())
    if missing:
        log.error("payments without a record, taken as PortOne V1's: %s", ", ".join(missing))
    return found


def _intent(row: tuple[Any, ...], provider: Provider) -> Intent:
    tag, imp_uid, order, item, amount, why, requested_by, by, at, till = row
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
        provider=provider,
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
