"""Threads that take turns on a simulated clock: real code, interleaved, and the same every time.

One task runs at a time. It runs until it waits (for time to pass, or for a signal); whoever is due
first goes on, and the clock moves there at once. Of several that are due in the same instant one is
drawn. Nothing sleeps: an hour without an event costs nothing. A task is a real thread, so that the
services run as they are, with their locks and their thread-local sessions; whoever waits hands the
turn over by itself, and goes on without a switch when nobody else is due before.
"""

from __future__ import annotations

import heapq
import random
import threading
from collections.abc import Callable

SECOND = 1_000_000
"""Microseconds: the stage counts in whole ones."""


class Killed(BaseException):
    """The power went: nothing after this runs."""


class Deadlock(AssertionError):
    """Everybody waits, and nobody will ever come."""


class Task:
    """Something that somebody does, step by step.

    Attributes:
        owner: what it ends with, if that ends (the program, when it is killed).
    """

    def __init__(self, name: str, work: Callable[[], object], owner: object) -> None:
        self.name, self.work, self.owner = name, work, owner
        self.doomed = False
        self.turn = 0
        self.gate = threading.Lock()
        self.gate.acquire()
        self.started = self.over = False


class Signal:
    """Something to wait for; stays set until somebody has waited for it."""

    def __init__(self) -> None:
        self.is_set = False
        self.waiting: list[Task] = []


class Stage:
    """Who is on, and what time it is.

    Attributes:
        now: microseconds since the beginning.
        current: whose turn it is.
    """

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed}/turns")
        self._due: list[tuple[int, float, int, int, Task]] = []
        self._count = 0
        self._tasks: dict[Task, None] = {}
        self._idle: list[_Hand] = []
        self._failure: BaseException | None = None
        self.now = 0
        self.main = self.current = Task("main", lambda: None, None)
        self.main.started = True

    # What tasks do.

    def spawn(
        self, name: str, work: Callable[[], object], *, after: float = 0, owner: object = None
    ) -> Task:
        """Let somebody begin, so many seconds from now."""
        task = Task(name, work, owner)
        self._tasks[task] = None
        self._put(task, after)
        return task

    def pause(self, seconds: float) -> None:
        """Let time go by.

        Raises:
            Killed: what this task belongs to has ended meanwhile.
        """
        me = self.current
        if not me.doomed:
            self._put(me, seconds)
            self._hand_over(me)
        self._rise(me)

    def wait(self, signal: Signal, seconds: float) -> bool:
        """Wait for a signal, so long at most; whether it came. Raises like ``pause``."""
        me = self.current
        if not me.doomed and not signal.is_set:
            signal.waiting.append(me)
            self._put(me, seconds)
            self._hand_over(me)
            if me in signal.waiting:
                signal.waiting.remove(me)
        self._rise(me)
        came, signal.is_set = signal.is_set, False
        return came

    def set(self, signal: Signal) -> None:
        """Wake who waits for it."""
        signal.is_set = True
        for task in signal.waiting:
            self._put(task, 0)
        signal.waiting.clear()

    def end(self, owner: object) -> None:
        """Everything of this owner ends where it waits; the caller goes on, if it is one of them,
        to its next wait."""
        for task in list(self._tasks):
            if task.owner is owner and not task.doomed:
                task.doomed = True
                if task is not self.current:
                    self._put(task, 0)

    def fail(self, failure: BaseException) -> None:
        """Raise it in the main task, whoever is on and whatever would catch it there."""
        if self._failure is None:
            self._failure = failure
            self._put(self.main, 0)

    def alive(self, owner: object) -> bool:
        """Whether anything of this owner is not over yet."""
        return any(task.owner is owner for task in self._tasks)

    def close(self) -> None:
        """Everything ends; called by the main task."""
        self._failure = None
        for task in list(self._tasks):
            task.doomed = True
            self._put(task, 0)
        while self._tasks:
            self._put(self.main, 0)
            self._hand_over(self.main)
        self._failure = None
        for hand in self._idle:
            hand.leave()

    # How turns are taken.

    def _put(self, task: Task, seconds: float) -> None:
        """Whatever it waited for before, this counts."""
        task.turn += 1
        self._count += 1
        at = self.now + max(0, int(seconds * SECOND))
        heapq.heappush(self._due, (at, self._chance.random(), self._count, task.turn, task))

    def _rise(self, me: Task) -> None:
        if me is self.main and self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        if me.doomed:
            raise Killed

    def _hand_over(self, me: Task) -> None:
        task = self._next()
        if task is me:
            return
        self._call(task)
        me.gate.acquire()

    def _next(self) -> Task:
        while self._due:
            at, _, _, turn, task = heapq.heappop(self._due)
            if turn == task.turn and not task.over:
                self.now = max(self.now, at)
                self.current = task
                return task
        raise Deadlock("everybody waits")

    def _call(self, task: Task) -> None:
        if task.started:
            task.gate.release()
            return
        task.started = True
        hand = self._idle.pop() if self._idle else _Hand(self)
        hand.take(task)

    def ended(self, task: Task, failure: BaseException | None) -> None:
        """A task is over: the next one is due (called by its thread)."""
        task.over = True
        del self._tasks[task]
        if failure is not None:
            self.fail(failure)
        self._call(self._next())


class _Hand:
    """A thread that carries out one task after the other."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._task: Task | None = None
        self._gate = threading.Lock()
        self._gate.acquire()
        threading.Thread(target=self._serve, name="hand", daemon=True).start()

    def take(self, task: Task) -> None:
        self._task = task
        self._gate.release()

    def leave(self) -> None:
        self._task = None
        self._gate.release()

    def _serve(self) -> None:
        while True:
            self._gate.acquire()
            task, self._task = self._task, None
            if task is None:
                return
            failure: BaseException | None = None
            try:
                if not task.doomed:
                    task.work()
            except Killed:
                pass
            except BaseException as error:  # noqa: BLE001 - raised in the main task
                failure = error
            self._stage._idle.append(self)
            self._stage.ended(task, failure)
