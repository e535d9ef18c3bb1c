"""``posapp backup`` and ``posapp restore``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from posapp.app.commands import Told
from posapp.app.shop import Shop
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.refunds import plain
from posapp.services.ports.journal import Intent
from posapp.store.backup import backup, backup_folder, backup_into
from posapp.store.examining import Examined, Flaw, damage, examine, examine_copies, of_till
from posapp.store.intent_journal import FileIntentJournal, journal_path, set_journal_aside
from posapp.store.modes import refuse_another_mode
from posapp.store.replacing import finish_replacing
from posapp.store.restoring import put_in_place, unsent_in
from posapp.store.tills import till_here, till_in
from posapp.system.clock import SystemClock
from posapp.system.single_instance import SingleInstance
from posapp.ui.i18n import Texts

log = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)


def make_backup(shop: Shop, to: Path | None) -> Told:
    """Copy the shop's database, which may be in use, and look through the copy.

    Args:
        to: a file, or a folder in which the copy gets its usual name; the shop's own if ``None``.

    Raises:
        EnvironmentProblem: the database or the place of the copy cannot be used; nothing is left
            of the copy.
    """
    database = shop.home.database
    target = (to or backup_folder(database)).expanduser().absolute()
    if target.is_dir():
        made = backup_into(database, target, SystemClock().now())
    else:
        made = backup(database, target)
    texts = Texts(shop.settings.language)
    found = examine(made.path, made.made_at)
    if found.flaw is not None:
        return Told((str(made.path), _flaw(texts, found)), 1)
    line = texts("commands.backed_up", file=made.path, size=_kilobytes(found), rows=found.rows)
    return Told((line,))


class Restoring:
    """What ``posapp restore`` found, and what it does when it may. Holds the shop's lock as long
    as it is open, so that nobody sells meanwhile.

    Args:
        another_till: a copy of another till may be put in place; the journal is then set aside.

    Raises:
        EnvironmentProblem: the shop is open in another program, or the disk.
    """

    def __init__(self, shop: Shop, file: Path | None, *, another_till: bool = False) -> None:
        self._another_till = another_till
        self._shop = shop
        self._texts = Texts(shop.settings.language)
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
    def found(self) -> Told:
        """The copies, the chosen one, and the refunds of the present file that are not sent; exit
        code 1 if there is nothing to put in place."""
        return Told(tuple(self._lines()), 1 if self._chosen is None else 0)

    @property
    def question(self) -> str:
        """What a person is asked at the terminal."""
        return self._texts("commands.restore_question")

    def not_asked(self) -> Told:
        """Nobody could be asked: nothing was changed."""
        return Told((self._texts("commands.restore_not_asked"),), 1)

    def declined(self) -> Told:
        """A person said no: nothing was changed."""
        return Told((self._texts("commands.restore_declined"),), 1)

    def carry_out(self) -> Told:
        """Put the chosen copy in place. The refunds that are not sent are in the journal before.

        Raises:
            EnvironmentProblem: the disk; the old file or the new one is in place.
        """
        if self._chosen is None:
            raise RuntimeError("there is nothing to put in place")
        missing = [one for one in self._unsent if not self._journal.knows(one.tag)]
        if missing:
            self._journal.add(missing)
        journal_aside = self._set_journal_aside(self._chosen.path)
        aside = put_in_place(self._database, self._chosen.path, self._now)
        log.warning("restored from %s; the old file is %s", self._chosen.path, aside)
        texts = self._texts
        lines = [texts("commands.restored", file=self._chosen.path, rows=self._chosen.rows)]
        if aside.exists():
            lines.append(texts("commands.restore_aside", file=aside))
        if journal_aside is not None:
            lines.append(texts("commands.restore_journal_aside", file=journal_aside))
        return Told((*lines, texts("commands.restore_next")))

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
        """Another till's database keeps a journal of its own."""
        code = self._journal.till()
        if not code or till_in(copy) in ("", code):
            return None
        return set_journal_aside(self._database)

    def _judged(self, one: Examined) -> Examined:
        """A copy with the flaws that lie in its not being this till's, or not of this mode."""
        judged = one if self._another_till else of_till(one, self._till)
        mode = self._shop.settings.mode
        if judged.flaw is not None or mode is None:
            return judged
        try:
            refuse_another_mode(one.path, mode)
        except EnvironmentProblem as problem:
            return replace(one, rows=0, flaw=Flaw.OTHER_MODE, detail=problem.detail)
        return judged

    def _choose(self, file: Path | None) -> None:
        self._till = till_here(self._database)
        if file is None:
            self._copies = examine_copies(self._database)
        else:
            self._copies = [examine(self._path_of(file), whole=False)]
        self._chosen: Examined | None = None
        for number, one in enumerate(self._copies):
            if one.flaw is None:  # so far: now every row of its ledger
                self._copies[number] = self._judged(examine(one.path, one.made_at))
                if self._copies[number].flaw is None:
                    self._chosen = self._copies[number]
                    break
        self._damage, self._unsent = self._look_at_present()

    def _path_of(self, file: Path) -> Path:
        """The name of a copy alone, as the list shows it, means the one in the shop's folder."""
        given = file.expanduser().absolute()
        among_copies = backup_folder(self._database).joinpath(file.name)
        path = among_copies if not given.exists() and among_copies.exists() else given
        if path.exists() and self._database.exists() and path.samefile(self._database):
            raise EnvironmentProblem(EnvironmentCode.DATABASE_IN_USE, str(path))
        return path

    def _look_at_present(self) -> tuple[str, tuple[Intent, ...]]:
        """What is wrong with the present file, and its refunds that are not sent: what the journal
        knows of them where the file cannot be read."""
        if not self._database.exists():
            return "", self._journal.without_end()
        try:
            return damage(self._database), unsent_in(self._database)
        except EnvironmentProblem as problem:
            return problem.detail, self._journal.without_end()

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
            if any(one.flaw is Flaw.OTHER_TILL for one in self._copies):
                yield texts("commands.restore_other_till")
        else:
            chosen = self._chosen
            at = texts.moment(chosen.made_at)
            yield texts("commands.restore_chosen", file=chosen.path.name, at=at, rows=chosen.rows)
            yield from self._unsent_lines()

    def _unsent_lines(self) -> Iterator[str]:
        texts = self._texts
        if not self._unsent:
            yield texts("commands.restore_no_unsent")
            return
        yield texts("commands.restore_unsent", count=len(self._unsent))
        for one in self._unsent:
            yield texts(
                "commands.restore_unsent_line",
                tag=one.tag,
                order=one.order_id,
                amount=texts.won(one.amount),
                reason=plain(one.reason),
                at=texts.moment(one.created_at),
            )
        yield texts("commands.restore_unsent_kept")

    def _copy_line(self, number: int, one: Examined) -> str:
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


def _flaw(texts: Texts, one: Examined) -> str:
    detail = one.detail
    if one.flaw is Flaw.LEDGER:
        row, _, what = detail.partition(": ")
        detail = f"{row}: {texts(f'commands.ledger_{what}')}"
    return texts(f"commands.flaw_{one.flaw}", detail=detail)


def _age(texts: Texts, at: datetime, now: datetime) -> str:
    age = max(now - at, timedelta(0))
    if age < 2 * _HOUR:
        return texts("commands.age_minutes", count=age // timedelta(minutes=1))
    if age < 48 * _HOUR:
        return texts("commands.age_hours", count=age // _HOUR)
    return texts("commands.age_days", count=age.days)


def _kilobytes(one: Examined) -> str:
    return f"{-(-one.size // 1024):,}"
