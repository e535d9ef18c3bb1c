"""Work that must not hold up the screen: a few threads, and one way back to the GUI thread.

The runner owns the only signal and keeps every task until its answer was handed over: a QRunnable
with a signals object of its own loses results or crashes in PySide6. Answers wait in a queue and
the signal carries nothing, so that no Python object ever travels through Qt's event queue.
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

from posapp.domain.errors import PosError

T = TypeVar("T")

THREADS = 4
"""Few: busy Python threads take turns with the GUI thread. One may wait for PortOne while another
searches."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of a task: a value, or the exception that ended it."""

    value: T | None = None
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """The task ended without an exception."""
        return self.error is None


@dataclass(slots=True)
class _Newest:
    """The newest generation of one key."""

    generation: int = 0


@dataclass(slots=True, eq=False)
class _Task:
    """One piece of work. Its contents belong to the GUI thread, which empties it at the end: a
    thread that still has the task in hand then holds no widget, and never destroys one."""

    work: Callable[[], Any]
    done: Callable[[Outcome[Any]], None]
    owner: weakref.ref[QObject] | None
    newest: _Newest | None
    generation: int
    outcome: Outcome[Any] | None = None

    def empty(self) -> None:
        """Let go of everything that may hold a widget."""
        self.work = self.done = _nothing
        self.outcome = None

    @property
    def is_stale(self) -> bool:
        """A newer task with the same key was asked for."""
        return self.newest is not None and self.newest.generation != self.generation

    @property
    def is_wanted(self) -> bool:
        """Somebody still waits for the answer."""
        if self.is_stale:
            return False
        if self.owner is None:
            return True
        owner = self.owner()
        return owner is not None and shiboken6.isValid(owner)


class TaskRunner(QObject):
    """Runs work in a small pool of threads and hands the outcome over on the GUI thread.

    Belongs to the GUI thread. An exception of the tree ``PosError`` is an ordinary outcome; any
    other is a bug: it is logged with its trace, reaches ``unexpected``, and the outcome carries it
    so that a screen that shows "busy" can stop doing so.
    """

    unexpected = Signal(object)
    """An exception that is no ``PosError``; emitted on the GUI thread."""

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None, *, threads: int = THREADS) -> None:
        super().__init__(parent)
        self._limit = threads
        self._waiting: SimpleQueue[_Task | None] = SimpleQueue()
        self._finished: deque[_Task] = deque()
        self._tasks: set[_Task] = set()
        self._threads: list[threading.Thread] = []
        self._keys: weakref.WeakKeyDictionary[QObject, dict[Hashable, _Newest]]
        self._keys = weakref.WeakKeyDictionary()
        self._gate = threading.Lock()
        self._stopped = False
        self._arrived.connect(self._deliver)  # queued, because it is emitted in other threads

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[Outcome[T]], None],
        *,
        owner: QObject | None = None,
        key: Hashable = None,
    ) -> None:
        """Call ``work`` in a thread, then ``done`` with its outcome on the GUI thread.

        Args:
            owner: the outcome is dropped when this object is gone by then; the work is done all
                the same, because it may have an effect that somebody asked for.
            key: of several tasks with the same owner and key only the newest one's outcome is
                handed over, and older ones that have not begun are left undone: for reading
                only, as in a search while typing.
        """
        task = self._task(work, done, owner, key)
        self._tasks.add(task)
        self._waiting.put(task)
        if len(self._threads) < min(self._limit, len(self._tasks)):
            self._add_thread()

    def forget(self, owner: QObject, key: Hashable) -> None:
        """Drop the outcomes of everything that was asked with this owner and key so far."""
        self._newest(owner, key).generation += 1

    @property
    def busy(self) -> int:
        """How many tasks have not been handed over yet."""
        return len(self._tasks)

    def stop(self, wait_ms: int = 2_000) -> bool:
        """Take no answers any more and end the threads; ``False`` if one is still in its work.

        Threads are daemons: one that waits for the network does not hold up the end of the
        program. What it did is in the database or will be found again from there.
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
        done: Callable[[Outcome[Any]], None],
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

    def _newest(self, owner: QObject, key: Hashable) -> _Newest:
        return self._keys.setdefault(owner, {}).setdefault(key, _Newest())

    def _add_thread(self) -> None:
        name = f"task-{len(self._threads) + 1}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            task.outcome = Outcome() if task.is_stale else _outcome(task.work)
            with self._gate:
                if self._stopped:
                    return
                self._finished.append(task)
                try:
                    self._arrived.emit()
                except RuntimeError:  # the runner went away without stop(): nobody listens
                    return

    @Slot()
    def _deliver(self) -> None:
        # One answer for one signal: an exception in ``done`` reaches the exception hook and holds
        # up none of the others.
        if not self._finished:
            return
        self._hand_over(self._finished.popleft())

    def _hand_over(self, task: _Task) -> None:
        self._tasks.discard(task)
        outcome, done, wanted = task.outcome, task.done, task.is_wanted
        task.empty()
        if outcome is None:
            return
        if outcome.error is not None and not isinstance(outcome.error, PosError):
            self.unexpected.emit(outcome.error)
        if wanted:
            done(outcome)


class InstantRunner(TaskRunner):
    """For tests: does the work at once, on the calling thread, and hands over before it returns."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[Outcome[T]], None],
        *,
        owner: QObject | None = None,
        key: Hashable = None,
    ) -> None:
        """Call ``work`` and then ``done``, here and now."""
        task = self._task(work, done, owner, key)
        task.outcome = _outcome(work)
        self._hand_over(task)


def _nothing(*_: object) -> None:
    """Stands in an emptied task."""


def _outcome(work: Callable[[], T]) -> Outcome[T]:
    try:
        return Outcome(value=work())
    except PosError as error:
        return Outcome(error=error)
    except Exception as error:  # noqa: BLE001 - a bug must not end its thread: it is an outcome
        _log.exception("a task failed")
        return Outcome(error=error)
