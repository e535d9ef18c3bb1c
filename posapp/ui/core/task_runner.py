"""Runs work off the GUI thread in a few threads and delivers results on the GUI thread.

The runner owns the only signal and keeps every task until its result is delivered: a QRunnable with
its own signals object loses results or crashes in PySide6. Results wait in a queue and the signal
carries nothing, so no Python object travels through Qt's event queue.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.errors import PosappError

T = TypeVar("T")

THREADS = 4
"""Pool size. Small, because busy Python threads compete with the GUI thread.

One thread may wait for PortOne while another searches.
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TaskResult(Generic[T]):
    """Result of a task: a value, or the exception that ended it."""

    value: T | None = None
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Return whether the task ended without an exception."""
        return self.error is None


@dataclass(slots=True)
class _Generation:
    """The newest generation of one key."""

    generation: int = 0


@dataclass(slots=True, eq=False)
class _Task:
    """One unit of work.

    Its contents belong to the GUI thread, which clears them at the end: a thread that still
    references the task then holds no widget and never destroys one.
    """

    work: Callable[[], Any]
    done: Callable[[TaskResult[Any]], None]
    owner: weakref.ref[QObject] | None
    newest: _Generation | None
    generation: int
    outcome: TaskResult[Any] | None = None

    def empty(self) -> None:
        """Drop every reference that may hold a widget."""
        self.work = self.done = _nothing
        self.outcome = None

    @property
    def is_stale(self) -> bool:
        """Return whether a newer task with the same key was started."""
        return self.newest is not None and self.newest.generation != self.generation

    @property
    def is_wanted(self) -> bool:
        """Return whether the result is still to be delivered: not stale, and the owner exists."""
        if self.is_stale:
            return False
        if self.owner is None:
            return True
        owner = self.owner()
        return owner is not None and shiboken6.isValid(owner)


class TaskRunner(QObject):
    """Runs work in a small pool of threads and delivers the results on the GUI thread.

    Belongs to the GUI thread. A ``PosappError`` is an ordinary result. Any other exception is a
    bug: it is logged with its traceback, emitted by ``unexpected``, and part of the result, so that
    a screen can end its busy state.
    """

    unexpected = Signal(object)
    """An exception that is no ``PosappError``; emitted on the GUI thread."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None, *, threads: int = THREADS) -> None:
        super().__init__(parent)
        self._limit = threads
        self._waiting: SimpleQueue[_Task | None] = SimpleQueue()
        self._finished: deque[_Task] = deque()
        self._tasks: set[_Task] = set()
        self._threads: list[threading.Thread] = []
        self._keys: weakref.WeakKeyDictionary[QObject, dict[Hashable, _Generation]]
        self._keys = weakref.WeakKeyDictionary()
        self._gate = threading.Lock()
        self._stopped = False
        self._arrived.connect(self._deliver)  # queued, because it is emitted in other threads

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[TaskResult[T]], None],
        *,
        owner: QObject | None = None,
        key: Hashable = None,
    ) -> None:
        """Call ``work`` in a thread, then ``done`` with its result on the GUI thread.

        Args:
            owner: the result is dropped if this object no longer exists; the work is done all the
                same, because it may have a wanted effect.
            key: of several tasks with the same owner and key only the newest one's result is
                delivered, and older ones that have not begun are skipped. For reads only, as in a
                search while typing.
        """
        task = self._task(work, done, owner, key)
        self._tasks.add(task)
        self._waiting.put(task)
        if len(self._threads) < min(self._limit, len(self._tasks)):
            self._add_thread()

    def forget(self, owner: QObject, key: Hashable) -> None:
        """Drop the results of all tasks started so far with this owner and key."""
        self._newest(owner, key).generation += 1

    @property
    def busy(self) -> int:
        """Return the number of tasks whose result is not yet delivered."""
        return len(self._tasks)

    def stop(self, wait_ms: int = 2_000) -> bool:
        """Drop all results and end the threads; return ``False`` if one is still working.

        Threads are daemons: one that waits for the network does not delay the end of the program.
        What it did is in the database or is recovered from there.
        """
        with self._gate:
            self._stopped = True
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(wait_ms / 1000 / max(1, len(self._threads)))
        self._finished.clear()
        if any(thread.is_alive() for thread in self._threads):
            return False
        self._tasks.clear()
        return True

    def _task(
        self,
        work: Callable[[], Any],
        done: Callable[[TaskResult[Any]], None],
        owner: QObject | None,
        key: Hashable,
    ) -> _Task:
        newest = None
        generation = 0
        if key is not None:
            newest = self._newest(owner if owner is not None else self, key)
            newest.generation += 1
            generation = newest.generation
        reference = weakref.ref(owner) if owner is not None else None
        return _Task(work, done, reference, newest, generation)

    def _newest(self, owner: QObject, key: Hashable) -> _Generation:
        return self._keys.setdefault(owner, {}).setdefault(key, _Generation())

    def _add_thread(self) -> None:
        name = f"task-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            task.outcome = TaskResult() if task.is_stale else _outcome(task.work)
            with self._gate:
                if self._stopped:
                    return
                self._finished.append(task)
                try:
                    self._arrived.emit()
                except RuntimeError:  # the runner was destroyed without stop()
                    return

    @Slot()
    def _deliver(self) -> None:
        # One result for each signal: an exception in ``done`` reaches the exception hook and does
        # not block the other results.
        if not self._finished:
            return
        self._hand_over(self._finished.popleft())

    def _hand_over(self, task: _Task) -> None:
        self._tasks.discard(task)
        outcome, done, wanted = task.outcome, task.done, task.is_wanted
        task.empty()
        if outcome is None:
            return
        if outcome.error is not None and not isinstance(outcome.error, PosappError):
            self.unexpected.emit(outcome.error)
        if wanted:
            done(outcome)


class InlineTaskRunner(TaskRunner):
    """For tests: does the work on the calling thread and delivers the result before it returns."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[TaskResult[T]], None],
        *,
        owner: QObject | None = None,
        key: Hashable = None,
    ) -> None:
        """Call ``work`` and then ``done`` immediately."""
        task = self._task(work, done, owner, key)
        task.outcome = _outcome(work)
        self._hand_over(task)


def _nothing(*_: object) -> None:
    """Do nothing; replaces the callables of a cleared task."""


def _outcome(work: Callable[[], T]) -> TaskResult[T]:
    try:
        return TaskResult(value=work())
    except PosappError as error:
        return TaskResult(error=error)
    except Exception as error:  # noqa: BLE001 - a bug must not end its thread: it is an outcome
        _log.exception("a task failed")
        return TaskResult(error=error)
