"""Threads that take turns on a simulated clock: real code, interleaved deterministically.

One task runs at a time, until it waits (for time to pass, or for a signal). The task that is due
first runs next, and the clock moves there at once; of several due in the same instant one is drawn.
Nothing sleeps: an hour without an event costs nothing. A task is a real thread, so that the
services run unchanged, with their locks and their thread-local sessions. A waiting task passes the
turn on itself, and continues without a switch when no other task is due before.
"""

from __future__ import annotations

import heapq
import random
import threading
from collections.abc import Callable

SECOND = 1_000_000
"""Microseconds: the scheduler counts in whole ones."""


class Killed(BaseException):
    """The power failed: nothing after this runs."""


class Deadlock(AssertionError):
    """Every task waits, and none is due."""


class Task:
    """A piece of work that runs in turns.

    Attributes:
        owner: object whose end ends the task too (the program, when it is killed).
    """

    def __init__(self, name: str, work: Callable[[], object], owner: object) -> None:
        self.name, self.work, self.owner = name, work, owner
        self.doomed = False
        self.turn = 0
        self.gate = threading.Lock()
        self.gate.acquire()
        self.started = self.over = False


class Signal:
    """A signal to wait for; it stays set until a task has waited for it."""

    def __init__(self) -> None:
        self.is_set = False
        self.waiting: list[Task] = []


class Scheduler:
    """Runs tasks in turns on one simulated clock.

    Attributes:
        now: microseconds since the beginning.
        current: the running task.
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

    # Called by tasks.

    def spawn(
        self, name: str, work: Callable[[], object], *, after: float = 0, owner: object = None
    ) -> Task:
        """Start a task ``after`` these seconds."""
        task = Task(name, work, owner)
        self._tasks[task] = None
        self._put(task, after)
        return task

    def pause(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            Killed: the task's owner has ended meanwhile.
        """
        me = self.current
        if not me.doomed:
            self._put(me, seconds)
            self._hand_over(me)
        self._rise(me)

    def wait(self, signal: Signal, seconds: float) -> bool:
        """Wait for a signal, at most these seconds; return whether it was set. Raises like
        ``pause``."""
        me = self.current
        if not me.doomed and not signal.is_set:
            signal.waiting.append(me)
            self._put(me, seconds)
            self._hand_over(me)
            if me in signal.waiting:
                signal.waiting.remove(me)
        self._rise(me)
        received, signal.is_set = signal.is_set, False
        return received

    def set(self, signal: Signal) -> None:
        """Set the signal and wake the task that waits for it."""
        signal.is_set = True
        for task in signal.waiting:
            self._put(task, 0)
        signal.waiting.clear()

    def end(self, owner: object) -> None:
        """End all tasks of this owner where they wait; the caller, if it is one of them, runs on to
        its next wait."""
        for task in list(self._tasks):
            if task.owner is owner and not task.doomed:
                task.doomed = True
                if task is not self.current:
                    self._put(task, 0)

    def fail(self, failure: BaseException) -> None:
        """Raise it in the main task, from any task and past any handler there."""
        if self._failure is None:
            self._failure = failure
            self._put(self.main, 0)

    def alive(self, owner: object) -> bool:
        """Whether a task of this owner has not ended yet."""
        return any(task.owner is owner for task in self._tasks)

    def close(self) -> None:
        """End all tasks; called by the main task."""
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

    # Turns.

    def _put(self, task: Task, seconds: float) -> None:
        """Set when the task is due; replaces an earlier wait."""
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
        """End a task and run the next one (called by its thread)."""
        task.over = True
        del self._tasks[task]
        if failure is not None:
            self.fail(failure)
        self._call(self._next())


class _Hand:
    """A thread that runs one task after another."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
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
            self._scheduler._idle.append(self)
            self._scheduler.ended(task, failure)
