"""A faulty disk around the real store and its real file.

Other tasks may run before a unit of work begins and after it ended, never inside it. A commit can
fail before anything was stored, or after everything was (a disk that reports an error may have
written nevertheless), and the power can fail at both moments.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from tests.simulation.scheduler import Killed, Scheduler, Task

BUSY_SECONDS = 5

TROUBLES = (
    EnvironmentCode.DISK_FULL,
    EnvironmentCode.DATABASE_IO,
    EnvironmentCode.DATABASE_BUSY,
    EnvironmentCode.READ_ONLY,
)


class Disk:
    """Faults of units of work, drawn from a seed.

    Attributes:
        trouble: the error of every write at present, or ``None``.
        fails_in: the write, counted from now, from which on ``trouble`` holds, for ``fails_for``
            writes.
        power_in: the moment (before or after a commit) at which the power fails, counted from now.
    """

    def __init__(
        self, scheduler: Scheduler, seed: str, say: Callable[..., None], kill: Callable[[], None]
    ) -> None:
        self._scheduler, self._say, self._kill = scheduler, say, kill
        self._chance = random.Random(f"{seed}/disk")
        self.trouble: EnvironmentCode | None = None
        self.fails_in = self.fails_for = self.power_in = 0
        self.struck: Counter[str] = Counter()
        self._units: set[Task] = set()

    def clear_up(self) -> None:
        self.trouble, self.fails_in, self.fails_for, self.power_in = None, 0, 0, 0

    def in_unit(self) -> bool:
        """Whether the current task holds a unit of work."""
        return self._scheduler.current in self._units

    def around(self, real: Any) -> DiskStore:
        return DiskStore(real, self)

    # Called by the store.

    def begin(self, *, writing: bool) -> None:
        """Let other tasks run first; wait while another one holds the lock."""
        if writing or self._chance.random() < 0.2:
            self._scheduler.pause(self._chance.uniform(0.0005, 0.02))
        if self._scheduler.current.doomed:
            raise Killed
        if writing and self._failing() and self.trouble is EnvironmentCode.DATABASE_BUSY:
            self._scheduler.pause(BUSY_SECONDS)
            if self._failing():
                self._fail("at the beginning")

    def moment(self) -> None:
        """Fail the power if it is due, just before or after a commit."""
        if self.power_in:
            self.power_in -= 1
            if not self.power_in:
                self._kill()
                raise Killed

    def may_fail(self, when: str) -> None:
        """Fail the commit if a fault is due."""
        if self._failing() and self._chance.random() < (0.75 if when == "before" else 1):
            self._fail(when)

    def written(self) -> None:
        """Count one more write."""
        if self.trouble is None:
            return
        if self.fails_in:
            self.fails_in -= 1
        elif self.fails_for:
            self.fails_for -= 1
            if not self.fails_for:
                self.trouble = None

    def _failing(self) -> bool:
        return self.trouble is not None and not self.fails_in

    def _fail(self, when: str) -> None:
        trouble = self.trouble
        assert trouble is not None
        self.struck[trouble] += 1
        self._say("disk", trouble, when)
        self.written()
        raise EnvironmentProblem(trouble, "shop.db")

    @contextmanager
    def unit(self) -> Iterator[None]:
        me = self._scheduler.current
        self._units.add(me)
        try:
            yield
        finally:
            self._units.discard(me)


class DiskStore:
    """Port ``Store`` over the real one."""

    def __init__(self, real: Any, disk: Disk) -> None:
        self._real, self._disk = real, disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @contextmanager
    def snapshot(self) -> Iterator[Any]:
        self._disk.begin(writing=False)
        with self._disk.unit(), self._real.snapshot() as uow:
            yield uow

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        self._disk.begin(writing=True)
        with self._disk.unit(), self._real.transaction() as uow:
            real_commit = uow.commit

            def commit() -> None:
                self._disk.moment()
                self._disk.may_fail("before")
                real_commit()
                self._disk.may_fail("after")
                self._disk.written()
                self._disk.moment()

            uow.commit = commit
            yield uow
        self._disk.begin(writing=False)
