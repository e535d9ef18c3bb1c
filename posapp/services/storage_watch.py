"""The chore that tells of a full, failing or read-only disk, and notices when it is over."""

from __future__ import annotations

import logging
from collections.abc import Callable

from posapp.domain.errors import EnvironmentCode
from posapp.services.chores import STANDING, Done
from posapp.services.ports.machine import Clock
from posapp.services.ports.storage import Disk
from posapp.services.sync_board import Board, Happening, What

log = logging.getLogger(__name__)

EVERY_MS = 5_000
"""A database that was moved or replaced is told within ten seconds."""

IN_TROUBLE_MS = 5_000


def _nobody() -> None:
    """Nobody wants to know."""


class StorageWatch:
    """Brings the disk's trouble to the board, once, and its end.

    Args:
        failing: called once when the disk fails or the database is found damaged: what can still
            be read is copied then, and not at the next full hour.
    """

    name = "storage"

    def __init__(
        self, disk: Disk, board: Board, clock: Clock, failing: Callable[[], None] = _nobody
    ) -> None:
        self._disk = disk
        self._board = board
        self._clock = clock
        self._failing = failing
        self._due_at_ms = clock.monotonic()
        self._told: EnvironmentCode | None = None

    def due_in_ms(self) -> int:
        """Milliseconds until the next look; 0 when there is something that was not told yet."""
        trouble = self._disk.trouble()
        if trouble is not None and trouble.code is not self._told:
            return 0
        return max(0, self._due_at_ms - self._clock.monotonic())

    def run(self) -> Done:
        """Tell what is wrong, and see whether it is over."""
        self._tell()
        self._disk.mend()
        self._tell()
        pause = EVERY_MS if self._told is None else IN_TROUBLE_MS
        self._due_at_ms = self._clock.monotonic() + pause
        code = "" if self._told is None else self._told.value
        return Done((STANDING,) if self._board.update(storage_trouble=code) else ())

    def _tell(self) -> None:
        trouble = self._disk.trouble()
        code = None if trouble is None else trouble.code
        if code is self._told:
            return
        self._told = code
        if trouble is None:
            log.warning("the disk takes what is written again")
            return
        log.error("the disk: %s %s", trouble.code, trouble.detail)
        now = self._clock.now()
        self._board.note(Happening(now, What.STORAGE_TROUBLE, detail=trouble.code.value))
        if trouble.code in (EnvironmentCode.DATABASE_IO, EnvironmentCode.DATABASE_CORRUPT):
            self._failing()
