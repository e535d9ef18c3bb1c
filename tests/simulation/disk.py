"""The disk as it is on a bad day, around the real store and its real file.

Every unit of work is a moment at which others may go on: before it begins and after it ended, never
inside it. A commit can fail before anything was kept, or after everything was (a disk that says no
may have written all the same), and the power can go at both moments.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from tests.simulation.stage import Killed, Stage, Task

BUSY_SECONDS = 5

TROUBLES = (
    EnvironmentCode.DISK_FULL,
    EnvironmentCode.DATABASE_IO,
    EnvironmentCode.DATABASE_BUSY,
    EnvironmentCode.READ_ONLY,
)


class Disk:
    """What happens to units of work, drawn from a seed.

    Attributes:
        trouble: what the disk says to every write now, or ``None``.
        fails_in: the write, counted from now, from which on ``trouble`` holds; ``fails_for`` so
            many writes.
        power_in: the moment (before or after a commit) at which the power goes, counted from now.
    """

    def __init__(
        self, stage: Stage, seed: str, say: Callable[..., None], kill: Callable[[], None]
    ) -> None:
        self._stage, self._say, self._kill = stage, say, kill
        self._chance = random.Random(f"{seed}/disk")
        self.trouble: EnvironmentCode | None = None
        self.fails_in = self.fails_for = self.power_in = 0
        self.struck: Counter[str] = Counter()
        self._units: set[Task] = set()

    def clear_up(self) -> None:
        self.trouble, self.fails_in, self.fails_for, self.power_in = None, 0, 0, 0

    def in_unit(self) -> bool:
        """Whether who is on holds a unit of work."""
        return self._stage.current in self._units

    def around(self, real: Any) -> DiskStore:
        return DiskStore(real, self)

    # Called by the store.

    def begin(self, *, writing: bool) -> None:
        """Others go on first; the lock may be somebody else's."""
        if writing or self._chance.random() < 0.2:
            self._stage.pause(self._chance.uniform(0.0005, 0.02))
        if self._stage.current.doomed:
            raise Killed
        if writing and self._failing() and self.trouble is EnvironmentCode.DATABASE_BUSY:
            self._stage.pause(BUSY_SECONDS)
            if self._failing():
                self._fail("at the beginning")

    def moment(self) -> None:
        """Just before or after a commit: the power may go."""
        if self.power_in:
            self.power_in -= 1
            if not self.power_in:
                self._kill()
                raise Killed

    def may_fail(self, when: str) -> None:
        """The commit may fail now."""
        if self._failing() and self._chance.random() < (0.75 if when == "before" else 1):
            self._fail(when)

    def written(self) -> None:
        """One write more was tried."""
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
        me = self._stage.current
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
    def reading(self) -> Iterator[Any]:
        self._disk.begin(writing=False)
        with self._disk.unit(), self._real.reading() as uow:
            yield uow

    @contextmanager
    def writing(self) -> Iterator[Any]:
        self._disk.begin(writing=True)
        with self._disk.unit(), self._real.writing() as uow:
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
