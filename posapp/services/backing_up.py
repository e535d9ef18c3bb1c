"""The chore that copies the shop's database, and which copies are kept."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.chores import STANDING, Done
from posapp.services.ports.copies import Copies, Copy
from posapp.services.ports.machine import Clock
from posapp.services.sync_board import Board, Happening, What

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
AFTER_START_MS = 20_000
"""A start has other things to do first."""

AGAIN_MS = 5 * 60_000
"""After a copy that could not be made."""

LATEST_KEPT = 24
"""Copies that are kept one by one; beyond them the last one of a day is."""

DAYS_KEPT = 30

MILLISECOND = timedelta(milliseconds=1)


class BackingUp:
    """Makes a copy every hour, and soon after a start if the newest one is older than that.

    A copy counts only when its check has passed, and nothing is taken away before a new one does:
    the last good copy is never the one that goes.
    """

    name = "backup"

    def __init__(self, copies: Copies, board: Board, clock: Clock) -> None:
        self._copies = copies
        self._board = board
        self._clock = clock
        self._due_at_ms = clock.monotonic() + AFTER_START_MS
        self._begun = False

    def due_in_ms(self) -> int:
        """Milliseconds until the next copy, by the clock that never jumps."""
        return max(0, self._due_at_ms - self._clock.monotonic())

    def hurry(self) -> None:
        """Let the next copy be due now: the disk fails, and what can still be read is saved."""
        self._begun = True
        self._wait(0)

    def run(self) -> Done:
        """Make a copy and take away those that nobody needs; what the disk says is told on the
        board, and tried again in five minutes."""
        self._wait(AGAIN_MS)
        try:
            changed = self._look() if not self._begun else self._copy()
        except EnvironmentProblem as problem:
            changed = self._failed(problem)
        return Done((STANDING,) if changed else ())

    def _look(self) -> bool:
        """Once after a start: how old the newest copy is. One from the future says nothing."""
        found = self._copies.regular()
        self._begun = True
        now = self._clock.now()
        if found and timedelta(0) <= (age := now - found[0].made_at) < EVERY:
            self._wait((EVERY - age) // MILLISECOND)
            return self._board.update(backup_at=found[0].made_at)
        if found:
            self._board.update(backup_at=found[0].made_at)
        return self._copy()

    def _copy(self) -> bool:
        now = self._clock.now()
        made = self._copies.make(now)
        self._wait(EVERY // MILLISECOND)
        self._board.update(backup_at=made.made_at, backup_trouble="")
        self._board.note(Happening(now, What.BACKED_UP, detail=made.name))
        log.info("copied the database: %s, %s bytes", made.name, made.size)
        for old in superfluous(self._copies.regular(), made):
            self._copies.remove(old)
        return True

    def _failed(self, problem: EnvironmentProblem) -> bool:
        log.error("no copy of the database: %s %s", problem.code, problem.detail)
        fields = {"backup_trouble": problem.code.value}
        if problem.code is EnvironmentCode.DATABASE_CORRUPT:
            fields["storage_trouble"] = problem.code.value
        self._board.note(
            Happening(self._clock.now(), What.BACKUP_FAILED, detail=problem.code.value)
        )
        self._board.update(**fields)
        return True

    def _wait(self, milliseconds: int) -> None:
        self._due_at_ms = self._clock.monotonic() + milliseconds


def superfluous(copies: Sequence[Copy], made: Copy) -> tuple[Copy, ...]:
    """Return the copies that go, now that ``made`` has passed its check.

    The 24 latest stay, and of each of the 30 latest days that have any the last one. Counted, not
    reckoned from today: a clock that jumps takes no good copy away.
    """
    newest_first = sorted(copies, key=lambda copy: (copy.made_at, copy.name), reverse=True)
    kept = {made, *newest_first[:LATEST_KEPT]}
    last_of_day: dict[object, Copy] = {}
    for copy in newest_first:
        last_of_day.setdefault(copy.made_at.date(), copy)
    kept.update(list(last_of_day.values())[:DAYS_KEPT])
    return tuple(copy for copy in newest_first if copy not in kept)
