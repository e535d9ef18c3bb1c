"""``posapp backup`` and ``posapp restore``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from posapp.app.command_access import COMMAND_ACCESS
from posapp.app.commands import CommandResult
from posapp.app.shop_config import Shop
from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.permissions import Permission
from posapp.domain.text import strip_controls
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.store.files.atomic_replace import finish_replacing
from posapp.store.files.backup import backup, backup_folder, backup_into
from posapp.store.files.integrity_check import (
    BackupCheck,
    BackupDefect,
    check_backup,
    examine_copies,
    find_damage,
    of_till,
)
from posapp.store.files.refund_journal import FileIntentJournal, journal_path, set_journal_aside
from posapp.store.files.restore import UnsentRefunds, pending_refunds_in, restore_backup
from posapp.store.files.till_codes import till_code_in, till_here
from posapp.store.shop_mode import refuse_another_mode
from posapp.system.clock import SystemClock
from posapp.system.single_instance import SingleInstance
from posapp.ui.core.i18n import Translator

log = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)


def make_backup(
    actor: Actor, shop: Shop, to: Path | None, access: AccessControl = COMMAND_ACCESS
) -> CommandResult:
    """Copy the shop's database, which may be in use, and check the copy.

    Args:
        to: a file, or a folder in which the copy gets its usual name; the shop's own if ``None``.

    Raises:
        UserError: ``NOT_PERMITTED``.
        EnvironmentProblem: the database or the place of the copy cannot be used; no part of the
            copy remains.
    """
    access.require(None, actor, Permission.BACK_UP)
    database = shop.home.database
    target = (to or backup_folder(database)).expanduser().absolute()
    if target.is_dir():
        made = backup_into(database, target, SystemClock().now())
    else:
        made = backup(database, target)
    log.info("%s copied the database to %s", actor, made.path)
    texts = Translator(shop.settings.language)
    found = check_backup(made.path, made.made_at)
    if found.flaw is not None:
        return CommandResult((str(made.path), _flaw(texts, found)), 1)
    line = texts("commands.backed_up", file=made.path, size=_kilobytes(found), rows=found.rows)
    return CommandResult((line,))


class RestoreCommand:
    """State of ``posapp restore``: its findings, and the restore itself. Holds the shop's lock
    while it is open, so that the till cannot sell meanwhile.

    Args:
        another_till: a copy of another till may be restored; the journal is then set aside.

    Raises:
        EnvironmentProblem: the shop is open in another program, or a disk error.
    """

    def __init__(
        self,
        shop: Shop,
        file: Path | None,
        *,
        another_till: bool = False,
        access: AccessControl = COMMAND_ACCESS,
    ) -> None:
        self._another_till, self._access = another_till, access
        self._shop = shop
        self._texts = Translator(shop.settings.language)
        self._database = shop.home.database
        self._journal = FileIntentJournal(journal_path(self._database))
        self._now = SystemClock().now()
        self._lock = SingleInstance(shop.home.lock, self._database)
        try:
            finish_replacing(self._database)
            self._choose(file)
        except BaseException:
            self._lock.release()
            raise

    @property
    def preview(self) -> CommandResult:
        """The copies, the chosen one, and the unsent refunds of the current file; exit code 1 if no
        copy can be restored."""
        return CommandResult(tuple(self._lines()), 1 if self._chosen is None else 0)

    @property
    def question(self) -> str:
        """Question for confirmation at the terminal."""
        return self._texts("commands.restore_question")

    def refuse_non_interactive(self) -> CommandResult:
        """Return the result when no confirmation is possible: nothing was changed."""
        return CommandResult((self._texts("commands.restore_not_asked"),), 1)

    def declined(self) -> CommandResult:
        """Return the result when the confirmation was denied: nothing was changed."""
        return CommandResult((self._texts("commands.restore_declined"),), 1)

    def execute(self, actor: Actor) -> CommandResult:
        """Restore the chosen copy, after writing the unsent refunds to the journal. The ledger of
        the copy names the actor, once it is opened.

        Raises:
            UserError: ``NOT_PERMITTED``; nothing was changed.
            EnvironmentProblem: a disk error; the old file or the new one is in place.
        """
        if self._chosen is None:
            raise RuntimeError("there is nothing to put in place")
        self._access.require(None, actor, Permission.RESTORE)
        missing = [one for one in self._unsent.intents if not self._journal.contains(one.tag)]
        if missing:
            self._journal.add(missing)
        journal_aside = self._set_journal_aside(self._chosen.path)
        aside = restore_backup(actor, self._database, self._chosen.path, self._now)
        log.warning("%s restored %s; the old file is %s", actor, self._chosen.path, aside)
        texts = self._texts
        lines = [texts("commands.restored", file=self._chosen.path, rows=self._chosen.rows)]
        if aside.exists():
            lines.append(texts("commands.restore_aside", file=aside))
        if journal_aside is not None:
            lines.append(texts("commands.restore_journal_aside", file=journal_aside))
        return CommandResult((*lines, texts("commands.restore_next")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def _set_journal_aside(self, copy: Path) -> Path | None:
        """Set the journal aside if the copy is another till's: its database has a journal of its
        own."""
        code = self._journal.till()
        if not code or till_code_in(copy) in ("", code):
            return None
        return set_journal_aside(self._database)

    def _judged(self, one: BackupCheck) -> BackupCheck:
        """Return a copy with the defects of belonging to another till or another mode."""
        judged = one if self._another_till else of_till(one, self._till)
        mode = self._shop.settings.mode
        if judged.flaw is not None or mode is None:
            return judged
        try:
            refuse_another_mode(one.path, mode)
        except EnvironmentProblem as problem:
            return replace(one, rows=0, flaw=BackupDefect.OTHER_MODE, detail=problem.detail)
        return judged

    def _choose(self, file: Path | None) -> None:
        self._till = till_here(self._database)
        if file is None:
            self._copies = examine_copies(self._database)
        else:
            self._copies = [check_backup(self._path_of(file), whole=False)]
        self._chosen: BackupCheck | None = None
        for number, one in enumerate(self._copies):
            if one.flaw is None:  # so far; now check every row of its ledger
                self._copies[number] = self._judged(check_backup(one.path, one.made_at))
                if self._copies[number].flaw is None:
                    self._chosen = self._copies[number]
                    break
        self._damage = self._find_damage()
        self._unread, self._unsent = self._find_unsent()

    def _path_of(self, file: Path) -> Path:
        """Return the path of a copy. A bare name, as the list shows it, means the copy in the
        shop's folder."""
        given = file.expanduser().absolute()
        among_copies = backup_folder(self._database).joinpath(file.name)
        path = among_copies if not given.exists() and among_copies.exists() else given
        if path.exists() and self._database.exists() and path.samefile(self._database):
            raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, str(path))
        return path

    def _find_damage(self) -> str:
        """Return the damage of the current file, or why it cannot be checked; empty without a
        file."""
        try:
            return find_damage(self._database) if self._database.exists() else ""
        except EnvironmentProblem as problem:
            return problem.detail

    def _find_unsent(self) -> tuple[str, UnsentRefunds]:
        """Return the unsent refunds of the current file; where it cannot be read, a line that says
        so and those of the journal."""
        line = self._texts("commands.restore_no_file")
        if self._database.exists():
            try:
                return "", pending_refunds_in(self._database)
            except EnvironmentProblem as problem:
                log.error("the refunds of the file cannot be read: %s", problem.detail)
                line = self._texts("commands.restore_unread", detail=problem.detail)
        return line, UnsentRefunds(self._journal.open_intents())

    def _lines(self) -> Iterator[str]:
        texts, folder = self._texts, backup_folder(self._database)
        for number, one in enumerate(self._copies, start=1):
            yield self._copy_line(number, one)
        if self._damage:
            yield texts("commands.restore_present_damaged", detail=self._damage)
        if not self._copies:
            yield texts("commands.copies_none", folder=folder)
        elif self._chosen is None:
            yield texts("commands.copies_none_good", file=self._database)
            if any(one.flaw is BackupDefect.OTHER_TILL for one in self._copies):
                yield texts("commands.restore_other_till")
        else:
            chosen = self._chosen
            at = texts.moment(chosen.made_at)
            yield texts("commands.restore_chosen", file=chosen.path.name, at=at, rows=chosen.rows)
            yield from self._unsent_lines()

    def _unsent_lines(self) -> Iterator[str]:
        texts, intents = self._texts, self._unsent.intents
        unknown = self._unsent.of_unknown_provider
        if self._unread:
            yield self._unread
        if unknown:
            tags = ", ".join(map(strip_controls, unknown))
            yield texts("commands.restore_unknown_provider", count=len(unknown), tags=tags)
        if not intents:
            if self._unread:
                yield texts("commands.restore_journal_empty")
            elif not unknown:
                yield texts("commands.restore_no_unsent")
            return
        yield texts("commands.restore_unsent", count=len(intents))
        for one in intents:
            yield texts(
                "commands.restore_unsent_line",
                tag=one.tag,
                order=one.order_id,
                amount=texts.won(one.amount),
                reason=strip_controls(one.reason),
                at=texts.moment(one.created_at),
            )
        yield texts("commands.restore_unsent_kept")

    def _copy_line(self, number: int, one: BackupCheck) -> str:
        texts = self._texts
        known: Mapping[str, object] = {
            "number": number,
            "file": one.path.name,
            "at": texts.moment(one.made_at),
            "age": _age(texts, one.made_at, self._now),
            "size": _kilobytes(one),
        }
        if one.flaw is None:
            return texts("commands.copy_good", rows=one.rows, **known)
        return texts("commands.copy_bad", flaw=_flaw(texts, one), **known)


def _flaw(texts: Translator, one: BackupCheck) -> str:
    detail = one.detail
    if one.flaw is BackupDefect.LEDGER:
        row, _, what = detail.partition(": ")
        detail = f"{row}: {texts(f'commands.ledger_{what}')}"
    return texts(f"commands.flaw_{one.flaw}", detail=detail)


def _age(texts: Translator, at: datetime, now: datetime) -> str:
    age = max(now - at, timedelta(0))
    if age < 2 * _HOUR:
        return texts("commands.age_minutes", count=age // timedelta(minutes=1))
    if age < 48 * _HOUR:
        return texts("commands.age_hours", count=age // _HOUR)
    return texts("commands.age_days", count=age.days)


def _kilobytes(one: BackupCheck) -> str:
    return f"{-(-one.size // 1024):,}"
